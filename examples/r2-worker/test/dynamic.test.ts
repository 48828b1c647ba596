import { generateKeyPair } from '@kivyx-ota/cose/sign';
import type { IndexRelease } from '@kivyx-ota/manifest';
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamicCloud, startDynamicCloud } from '../src/dynamic-cloud.ts';
import { migrationFiles } from '../src/migration-files.ts';
import { publishTo, SCOPE } from '../src/publish.ts';

const home = join(import.meta.dirname, '..');
const disk = mkdtempSync(join(tmpdir(), 'kivyx-d1-phone-'));
const [indexKeys, releaseKeys] = [generateKeyPair(), generateKeyPair()];
let cloud: DynamicCloud;
let apiKey: string;
let second: IndexRelease;

beforeAll(async () => {
  cloud = await startDynamicCloud({ indexKeys, releaseKeys });
  apiKey = await cloud.createApiKey(['read', 'rollout', 'publish']);
  const target = { apiKey, baseUrl: cloud.url, releaseKeys, storage: cloud.storage };
  await publishTo(target, sampleRelease('1.0.0'));
  second = await publishTo(target, { ...sampleRelease('1.0.1'), rolloutBasisPoints: 0 });
}, 120_000);
afterAll(async () => {
  await cloud?.close();
  rmSync(disk, { force: true, recursive: true });
});

/** A head that was read is good for a second. */
const untilSeen = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100));
const phone = (name: string) =>
  samplePhone({
    baseUrl: cloud.url,
    directory: join(disk, name),
    embedded: '1.0.0',
    publicKeyPem: [releaseKeys.publicKeyPem, indexKeys.publicKeyPem],
    scope: SCOPE,
  });

describe('the control plane in workerd, over D1 and R2', () => {
  it('ramps a release, a phone updates by a patch, and goes back when it is revoked', async () => {
    const one = phone('one');
    await one.start();
    expect(await one.update()).toMatchObject({
      reasons: ['R_NOT_IN_ROLLOUT', 'R_NOT_NEWER'],
      updated: false,
    });
    const ramp = await cloud.post('rollout', apiKey, { percent: 100, release_id: second.releaseId });
    expect(ramp.status).toBe(200);
    await untilSeen();
    expect(await one.update()).toMatchObject({ how: 'patch', updated: true });
    expect(new TextDecoder().decode((await one.start()).slice(-15))).toBe('start("1.0.1");');
    expect((await cloud.post(`releases/${second.releaseId}/revoke`, apiKey, {})).status).toBe(200);
    await untilSeen();
    expect(await one.update()).toMatchObject({ mandatory: true, updated: true });
  });

  it('an isolate that is asked by many at once answers all of them with the same index', async () => {
    const path = `${cloud.url}v1/apps/cafe/android/production/index`;
    await untilSeen();
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        // Some hang up: what they had asked of D1 must not be what the others wait for.
        if (i % 4 === 0) {
          await fetch(path, { signal: AbortSignal.timeout(1) }).catch(() => undefined);
          return undefined;
        }
        const response = await fetch(path);
        return `${response.status} ${response.headers.get('etag')}`;
      }),
    );
    const kinds = new Set(answers.filter((answer) => answer !== undefined));
    expect([...kinds]).toEqual([expect.stringMatching(/^200 "[0-9a-f]{64}"$/)]);
  });

  it('counts telemetry in D1, each device once, and nobody reads it without a key', async () => {
    const { app, channel, platform } = SCOPE;
    const tell = (device_id: string): Promise<Response> =>
      fetch(`${cloud.url}telemetry`, {
        body: JSON.stringify({ app, channel, device_id, event_type: 'crash', platform, version_code: 2 }),
        headers: { 'content-type': 'application/json' },
        method: 'POST',
      });
    for (const device of ['a', 'b', 'a']) expect((await tell(device)).status).toBe(202);
    const funnel = `${cloud.url}releases/${second.releaseId}/funnel?${new URLSearchParams({ app, channel, platform })}`;
    expect((await fetch(funnel)).status).toBe(401);
    const counted = await fetch(funnel, { headers: { authorization: `Bearer ${apiKey}` } });
    expect(JSON.stringify(await counted.json())).toMatch(/"crash"[^}]*2|2[^}]*"crash"/);
  });

  it('refuses a release that another key has signed, and keys that are made up', async () => {
    const forged = publishTo(
      { apiKey, baseUrl: cloud.url, releaseKeys: generateKeyPair(), storage: cloud.storage },
      sampleRelease('6.6.6'),
    );
    await expect(forged).rejects.toThrow();
    for (const key of ['', 'f'.repeat(64), 'kvx_0123456789abcdef_forged'])
      expect((await cloud.post('rollout', key, { percent: 1, release_id: second.releaseId })).status).toBe(
        401,
      );
  });
});

describe('what the README says', () => {
  it('one command runs it, without an account', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@kivyx-ota/source', '--import', 'tsx', 'src/local-dynamic.ts'],
      { cwd: home },
    );
    expect(stdout).toContain('The phone: R_NOT_IN_ROLLOUT, R_NOT_NEWER');
    expect(stdout).toMatch(/The phone took a patch: \d+ of \d+ bytes/);
    expect(stdout).toContain('start("1.0.1");');
  }, 120_000);

  it('migrations/ is the schema of database-sql: pnpm --filter example-r2-worker migrations', () => {
    const files = migrationFiles();
    expect(readdirSync(join(home, 'migrations')).sort()).toEqual(files.map(({ name }) => name));
    for (const { name, text } of files)
      expect(readFileSync(join(home, 'migrations', name), 'utf8')).toBe(text);
  });

  it('wrangler.dynamic.toml names the Worker, its bindings, and every variable that it reads', () => {
    const toml = readFileSync(join(home, 'wrangler.dynamic.toml'), 'utf8');
    expect(toml).toMatch(/^main = "src\/dynamic-worker\.ts"$/m);
    expect(toml).toMatch(/^migrations_dir = "migrations"$/m);
    const worker = readFileSync(join(home, 'src/dynamic-worker.ts'), 'utf8');
    const read = new Set([...worker.matchAll(/readonly (\w+)\??: /g)].map(([, name]) => name as string));
    read.delete('cf');
    read.delete('clientAcceptEncoding');
    expect([...read].filter((name) => !toml.includes(name))).toEqual([]);
    const date = /^compatibility_date = "([\d-]+)"$/m.exec(toml)?.[1];
    expect(readFileSync(join(home, 'src/local-cloud.ts'), 'utf8')).toContain(`compatibilityDate: '${date}'`);
  });
});
