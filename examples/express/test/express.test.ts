import { generateKeyPair } from '@kivyx-ota/cose/sign';
import { createApiKey } from '@kivyx-ota/server';
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../src/create-app.ts';
import { type OpenDatabase, openDatabase } from '../src/open-database.ts';
import { publishTo, type PublishTarget } from '../src/publish.ts';
import { readSettings } from '../src/settings.ts';

const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
const CHANNEL = { app: 'cafe', channel: 'production', platform: 'android' };
const disk = mkdtempSync(join(tmpdir(), 'kivyx-express-'));
const keys = generateKeyPair();
let opened: OpenDatabase;
let server: Server;
let target: PublishTarget;

beforeAll(async () => {
  opened = await openDatabase(`sqlite:${join(disk, 'ota.db')}`);
  const directory = join(disk, 'bucket');
  server = createApp(
    {
      deviceSecret: new Uint8Array(32).fill(7),
      directory,
      indexKeyPem: keys.privateKeyPem,
      project: 'acme',
      releaseKeyPems: [keys.publicKeyPem],
    },
    opened.database,
  ).listen(0);
  await new Promise((resolve) => server.once('listening', resolve));
  const { key: apiKey } = await createApiKey(
    opened.database,
    { label: 'ci', scopes: ['read', 'rollout', 'publish'] },
    { actor: 'test', nowMs: Date.now() },
  );
  target = {
    apiKey,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ota/`,
    directory,
    releaseKeyPem: keys.privateKeyPem,
    releasePublicKeyPem: keys.publicKeyPem,
    scope: SCOPE,
  };
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await opened.close();
  rmSync(disk, { force: true, recursive: true });
});

const post = (path: string, body: object, apiKey = target.apiKey): Promise<Response> =>
  fetch(target.baseUrl + path, {
    body: JSON.stringify({ ...CHANNEL, ...body }),
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    method: 'POST',
  });
const phone = (name: string) =>
  samplePhone({
    baseUrl: target.baseUrl,
    directory: join(disk, name),
    embedded: '1.0.0',
    publicKeyPem: keys.publicKeyPem,
    scope: SCOPE,
  });

describe('the control plane under /ota', () => {
  it('publishes, ramps, and a phone updates by a patch; revoked, it goes back', async () => {
    await publishTo(target, sampleRelease('1.0.0'));
    const { releaseId } = await publishTo(target, { ...sampleRelease('1.0.1'), rolloutBasisPoints: 0 });
    const one = phone('one');
    await one.start();
    expect(await one.update()).toMatchObject({
      reasons: ['R_NOT_IN_ROLLOUT', 'R_NOT_NEWER'],
      updated: false,
    });
    expect((await post('rollout', { percent: 100, release_id: releaseId })).status).toBe(200);
    // A head that was read is good for a second.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await one.update()).toMatchObject({ how: 'patch', updated: true });
    await one.start();
    expect((await post(`releases/${releaseId}/revoke`, {})).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await one.update()).toMatchObject({ mandatory: true, updated: true });
  });

  it('keeps Express’s own routes, sees the peer’s address, and answers errors as problem+json', async () => {
    const root = new URL('/', target.baseUrl);
    expect(await (await fetch(root)).text()).toContain('An app of your own');
    const refused = await post('rollout', { percent: 1, release_id: 'x' }, 'kvx_0123456789abcdef_forged');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    const told = await fetch(`${target.baseUrl}telemetry`, {
      body: JSON.stringify({ ...CHANNEL, device_id: 'd-1', event_type: 'install', version_code: 2 }),
      headers: { 'content-type': 'application/json' },
      method: 'POST',
    });
    expect(told.status).toBe(202);
    expect(await told.json()).toMatchObject({ accepted: 1 });
  });

  it('a body of a megabyte, a path that climbs, a method that is not there', async () => {
    const large = await fetch(`${target.baseUrl}telemetry`, {
      body: 'x'.repeat(1_000_000),
      headers: { 'content-type': 'application/json' },
      method: 'POST',
    });
    expect(large.status).toBe(413);
    expect((await fetch(`${target.baseUrl}objects/..%2f..%2fota.db`)).status).toBe(404);
    expect((await fetch(`${target.baseUrl}rollout`, { method: 'DELETE' })).status).toBe(404);
  });
});

describe('settings', () => {
  it('say what is missing and what it is for', () => {
    expect(() => readSettings({})).toThrow('OTA_DEVICE_SECRET is not set');
    expect(() => readSettings({ OTA_DEVICE_SECRET: 'abcd' })).toThrow('too short');
  });

  it('take several release keys from one variable', () => {
    const { releaseKeyPems } = readSettings({
      OTA_DEVICE_SECRET: '00'.repeat(32),
      OTA_INDEX_KEY: keys.privateKeyPem,
      OTA_PROJECT: 'acme',
      OTA_RELEASE_KEYS: `${keys.publicKeyPem}\n${generateKeyPair().publicKeyPem}`,
    });
    expect(releaseKeyPems).toHaveLength(2);
  });

  it('a database of another kind is refused', async () => {
    await expect(openDatabase('mysql://localhost/x')).rejects.toThrow('expected sqlite');
  });
});

it('one command runs it all', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@kivyx-ota/source', '--import', 'tsx', join(import.meta.dirname, '../src/local.ts')],
    { cwd: join(import.meta.dirname, '..') },
  );
  expect(stdout).toContain('The phone: R_NOT_IN_ROLLOUT, R_NOT_NEWER');
  expect(stdout).toContain('Rolled out to 100 %: 200');
  expect(stdout).toMatch(/The phone took a patch: \d+ of \d+ bytes/);
}, 60_000);
