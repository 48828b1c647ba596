// `pnpm --filter example-lambda-dynamodb local`: the function behind its gateway, two releases, a phone. `--serve` leaves it up.
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCOPE, startLocalCloud } from './local-cloud.ts';

const stay = process.argv.includes('--serve');
const cloud = await startLocalCloud(stay ? { port: 8788 } : {});
if (cloud === undefined) {
  console.error(
    'DynamoDB Local needs Java, and there is none here (Debian: apt-get install default-jre-headless)',
  );
  process.exit(2);
}
const disk = await mkdtemp(join(tmpdir(), 'phone-'));
try {
  console.log(`The function answers at ${cloud.url}`);
  await cloud.publish(sampleRelease('1.0.0'));
  const release = await cloud.publish(sampleRelease('1.0.1'));
  console.log('Published 1.0.0 and 1.0.1: files in S3, rows in DynamoDB, the index signed by KMS');
  const phone = samplePhone({
    baseUrl: cloud.url,
    directory: disk,
    embedded: '1.0.0',
    publicKeyPem: cloud.publicKeyPems,
    scope: SCOPE,
  });
  await phone.start();
  const { how, fullBytes, receivedBytes } = await phone.update();
  console.log(`The phone took a ${how}: ${receivedBytes} of ${fullBytes} bytes`);
  const running = await phone.start();
  console.log(`It runs ${new TextDecoder().decode(running.slice(-15))}`);
  if (stay) {
    console.log('The requests of docs/api.md work in another terminal after this (Ctrl-C here ends it):');
    console.log(`export OTA=${cloud.url.slice(0, -1)} KEY=${cloud.apiKey} ID=${release.releaseId}`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} finally {
  await cloud.close();
  await rm(disk, { force: true, recursive: true });
}
