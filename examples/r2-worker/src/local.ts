// `pnpm --filter example-r2-worker local`: publish to R2, serve by the Worker, update a phone. `--serve` leaves the Worker up.
import { generateKeyPair } from '@kivyx-ota/cose/sign';
import { indexKey } from '@kivyx-ota/manifest';
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocalCloud } from './local-cloud.ts';
import { publisherFor, SCOPE } from './publish.ts';

const stay = process.argv.includes('--serve');
const cloud = await startLocalCloud(stay ? { port: 8787 } : {});
const disk = await mkdtemp(join(tmpdir(), 'phone-'));
try {
  console.log(`The Worker answers at ${cloud.url}`);
  const keys = generateKeyPair();
  const publisher = publisherFor(cloud.storage, keys);
  const phone = samplePhone({
    baseUrl: cloud.url,
    directory: disk,
    embedded: '1.0.0',
    publicKeyPem: keys.publicKeyPem,
    scope: SCOPE,
  });
  for (const version of ['1.0.0', '1.0.1']) {
    const { release, sequence } = await publisher.publish(sampleRelease(version));
    console.log(`Published ${version}: index ${sequence}, ${release.patches.length} patches`);
  }
  await phone.start();
  const { how, fullBytes, receivedBytes, updated } = await phone.update();
  const running = await phone.start();
  console.log(
    `The phone ${updated ? `took a ${how}: ${receivedBytes} of ${fullBytes} bytes` : 'found nothing'}`,
  );
  console.log(`It runs ${new TextDecoder().decode(running.slice(-15))}`);
  const { problems } = await publisher.verify();
  console.log(`Channel verified, ${problems.length} problems`);
  if (stay) {
    console.log(`Try: curl -i ${cloud.url}${indexKey(SCOPE)}   (Ctrl-C ends it)`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} finally {
  await cloud.close();
  await rm(disk, { force: true, recursive: true });
}
