import { parsePublicKey } from '@kivyx-ota/cose';
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { rootKey } from '@kivyx-ota/manifest';
import { signTrustRoot } from '@kivyx-ota/manifest/sign';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { createApiKey, type GuardrailOptions } from '@kivyx-ota/server';
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import Database from 'libsql';
import pg from 'pg';
import { exec, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPostgres } from '../../../packages/database-sql/test/postgres-server.ts';
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
let place: string;

const postgres = await startPostgres(async (port) => {
  const client = new pg.Client({ connectionString: `postgres://kivyx@127.0.0.1:${port}/postgres` });
  await client.connect();
  await client.end();
});
if (postgres === undefined) {
  if (process.env['CI'] !== undefined) throw new Error('CI must have PostgreSQL (apt: postgresql)');
  console.warn('Skipped: examples/express on PostgreSQL, which is not installed (apt: postgresql)');
}
const DATABASES = [
  { name: 'SQLite', url: `sqlite:${join(disk, 'ota.db')}` },
  ...(postgres === undefined
    ? []
    : [{ name: 'PostgreSQL', url: `postgres://kivyx@127.0.0.1:${postgres.port}/postgres` }]),
];

const start = async (
  url: string,
  epoch = 0,
  folder = mkdtempSync(join(disk, 'run-')),
  guardrail: GuardrailOptions = {},
): Promise<void> => {
  place = folder;
  opened = await openDatabase(url);
  const directory = join(place, 'bucket');
  server = createApp(
    {
      deviceSecret: new Uint8Array(32).fill(7),
      directory,
      epoch,
      guardrail,
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
};
const stop = async (): Promise<void> => {
  server.closeAllConnections();
  server.close();
  await opened.close();
};
afterAll(async () => {
  await postgres?.stop();
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
    directory: join(place, name),
    embedded: '1.0.0',
    publicKeyPem: keys.publicKeyPem,
    scope: SCOPE,
  });

describe.each(DATABASES)('the control plane under /ota, on $name', ({ url }) => {
  beforeAll(() => start(url));
  afterAll(stop);

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

describe('a release that crashes', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  beforeAll(async () => {
    process.env['TRUST_PROXY'] = '1';
    await start(`sqlite:${join(disk, 'crashing.db')}`, 0, undefined, { judgeEverySeconds: 0 });
  });
  afterAll(async () => {
    delete process.env['TRUST_PROXY'];
    warn.mockRestore();
    await stop();
  });

  it('is paused when devices of several networks say so, and somebody is told', async () => {
    await publishTo(target, sampleRelease('1.0.0'));
    const { releaseId } = await publishTo(target, sampleRelease('1.0.1'));
    for (let i = 0; i < 30; i++) {
      const told = await fetch(`${target.baseUrl}telemetry`, {
        body: JSON.stringify({ ...CHANNEL, device_id: `d-${i}`, event_type: 'crash', version_code: 2 }),
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `10.${i}.0.1` },
        method: 'POST',
      });
      expect(told.status).toBe(202);
    }
    const listed = await fetch(`${target.baseUrl}releases?${String(new URLSearchParams(CHANNEL))}`, {
      headers: { authorization: `Bearer ${target.apiKey}` },
    });
    expect(await listed.json()).toMatchObject({
      releases: [{ release: { releaseId, status: 'paused' } }, { release: { status: 'active' } }],
    });
    expect(warn.mock.calls).toEqual([[expect.stringContaining('"event":"guardrail-pause"')]]);
  });
});

/** A database, and its backup and restore by the words of docs/runbook.md. */
interface Restorable {
  readonly url: string;
  /** From beside the running server. */
  backUp(): Promise<void>;
  /** While it does not run; gives the address from then on. */
  restore(): Promise<string>;
}

const runbook = readFileSync(join(import.meta.dirname, '../../../docs/runbook.md'), 'utf8');

function restorableSqlite(): Restorable {
  const [file, backup] = [join(disk, 'live.db'), join(disk, 'backup.db')];
  const statement = /sqlite3 ota\.db "(vacuum into 'backup\.db')"/.exec(runbook)?.[1] ?? '';
  return {
    backUp: async () => {
      // What the server wrote last is in `-wal` only.
      const beside = new Database(file);
      beside.exec(statement.replace('backup.db', backup));
      beside.close();
    },
    // Under a name of its own: this process may still hold the file that is gone, which a server that was restarted does not.
    restore: async () => `sqlite:${backup}`,
    url: `sqlite:${file}`,
  };
}

async function restorablePostgres(server: string): Promise<Restorable> {
  const url = server.replace(/postgres$/, 'restorable');
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query('create database restorable');
  await client.end();
  const command = (program: string) => async () => {
    const words = new RegExp(`\`(${program} [^\`]+)\``).exec(runbook)?.[1] ?? `no ${program} in the runbook`;
    await promisify(exec)(words, { cwd: disk, env: { ...process.env, DATABASE_URL: url } });
    return url;
  };
  const backUp = command('pg_dump');
  return { backUp: async () => void (await backUp()), restore: command('pg_restore'), url };
}

describe('a database that comes from a backup', () => {
  it.each(DATABASES)(
    'is behind what devices saw, so they refuse it until a root opens a new epoch: $name',
    async ({ name, url }) => {
      const database = name === 'SQLite' ? restorableSqlite() : await restorablePostgres(url);
      await start(database.url);
      const folder = place;
      await publishTo(target, sampleRelease('1.0.0'));
      await database.backUp();
      await publishTo(target, sampleRelease('1.0.1'));
      const one = phone('one');
      await one.start();
      expect(await one.update()).toMatchObject({ updated: true });
      await one.start();
      await stop();

      const restored = await database.restore();
      await start(restored, 0, folder);
      await expect(phone('one').update()).rejects.toMatchObject({ code: 'ERR_CLIENT_ROLLBACK_ATTACK' });
      await stop();

      // `kivyx root create` and `kivyx root publish` of the runbook.
      const key = parsePublicKey(keys.publicKeyPem);
      const role = { kidHexes: [key.kidHex], threshold: 1 };
      const nowSeconds = Math.floor(Date.now() / 1000);
      const { envelope } = await signTrustRoot(
        {
          expiresAtSeconds: nowSeconds + 86_400,
          issuedAtSeconds: nowSeconds,
          keys: [key],
          project: 'acme',
          revokedReleaseIds: [],
          roles: { index: [role], release: role, root: role },
          version: 1,
        },
        [createLocalSigner(keys.privateKeyPem)],
      );
      await fsStorage({ directory: join(folder, 'bucket') }).put(rootKey(1), envelope, { ifAbsent: true });
      await start(restored, 1, folder);
      await publishTo(target, sampleRelease('1.0.2'));
      expect(await phone('one').update()).toMatchObject({ updated: true });
      await stop();
    },
    60_000,
  );
});

describe('settings', () => {
  it('say what is missing and what it is for', () => {
    expect(() => readSettings({})).toThrow('OTA_DEVICE_SECRET is not set');
    expect(() => readSettings({ OTA_DEVICE_SECRET: 'abcd' })).toThrow('too short');
  });

  it('say which one makes no sense', () => {
    const env = {
      OTA_DEVICE_SECRET: '00'.repeat(32),
      OTA_INDEX_KEY: keys.privateKeyPem,
      OTA_PROJECT: 'acme',
      OTA_RELEASE_KEYS: keys.publicKeyPem,
    };
    for (const [name, value, words] of [
      ['OTA_EPOCH', 'two', 'OTA_EPOCH is a whole number'],
      ['PORT', '-1', 'PORT is a whole number'],
      ['OTA_INDEX_KEY', keys.publicKeyPem, 'OTA_INDEX_KEY: Expected one PEM block "PRIVATE KEY"'],
      ['OTA_RELEASE_KEYS', 'a key', 'OTA_RELEASE_KEYS: Expected PEM'],
    ] as const)
      expect(() => readSettings({ ...env, [name]: value })).toThrow(words);
    const oneLine = { ...env, OTA_INDEX_KEY: keys.privateKeyPem.replaceAll('\n', '\\n') };
    expect(readSettings(oneLine)).toEqual(readSettings(env));
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
    await expect(openDatabase('sqlite:/nowhere/ota.db')).rejects.toThrow('/nowhere/ota.db cannot be opened');
  });
});

it.each(DATABASES)(
  'one command runs it all, on $name',
  async ({ name, url }) => {
    const home = join(import.meta.dirname, '..');
    const { scripts } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    // Without the variable it is SQLite in a folder of its own; the server has a database for it.
    const env = { ...process.env };
    delete env['DATABASE_URL'];
    if (name === 'PostgreSQL') {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query('create database one_command');
      await client.end();
      env['DATABASE_URL'] = url.replace(/postgres$/, 'one_command');
    }
    const { stdout } = await promisify(exec)(scripts['local'] as string, { cwd: home, env });
    expect(stdout).toContain('The phone: R_NOT_IN_ROLLOUT, R_NOT_NEWER');
    expect(stdout).toContain('Rolled out to 100 %: 200');
    expect(stdout).toMatch(/The phone took a patch: \d+ of \d+ bytes/);
  },
  60_000,
);

it('the server of `start` comes up with its settings, takes a key of `admin-key`, and ends when it is told to', async () => {
  const home = join(import.meta.dirname, '..');
  const folder = mkdtempSync(join(disk, 'start-'));
  const env = {
    ...process.env,
    DATABASE_URL: `sqlite:${join(folder, 'ota.db')}`,
    OTA_DEVICE_SECRET: '07'.repeat(32),
    OTA_DIRECTORY: join(folder, 'bucket'),
    OTA_INDEX_KEY: keys.privateKeyPem,
    OTA_PROJECT: 'acme',
    OTA_RELEASE_KEYS: keys.publicKeyPem,
    PORT: '0',
  };
  const node = ['--conditions=@kivyx-ota/source', '--import', 'tsx'];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...node, 'src/admin-key.ts', '--', 'ops', 'read'],
    { cwd: home, env },
  );
  const start = (changed: NodeJS.ProcessEnv = {}) =>
    spawn(process.execPath, [...node, 'src/main.ts'], { cwd: home, env: { ...env, ...changed } });
  const child = start();
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const baseUrl = /http:\S+/.exec(String(line))?.[0] ?? '';
    const ask = (headers: Record<string, string>) =>
      fetch(`${baseUrl}releases?app=a&platform=ios&channel=c`, { headers });
    expect((await ask({})).status).toBe(401);
    expect((await ask({ authorization: `Bearer ${stdout.trim()}` })).status).toBe(200);
    // One line, not a stack: the port is taken.
    const second = start({ PORT: new URL(baseUrl).port });
    const said: Buffer[] = [];
    second.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    expect(await once(second, 'close')).toEqual([1, null]);
    expect(Buffer.concat(said).toString()).toMatch(/^listen EADDRINUSE[^\n]*\n$/);
  } finally {
    child.kill('SIGTERM');
  }
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(0);
}, 60_000);
