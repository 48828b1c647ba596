// `pnpm --filter example-express local`: server, two releases, a phone, a ramp; on this machine, without any set-up.
import { generateKeyPair } from '@kivyx-ota/cose/sign';
import { createApiKey } from '@kivyx-ota/server';
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from './create-app.ts';
import { openDatabase } from './open-database.ts';
import { publishTo } from './publish.ts';

const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
const stay = process.argv.includes('--serve');
const disk = await mkdtemp(join(tmpdir(), 'ota-express-'));
const keys = generateKeyPair();
const { database, close } = await openDatabase(
  process.env['DATABASE_URL'] ?? `sqlite:${join(disk, 'ota.db')}`,
);
const settings = {
  deviceSecret: new Uint8Array(randomBytes(32)),
  directory: join(disk, 'bucket'),
  indexKeyPem: keys.privateKeyPem,
  project: SCOPE.project,
  releaseKeyPems: [keys.publicKeyPem],
};
const server = createApp(settings, database).listen(stay ? 3000 : 0);
await new Promise((resolve) => server.once('listening', resolve));
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ota/`;
console.log(`The server answers at ${baseUrl}`);
try {
  const { key: apiKey } = await createApiKey(
    database,
    { label: 'ci', scopes: ['read', 'rollout', 'publish', 'keys'] },
    { actor: 'local', nowMs: Date.now() },
  );
  const target = {
    apiKey,
    baseUrl,
    directory: settings.directory,
    releaseKeyPem: keys.privateKeyPem,
    releasePublicKeyPem: keys.publicKeyPem,
    scope: SCOPE,
  };
  await publishTo(target, sampleRelease('1.0.0'));
  const release = await publishTo(target, { ...sampleRelease('1.0.1'), rolloutBasisPoints: 0 });
  console.log('Published 1.0.0, and 1.0.1 to nobody yet');
  const phone = samplePhone({
    baseUrl,
    directory: join(disk, 'phone'),
    embedded: '1.0.0',
    publicKeyPem: keys.publicKeyPem,
    scope: SCOPE,
  });
  await phone.start();
  console.log(`The phone: ${(await phone.update()).reasons.join(', ')}`);
  const { app, channel, platform } = SCOPE;
  const ramp = await fetch(`${baseUrl}rollout`, {
    body: JSON.stringify({ app, channel, percent: 100, platform, release_id: release.releaseId }),
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    method: 'POST',
  });
  console.log(`Rolled out to 100 %: ${ramp.status}`);
  const { how, fullBytes, receivedBytes } = await phone.update();
  console.log(`The phone took a ${how}: ${receivedBytes} of ${fullBytes} bytes`);
  await phone.start();
  if (stay) {
    console.log('The requests of docs/api.md work in another terminal after this (Ctrl-C here ends it):');
    console.log(`export OTA=${baseUrl.slice(0, -1)} KEY=${apiKey} ID=${release.releaseId}`);
    await new Promise((resolve) => process.once('SIGINT', resolve));
  }
} finally {
  server.closeAllConnections();
  server.close();
  await close();
  await rm(disk, { force: true, recursive: true });
}
