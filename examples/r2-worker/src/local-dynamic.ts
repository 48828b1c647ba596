// `pnpm --filter example-r2-worker local:dynamic`: the control plane in workerd over D1 and R2, two releases, a phone, a ramp.
import { generateKeyPair } from '@kivyx-ota/cose/sign';
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDynamicCloud } from './dynamic-cloud.ts';
import { publishTo, SCOPE } from './publish.ts';

const stay = process.argv.includes('--serve');
const [indexKeys, releaseKeys] = [generateKeyPair(), generateKeyPair()];
const cloud = await startDynamicCloud({ indexKeys, releaseKeys, ...(stay ? { port: 8787 } : {}) });
const disk = await mkdtemp(join(tmpdir(), 'phone-'));
try {
  console.log(`The Worker answers at ${cloud.url}`);
  const apiKey = await cloud.createApiKey(['read', 'rollout', 'publish', 'keys']);
  const target = { apiKey, baseUrl: cloud.url, releaseKeys, storage: cloud.storage };
  await publishTo(target, sampleRelease('1.0.0'));
  const release = await publishTo(target, { ...sampleRelease('1.0.1'), rolloutBasisPoints: 0 });
  console.log('Published 1.0.0, and 1.0.1 to nobody yet');
  const phone = samplePhone({
    baseUrl: cloud.url,
    directory: disk,
    embedded: '1.0.0',
    // The app carries both: one signs releases in CI, the other the index in the Worker.
    publicKeyPem: [releaseKeys.publicKeyPem, indexKeys.publicKeyPem],
    scope: SCOPE,
  });
  await phone.start();
  console.log(`The phone: ${(await phone.update()).reasons.join(', ')}`);
  const ramp = await cloud.post('rollout', apiKey, { percent: 100, release_id: release.releaseId });
  console.log(`Rolled out to 100 %: ${ramp.status}`);
  // A head that was read is good for a second.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const { how, fullBytes, receivedBytes } = await phone.update();
  console.log(`The phone took a ${how}: ${receivedBytes} of ${fullBytes} bytes`);
  const running = await phone.start();
  console.log(`It runs ${new TextDecoder().decode(running.slice(-15))}`);
  if (stay) {
    console.log('The requests of docs/api.md work in another terminal after this (Ctrl-C here ends it):');
    console.log(`export OTA=${cloud.url.slice(0, -1)} KEY=${apiKey} ID=${release.releaseId}`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} finally {
  await cloud.close();
  await rm(disk, { force: true, recursive: true });
}
