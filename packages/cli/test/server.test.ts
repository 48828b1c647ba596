// The command against the real server package on loopback: uploads go to the bucket, verbs to the server.
import { serve } from '@hono/node-server';
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { memoryDatabase } from '@kivyx-ota/database';
import { createApiKey, createOtaHandler } from '@kivyx-ota/server';
import { sampleBundle, samplePhone } from '@kivyx-ota/runtime-tests/sample-app';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixture, kivyx as run, type Run } from './run-kivyx.ts';

const home = mkdtempSync(join(tmpdir(), 'kivyx-server-'));
const indexPair = generateKeyPair();
const database = memoryDatabase();
const keys = { admin: '', steering: '' };
let releaseKey = '';
let baseUrl = '';
let listener: ReturnType<typeof serve>;

const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  KIVYX_API_KEY: keys.admin,
  KIVYX_RUNTIME_VERSION: '42',
  KIVYX_SERVER: baseUrl,
  KIVYX_TRUST: 'trust.pem',
  ...more,
});
const kivyx = async (args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Run> => {
  const ended = await run(args, { cwd: home, env: env(more) });
  // Wherever it is used: nobody is told.
  expect(ended.stdout + ended.stderr).not.toContain(keys.admin);
  return ended;
};
const json = async <T>(args: readonly string[]): Promise<T> =>
  JSON.parse((await kivyx([...args, '--json'])).stdout) as T;
const post = async (path: string, body: unknown): Promise<void> => {
  const headers = { authorization: `Bearer ${keys.admin}`, 'content-type': 'application/json' };
  const answer = await fetch(new URL(path, baseUrl), { body: JSON.stringify(body), headers, method: 'POST' });
  expect(answer.status).toBeLessThan(300);
};
function build(name: string, bundle: string): string {
  mkdirSync(join(home, name), { recursive: true });
  writeFileSync(join(home, name, 'main.hbc'), fixture(bundle));
  return name;
}

beforeAll(async () => {
  await run(['init', '--project', 'acme', '--app', 'cafe'], { cwd: home });
  await run(['keys', 'generate'], { cwd: home });
  releaseKey = readFileSync(join(home, 'keys/release.pub.pem'), 'utf8');
  writeFileSync(join(home, 'trust.pem'), `${releaseKey}${indexPair.publicKeyPem}`);
  const handle = createOtaHandler({
    database,
    deviceSecret: new Uint8Array(32).fill(7),
    project: 'acme',
    recheckMs: 0,
    releaseKeys: [releaseKey],
    signer: createLocalSigner(indexPair.privateKeyPem),
    storage: fsStorage({ directory: join(home, 'bucket') }),
  });
  await new Promise<void>((resolve) => {
    listener = serve({ fetch: (request) => handle(request), hostname: '127.0.0.1', port: 0 }, () =>
      resolve(),
    );
  });
  baseUrl = `http://127.0.0.1:${(listener.address() as AddressInfo).port}/`;
  const made = { actor: 'test', nowMs: Date.now() };
  keys.admin = (
    await createApiKey(database, { label: 'ci', scopes: ['read', 'rollout', 'publish'] }, made)
  ).key;
  keys.steering = (await createApiKey(database, { label: 'on call', scopes: ['rollout'] }, made)).key;
  build('one', 'base-99.hbc');
  build('two', 'target-99.hbc');
});
afterAll(async () => {
  await new Promise((resolve) => listener.close(resolve));
  rmSync(home, { force: true, recursive: true });
});

describe('with a server', () => {
  it('publishes into the channel that devices ask it for, and reads there what they get', async () => {
    expect(await kivyx(['list'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('kivyx publish'),
    });
    const dry = await kivyx(['publish', '--folder', 'one', '--release', '1.0.0', '--dry-run']);
    expect(dry.stdout).toContain('Nothing was changed.');
    expect((await fetch(new URL('v1/apps/cafe/android/production/index', baseUrl))).status).toBe(404);

    expect(await kivyx(['publish', '--folder', 'one', '--release', '1.0.0'])).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('1.0.0 is published to 100 % of production'),
    });
    expect((await kivyx(['publish', '--folder', 'one', '--release', '1.0.0'])).stdout).toContain(
      'was published before',
    );
    expect(await json(['list'])).toMatchObject({ channel: 'production', releases: [{ version: '1.0.0' }] });
    expect(await kivyx(['verify'])).toMatchObject({ code: 0 });
    expect((await kivyx(['explain', '--device', 'phone-1'])).stdout).toContain('Update to 1.0.0');
    // The key of the server signs: one's own alone does not open the index.
    expect(await kivyx(['list'], { KIVYX_TRUST: 'keys/release.pub.pem' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ERR_COSE_KEY_UNKNOWN'),
    });
  });

  it('plans patches by what its telemetry says devices run', async () => {
    const { releases } = await json<{ releases: { releaseId: string }[] }>(['list']);
    const event = {
      at_seconds: Math.floor(Date.now() / 1000),
      release_id: releases[0]?.releaseId,
      type: 'healthy',
    };
    for (const device of ['a', 'b', 'c'])
      await post('telemetry', {
        app: 'cafe',
        channel: 'production',
        device_id: device,
        events: [{ ...event, event_id: `healthy-${device}` }],
        platform: 'android',
      });
    const plan = await json<{ patchBases: object[] }>([
      'publish',
      '--folder',
      'two',
      '--release',
      '1.0.1',
      '--dry-run',
    ]);
    expect(plan.patchBases).toMatchObject([{ devices: 3, reason: 'adopted' }]);
    // A key that may not read: it says so, and takes the newest.
    const publish = await database.listReleases(
      { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' },
      { limit: 1 },
    );
    expect(publish.items).toHaveLength(1);
    const blind = (
      await createApiKey(database, { label: 'p', scopes: ['publish'] }, { actor: 'test', nowMs: Date.now() })
    ).key;
    const dry = await kivyx(['publish', '--folder', 'two', '--release', '1.0.1', '--dry-run'], {
      KIVYX_API_KEY: blind,
    });
    expect(dry.stdout).toMatch(/not from those in use: .*lacks the scope read/);
    expect(dry.stdout).toMatch(/patch from 1\.0\.0 \([0-9a-f]{12}\): recent/);
  });

  it('explains how many devices came to the release by a patch', async () => {
    const { releases } = await json<{ releases: { releaseId: string }[] }>(['list']);
    const said = (type: string, device: string): Promise<unknown> =>
      post('telemetry', {
        app: 'cafe',
        channel: 'production',
        device_id: device,
        events: [
          {
            at_seconds: Math.floor(Date.now() / 1000),
            event_id: `${type}-${device}`,
            release_id: releases[0]?.releaseId,
            type,
          },
        ],
        platform: 'android',
      });
    for (const device of ['a', 'b', 'c']) await said('patch_hit', device);
    await said('patch_fallback', 'd');
    const why = ['explain', '--device', 'phone-1'];
    expect((await kivyx(why)).stdout).toContain(
      '3 devices came to it by a patch, 1 device fell back to the whole file.',
    );
    expect(await json(why)).toMatchObject({ action: 'update', patchRate: { fallbacks: 1, hits: 3 } });
    // Nobody needs a key to look.
    expect((await kivyx(why, { KIVYX_API_KEY: undefined })).stdout).toMatch(
      /^Update to 1\.0\.0[^]*this is the one/,
    );
  });

  it('publishes both platforms, ramps, pauses, resumes, promotes and revokes', async () => {
    const both = ['publish', '--android', 'two', '--ios', 'two', '--release', '1.0.1', '--rollout', '10'];
    const made = await kivyx(both);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^android:\n[^]*1\.0\.1 is published to 10 % of production[^]*^ios:\n/m);
    expect((await kivyx(['rollout', '1.0.1', '50'])).stdout).toContain('1.0.1 goes to 50 %');
    expect((await kivyx(['pause', 'latest'])).stdout).toContain('is paused');
    // On call there is a key that may not read: ids do.
    const { releases } = await json<{ releases: { releaseId: string; status: string }[] }>(['list']);
    expect(releases.at(-1)?.status).toBe('paused');
    const id = releases.at(-1)?.releaseId ?? '';
    expect(await kivyx(['resume', id], { KIVYX_API_KEY: keys.steering })).toMatchObject({ code: 0 });
    expect(await kivyx(['revoke', id], { KIVYX_API_KEY: keys.steering })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('lacks the scope publish'),
    });
    expect((await kivyx(['promote', '1.0.1', '--to', 'beta', '--rollout', '5'])).stdout).toContain(
      '1.0.1 is in beta for 5 %',
    );
    expect((await kivyx(['list', '--channel', 'beta'])).stdout).toContain('1.0.1');
    expect((await kivyx(['revoke', '1.0.1', '--to', '1.0.0'])).stdout).toContain(
      'is revoked, devices go to 1.0.0-',
    );
    expect((await json<{ releases: object[] }>(['list', '--platform', 'ios'])).releases).toMatchObject([
      { rolloutBasisPoints: 1000, status: 'active', version: '1.0.1' },
    ]);
    expect((await kivyx(['log'])).stdout).toMatch(/revoke .*1\.0\.1-[^]*publish .*1\.0\.0-/);
  });

  it('gives phones another try where nobody knows why it failed, and patches that were made later', async () => {
    const field = { KIVYX_CHANNEL: 'field', KIVYX_PATCH_BASES: '0', KIVYX_RUNTIME_VERSION: 'native-1' };
    const asked = async (...args: string[]): Promise<string> => {
      const { code, stderr, stdout } = await kivyx(args, field);
      expect([code, stderr]).toEqual([0, '']);
      return stdout;
    };
    const phone = samplePhone({
      baseUrl,
      directory: join(home, 'phone'),
      embedded: '1.0.0',
      publicKeyPem: [releaseKey, indexPair.publicKeyPem],
      scope: { app: 'cafe', channel: 'field', platform: 'android', project: 'acme' },
    });
    for (const version of ['1.0.1', '1.0.2']) {
      mkdirSync(join(home, version));
      writeFileSync(join(home, version, 'main.hbc'), sampleBundle(version));
    }
    await asked('publish', '--folder', '1.0.1', '--release', '1.0.1');
    await phone.start();
    expect(await phone.update()).toMatchObject({ how: 'full', updated: true });
    let starts = 0;
    while (await phone.startAndEnd()) expect(++starts).toBeLessThan(10);
    expect(starts).toBeGreaterThan(0);
    expect(await phone.update()).toMatchObject({ updated: false });
    expect(await asked('retry', 'latest')).toContain('(token 1)');
    expect(await phone.update()).toMatchObject({ updated: true });
    expect(await phone.start()).toEqual(sampleBundle('1.0.1'));

    await asked('publish', '--folder', '1.0.2', '--release', '1.0.2');
    expect(await asked('patch')).toMatch(/^1\.0\.2, [^]*\(kvm1\)[^]*Offered with index/);
    expect(await asked('patch', '--release', '1.0.2')).toContain('Nothing new to offer');
    expect(await phone.update()).toMatchObject({ how: 'patch', updated: true });
    expect(await phone.start()).toEqual(sampleBundle('1.0.2'));
    expect(await asked('verify')).toContain('1 patch');
    expect(await asked('log')).toMatch(/ patches .*1\.0\.2-.* named 1\n[^]* retry .*1\.0\.1-/);
    await asked('revoke', 'latest');
    expect(await kivyx(['retry', 'latest'], field)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is revoked, which is final'),
    });
  });

  it('looks after itself: doctor, and a collector that asks what is in use', async () => {
    const { code, stdout } = await kivyx(['doctor']);
    expect(stdout).toMatch(/^ok +server: /m);
    expect([code, stdout.match(/^BAD.*/gm)]).toEqual([0, null]);
    expect(await kivyx(['gc'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--channels') });
    const all = await kivyx(['gc', '--channels', 'production', 'beta', 'field']);
    expect(all.stdout).toContain('0 would be deleted');
    // Also the patch that only the server's database names.
    expect(all.stdout).not.toContain('unused');
  });

  it.each([
    [['refresh'], /signs anew by itself/],
    [['keys', 'rotate'], /another signer/],
  ])('%j is not its business', async (args, words) => {
    expect(await kivyx(args)).toMatchObject({ code: 2, stderr: expect.stringMatching(words) });
  });

  it.each<[string, NodeJS.ProcessEnv, number, RegExp]>([
    ['no key', { KIVYX_API_KEY: undefined }, 2, /KIVYX_API_KEY/],
    ['a wrong key', { KIVYX_API_KEY: 'kvx_0_0' }, 1, /API key is needed/],
    ['a server that is not there', { KIVYX_SERVER: 'http://127.0.0.1:1/' }, 1, /does not answer/],
    ['an address without TLS', { KIVYX_SERVER: 'http://ota.example.com/' }, 2, /https only/],
    [
      'a password in the address',
      { KIVYX_SERVER: 'https://me:hush@ota.example.com/' },
      2,
      /^(?!.*hush).*KIVYX_API_KEY/,
    ],
    ['no address', { KIVYX_SERVER: 'ota' }, 2, /is an address/],
  ])('%s is said', async (_name, more, code, words) => {
    expect(await kivyx(['pause', 'latest'], more)).toMatchObject({
      code,
      stderr: expect.stringMatching(words),
    });
  });
});
