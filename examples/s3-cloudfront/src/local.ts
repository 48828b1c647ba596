// `pnpm --filter example-s3-cloudfront local`: publish as CI does, serve through a CDN, update phones. No account.
import { indexKey } from '@kivyx-ota/manifest';
import { samplePhone } from '@kivyx-ota/runtime-tests/sample-app';
import { join } from 'node:path';
import { startLocalCloud } from './local-cloud.ts';
import { SCOPE } from './scope.ts';

const cloud = await startLocalCloud();
try {
  console.log(`The CDN answers at ${cloud.url}`);
  process.stdout.write(await cloud.publish('1.0.0'));
  process.stdout.write(await cloud.publish('1.0.1'));
  for (const name of ['one', 'two']) {
    const before = cloud.requests.length;
    const phone = samplePhone({
      baseUrl: cloud.url,
      directory: join(cloud.folder, name),
      embedded: '1.0.0',
      publicKeyPem: cloud.publicKeyPem,
      scope: SCOPE,
    });
    await phone.start();
    const { fullBytes, how, receivedBytes } = await phone.update();
    const running = new TextDecoder().decode((await phone.start()).slice(-15));
    console.log(
      `Phone ${name} took a ${how}: ${receivedBytes} of ${fullBytes} bytes, and runs ${running} The bucket saw ${cloud.requests.length - before} requests`,
    );
  }
  if (process.argv.includes('--serve')) {
    console.log(`Try: curl -i ${cloud.url}${indexKey(SCOPE)}   (Ctrl-C ends it)`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} finally {
  await cloud.close();
}
