import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { samplePhone, sampleRelease } from '@kivyx-ota/runtime-tests/sample-app';
import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalCloud, SCOPE, startLocalCloud } from '../src/local-cloud.ts';
import { gatewayEvent } from '../src/local-gateway.ts';
import { readSettings } from '../src/settings.ts';

const CHANNEL = { app: 'cafe', channel: 'production', platform: 'android' };
const home = join(import.meta.dirname, '..');
const disk = mkdtempSync(join(tmpdir(), 'kivyx-lambda-'));
const hasJava = spawnSync('java', ['-version']).status === 0;
if (!hasJava) {
  if (process.env['CI'] !== undefined) throw new Error('CI must have Java: DynamoDB Local runs on it');
  console.warn('Skipped: examples/lambda-dynamodb. DynamoDB Local needs Java, and there is none here');
}

let cloud: LocalCloud;
beforeAll(async () => {
  if (hasJava) cloud = (await startLocalCloud()) as LocalCloud;
}, 60_000);
afterAll(async () => {
  await cloud?.close();
  rmSync(disk, { force: true, recursive: true });
});

const bytes = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const post = (path: string, body: object, headers: Record<string, string> = {}, sourceIp?: string) =>
  cloud.call(
    gatewayEvent(
      'POST',
      `https://ota.example${path}`,
      { 'content-type': 'application/json', ...headers },
      bytes(body),
      sourceIp,
    ),
  );

describe.skipIf(!hasJava)('the function behind its gateway', () => {
  it('serves a release whose files are in S3, whose row is in DynamoDB, and whose index KMS has signed', async () => {
    await cloud.publish(sampleRelease('1.0.0'));
    await cloud.publish(sampleRelease('1.0.1'));
    const phone = samplePhone({
      baseUrl: cloud.url,
      directory: disk,
      embedded: '1.0.0',
      publicKeyPem: cloud.publicKeyPems,
      scope: SCOPE,
    });
    await phone.start();
    expect(await phone.update()).toMatchObject({ how: 'patch', updated: true });
    await phone.start();
    expect(await phone.update()).toMatchObject({ updated: false });
  });

  it('binary bodies go out as base64, with the strong ETag; a known one is 304', async () => {
    const path = '/channels/cafe/android/production/index.cose';
    const first = await cloud.call(gatewayEvent('GET', `https://ota.example${path}`));
    expect(first).toMatchObject({ isBase64Encoded: true, statusCode: 200 });
    const etag = first.headers?.['etag'] as string;
    expect(etag).toMatch(/^"[0-9a-f]{64}"$/);
    const second = await cloud.call(
      gatewayEvent('GET', `https://ota.example${path}`, { 'if-none-match': etag }),
    );
    expect([second.statusCode, second.body ?? '']).toEqual([304, '']);
  });

  it('telemetry counts by the gateway’s word about the peer, whatever a header says, and its rows carry a TTL', async () => {
    for (let i = 0; i < 30; i++) {
      const { statusCode } = await post(
        '/telemetry',
        { ...CHANNEL, device_id: `device-${i}`, event_type: 'crash', version_code: 2 },
        { 'x-forwarded-for': `198.51.${i}.1` },
        '203.0.113.9',
      );
      expect(statusCode).toBe(202);
    }
    const { Items = [] } = await cloud.documents.send(new ScanCommand({ TableName: cloud.tableName }));
    const events = Items.filter(({ sk }) => sk === 'event');
    expect(events).toHaveLength(30);
    for (const { ttl } of events) expect(ttl).toBeGreaterThan(Date.now() / 1000 + 29 * 86_400);
    const total = Items.filter(
      ({ pk, sk }) => String(pk).startsWith('counts#') && String(sk).startsWith('total#'),
    );
    const sum = (mark: string): number =>
      total.reduce((count, item) => count + ((item[`mark:${mark}`] as number | undefined) ?? 0), 0);
    expect(sum('crash')).toBe(30);
    // One subnet has one voice.
    expect(sum('failed')).toBeLessThanOrEqual(20);
  });

  it('concurrent admin requests lose nothing, whichever container answers', async () => {
    const list = await cloud.call(
      gatewayEvent('GET', `https://ota.example/releases?${new URLSearchParams(CHANNEL)}`, {
        authorization: `Bearer ${cloud.apiKey}`,
      }),
    );
    const { releases } = JSON.parse(list.body ?? '') as { releases: { release: { releaseId: string } }[] };
    const ids = releases.map(({ release }) => release.releaseId);
    const answers = await Promise.all(
      [10, 20, 30].flatMap((percent) =>
        ids.map((release_id) =>
          post('/rollout', { ...CHANNEL, percent, release_id }, { authorization: `Bearer ${cloud.apiKey}` }),
        ),
      ),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
    const audit = await cloud.call(
      gatewayEvent('GET', `https://ota.example/audit?${new URLSearchParams(CHANNEL)}`, {
        authorization: `Bearer ${cloud.apiKey}`,
      }),
    );
    const { entries = [] } = JSON.parse(audit.body ?? '{}') as { entries?: { action: string }[] };
    expect(entries.filter(({ action }) => action === 'rollout').length).toBeGreaterThanOrEqual(4);
  });

  it('an error is a problem document, and a forged key is refused', async () => {
    const { statusCode, headers, body } = await post('/rollout', { ...CHANNEL, percent: 1, release_id: 'x' });
    expect([statusCode, headers?.['content-type']]).toEqual([401, 'application/problem+json']);
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 'ERR_SERVER_UNAUTHENTICATED' });
  });
});

describe('the bundle for Lambda', () => {
  it('is one file that loads, and says which variable is missing', async () => {
    await promisify(execFile)(process.execPath, [join(home, 'scripts/build.mjs')], { cwd: home });
    const run = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', `await import(${JSON.stringify(join(home, 'dist/handler.mjs'))})`],
      { cwd: home, encoding: 'utf8', env: { PATH: process.env['PATH'] } },
    );
    expect(run.status).toBe(1);
    expect(run.stderr).toContain('OTA_DEVICE_SECRET is not set');
  }, 60_000);

  it('settings name what they are for', () => {
    expect(() => readSettings({ OTA_DEVICE_SECRET: '00'.repeat(32) })).toThrow(
      /OTA_BUCKET is not set: the bucket/,
    );
  });
});

describe('terraform', () => {
  const found = spawnSync('terraform', ['version']).status === 0;
  const folder = found ? mkdtempSync(join(tmpdir(), 'kivyx-tf-')) : '';
  const run = (...args: string[]) =>
    spawnSync('terraform', args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } });
  let missing: string | undefined = found ? undefined : 'terraform is not installed';
  if (found) {
    cpSync(join(home, 'terraform'), folder, { recursive: true });
    const init = run('init', '-backend=false', '-input=false');
    if (init.status !== 0)
      missing = `terraform has no AWS provider here: ${init.stderr.trim().split('\n')[0]}`;
  }
  afterAll(() => {
    if (folder !== '') rmSync(folder, { force: true, recursive: true });
  });
  if (missing !== undefined)
    console.warn(`Skipped: validate and test of examples/lambda-dynamodb/terraform. ${missing}`);

  it.skipIf(!found)('is formatted', () => {
    expect(run('fmt', '-check', '-recursive')).toMatchObject({ status: 0, stdout: '' });
  });
  it.skipIf(missing !== undefined)(
    'is valid, and gives the function what it needs and nothing else',
    () => {
      const validated = run('validate');
      expect(validated.stderr).toBe('');
      const { status, stdout } = run('test');
      expect(stdout).toContain('4 passed, 0 failed');
      expect(status).toBe(0);
    },
    120_000,
  );
});

it.skipIf(!hasJava)(
  'one command runs it all',
  async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--conditions=@kivyx-ota/source', '--import', 'tsx', join(home, 'src/local.ts')],
      { cwd: home, env: { ...process.env, NODE_NO_WARNINGS: '1' } },
    );
    expect(stdout).toMatch(/The phone took a patch: \d+ of \d+ bytes/);
    expect(stdout).toContain('It runs start("1.0.1");');
  },
  60_000,
);
