import { parsePublicKey } from '@kivyx-ota/cose';
import { memoryDatabase, type OtaDatabase } from '@kivyx-ota/database';
import { patchKey, verifyChannelIndex } from '@kivyx-ota/manifest';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { BODY, createWorld, pair, SCOPE, updatePath } from './world.ts';

const INDEX = '/v1/apps/cafe/android/production/index';
const keys = [parsePublicKey(pair.publicKeyPem)];
const read = async (response: Response) =>
  verifyChannelIndex(new Uint8Array(await response.arrayBuffer()), { keys, scope: SCOPE }).document;

describe('the signed index', () => {
  it('is signed by the channel key, with a strong ETag and what a CDN needs', async () => {
    const world = await createWorld();
    const release = await world.publish('1.0.0');
    const response = await world.get(INDEX);
    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toMatch(/^"[0-9a-f]{64}"$/);
    expect(response.headers.get('cache-control')).toBe(
      'public, max-age=60, stale-while-revalidate=600, stale-if-error=86400',
    );
    const index = await read(response);
    expect(index.releases).toEqual([release]);
    expect(index.sequence).toBe(1);
  });

  it('is 304 without a body for a reader that has it, and 200 after a change', async () => {
    const world = await createWorld();
    await world.publish('1.0.0');
    const etag = (await world.get(INDEX)).headers.get('etag') as string;
    for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await world.get(INDEX, { 'if-none-match': header });
      expect(again.status).toBe(304);
      expect(await again.text()).toBe('');
      expect(again.headers.get('etag')).toBe(etag);
    }
    await world.publish('1.0.1');
    const changed = await world.get(INDEX, { 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect((await read(changed)).previousSha256Hex).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is signed anew at half of its life, and a device can always read it', async () => {
    const world = await createWorld({ indexLifetimeSeconds: 3600 });
    await world.publish('1.0.0');
    const first = await read(await world.get(INDEX));
    world.clock.advance(1700);
    expect((await read(await world.get(INDEX))).sequence).toBe(first.sequence);
    world.clock.advance(200);
    const second = await read(await world.get(INDEX));
    expect(second.sequence).toBe(first.sequence + 1);
    expect(second.expiresAtSeconds).toBe(world.clock.nowMs() / 1000 + 3600);
    expect(second.releases).toEqual(first.releases);
  });

  it('a row that somebody changed in the database is never served', async () => {
    const database = memoryDatabase();
    const world = await createWorld({ database });
    const release = await world.publish('1.0.0');
    const head = await database.readHead(SCOPE);
    const envelope = Uint8Array.from(head?.envelope as Uint8Array);
    envelope[envelope.length - 70] = (envelope[envelope.length - 70] as number) ^ 1;
    await database.commitChannel({
      expectedRevision: 1,
      head: { ...head, envelope } as never,
      releases: [],
      scope: SCOPE,
    });
    world.clock.advance(2);
    const index = await read(await world.get(INDEX));
    expect(index.releases).toEqual([release]);
    expect(index.sequence).toBe(2);
  });

  it('two servers on one database see each other within the recheck time', async () => {
    const one = await createWorld();
    const two = await createWorld({ clock: one.clock, database: one.database, storage: one.storage });
    await one.publish('1.0.0');
    expect((await two.get(INDEX)).status).toBe(200);
    await one.publish('1.0.1');
    one.clock.advance(1);
    expect((await read(await two.get(INDEX))).releases).toHaveLength(2);
  });

  it('stays available while the database is away, until it expires', async () => {
    const good = memoryDatabase();
    let broken = false;
    const database: OtaDatabase = {
      ...good,
      readHead: (scope) => (broken ? Promise.reject(new Error('away')) : good.readHead(scope)),
    };
    const world = await createWorld({ database, indexLifetimeSeconds: 3600 });
    await world.publish('1.0.0');
    broken = true;
    world.clock.advance(3000);
    expect((await world.get(INDEX)).status).toBe(200);
    world.clock.advance(601);
    expect((await world.get(INDEX)).status).toBe(500);
  });

  it('an epoch that is none is refused at the start, not at the first device', async () => {
    for (const epoch of [Number('two'), -1, 1.5])
      await expect(createWorld({ epoch })).rejects.toThrow(RangeError);
  });

  it('of concurrent changes none is lost', async () => {
    const world = await createWorld();
    const uploaded = [await world.upload('1.0.0'), await world.upload('1.0.1')];
    const key = await world.key(['publish', 'rollout']);
    for (const release of uploaded) await world.post('/releases', { ...BODY, release }, key);
    const answers = await Promise.all(
      uploaded.flatMap(({ releaseId }) => [
        world.post('/rollout', { ...BODY, percent: 25, release_id: releaseId }, key),
        world.post(`/releases/${releaseId}/pause`, BODY, key),
      ]),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const { releases, sequence } = await read(await world.get(INDEX));
    expect(releases.map(({ status, rolloutBasisPoints }) => [status, rolloutBasisPoints])).toEqual([
      ['paused', 2500],
      ['paused', 2500],
    ]);
    expect(sequence).toBe(6);
  });
});

describe('regressions', () => {
  it('28: growing a rollout from 10 to 25 to 50 % keeps the earlier devices; shrinking it strands nobody', async () => {
    const world = await createWorld({ rateLimit: () => undefined });
    const release = await world.publish('1.0.0', { rolloutBasisPoints: 0 });
    const key = await world.key(['rollout']);
    const offered = async (): Promise<Set<number>> => {
      const found = new Set<number>();
      for (let i = 0; i < 300; i++)
        if ((await world.get(updatePath({ device_id: `d${i}` }))).status === 200) found.add(i);
      return found;
    };
    expect((await offered()).size).toBe(0);
    let before = new Set<number>();
    for (const percent of [10, 25, 50]) {
      await world.post('/rollout', { ...BODY, percent, release_id: release.releaseId }, key);
      const now = await offered();
      expect([...before].every((i) => now.has(i))).toBe(true);
      expect(now.size).toBeGreaterThan(before.size);
      expect(Math.abs(now.size - 3 * percent)).toBeLessThan(35);
      before = now;
    }
    await world.post('/rollout', { ...BODY, percent: 10, release_id: release.releaseId }, key);
    const has = { current_release_id: release.releaseId, current_version_code: String(release.versionCode) };
    for (const i of before)
      expect((await world.get(updatePath({ device_id: `d${i}`, ...has }))).status).toBe(204);
  });

  it('29: a check reads at most one row, however many releases are stored, and none while the head is fresh', async () => {
    const calls: string[] = [];
    const good = memoryDatabase();
    const database = new Proxy(good, {
      get: (target, name) => {
        const member = target[name as keyof OtaDatabase];
        return typeof member === 'function'
          ? (...args: never[]) => {
              calls.push(String(name));
              return (member as (...all: never[]) => unknown)(...args);
            }
          : member;
      },
    });
    const world = await createWorld({ database, maxIndexedReleases: 3 });
    for (let i = 0; i < 12; i++) await world.publish(`1.0.${i}`);
    expect((await read(await world.get(INDEX))).releases).toHaveLength(3);
    calls.length = 0;
    for (let i = 0; i < 5; i++) expect((await world.get(updatePath())).status).toBe(200);
    expect(calls).toEqual([]);
    world.clock.advance(1);
    await Promise.all([world.get(updatePath()), world.get(INDEX), world.get(updatePath())]);
    expect(calls).toEqual(['readHead']);
  });

  it('30: percent-encoded names mean the same, other case and encoded slashes mean nothing', async () => {
    const world = await createWorld();
    await world.publish('1.0.0');
    expect((await world.get('/v1/apps/caf%65/android/production/index')).status).toBe(200);
    for (const path of [
      'Cafe/android/production',
      'cafe/android/Production',
      'cafe/android/production%2F..',
      'cafe/Android/production',
      '..%2f/android/production',
    ])
      expect([400, 404]).toContain((await world.get(`/v1/apps/${path}/index`)).status);
  });
});

describe('GET /adoption', () => {
  it('says what it counts, and reads the database once for each release that it names, 40 unless asked', async () => {
    let reads: string[] = [];
    const database = memoryDatabase();
    const counting = Object.fromEntries(
      Object.entries(database).map(([name, value]) => [
        name,
        typeof value === 'function'
          ? (...args: unknown[]) => {
              reads.push(name);
              return (value as (...all: unknown[]) => unknown)(...args);
            }
          : value,
      ]),
    ) as unknown as OtaDatabase;
    const world = await createWorld({ database: counting });
    for (let i = 1; i <= 45; i++) await world.publish(`1.0.${i}`);
    const key = await world.key(['read']);
    for (const [limit, named] of [
      [{}, 40],
      [{ limit: '5' }, 5],
      [{ limit: '100' }, 45],
    ] as const) {
      reads = [];
      const query = new URLSearchParams({ ...BODY, ...limit });
      const answer = await world.get(`/adoption?${query}`, { authorization: `Bearer ${key}` });
      const { mark, releases } = await answer.json();
      expect([mark, releases.length]).toEqual(['healthy', named]);
      expect(releases[0]).toMatchObject({ devices: 0, versionCode: 45 });
      // The key, and the head if it was not just read.
      expect(reads.filter((name) => name !== 'readHead').sort()).toEqual([
        'readApiKey',
        ...Array.from({ length: named }, () => 'readCounts'),
      ]);
    }
  });
});

describe('GET /update', () => {
  it('names the release, its manifest and the ticket for what the device will report', async () => {
    const world = await createWorld();
    const release = await world.publish('1.0.0');
    const answer = await (await world.get(updatePath())).json();
    expect(answer).toMatchObject({
      action: 'update',
      manifest: {
        key: `manifests/${release.manifest.sha256Hex}.cose`,
        sha256Hex: release.manifest.sha256Hex,
      },
      release: { releaseId: release.releaseId },
    });
    expect(answer.ticket).toMatch(/^[0-9]+\.[A-Za-z0-9_-]{43}$/);
    expect((await world.get(`/${answer.manifest.key}`)).status).toBe(200);
  });
  it('is 204 when there is nothing, and says why when asked', async () => {
    const world = await createWorld();
    await world.publish('1.0.0');
    expect((await world.get(updatePath({ runtime_version: '2' }))).status).toBe(204);
    const why = await (await world.get(updatePath({ explain: '1', runtime_version: '2' }))).json();
    expect(why.reasons[0].code).toBe('R_RUNTIME_MISMATCH');
  });
  it('does not grow with the index: all reasons only when asked for', async () => {
    const world = await createWorld();
    await world.publish('1.0.0');
    const { releaseId } = await world.publish('1.0.1');
    const short = await (await world.get(updatePath())).json();
    const long = await (await world.get(updatePath({ explain: '1' }))).json();
    expect(short.reasons).toEqual([{ code: 'R_SELECTED', releaseId }]);
    expect(long.reasons).toHaveLength(2);
    expect({ ...long, reasons: short.reasons }).toEqual(short);
  });
  it('sends a device off a revoked release', async () => {
    const world = await createWorld();
    const release = await world.publish('1.0.0');
    const key = await world.key(['publish']);
    expect((await world.post(`/releases/${release.releaseId}/revoke`, BODY, key)).status).toBe(200);
    const answer = await (
      await world.get(
        updatePath({
          current_release_id: release.releaseId,
          current_version_code: String(release.versionCode),
        }),
      )
    ).json();
    expect(answer).toMatchObject({ action: 'rollback', to: 'embedded' });
  });
  it('refuses what is not a query of its shape, naming the member', async () => {
    const world = await createWorld();
    for (const [change, member] of [
      [{ platform: 'windows' }, 'platform'],
      [{ current_version_code: '-1' }, 'current_version_code'],
      [{ current_version_code: '1e3' }, 'current_version_code'],
      [{ app: '../x' }, 'app'],
      [{ device_id: '' }, 'device_id'],
      [{ attributes: '[1]' }, 'attributes'],
      [{ failed: 'abc' }, 'failed'],
    ] as const) {
      const response = await world.get(updatePath(change as Record<string, string>));
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('application/problem+json');
      const problem = await response.json();
      expect(problem.code).toBe('ERR_SERVER_INPUT');
      expect(problem.detail).toContain(member);
    }
    expect((await world.get(`${updatePath()}&app=other`)).status).toBe(400);
  });
});

describe('admin verbs', () => {
  it('a manifest that is missing, of other bytes, or about something else is refused', async () => {
    const world = await createWorld();
    const release = await world.upload('1.0.0');
    const key = await world.key(['publish']);
    for (const wrong of [
      { manifest: { sha256Hex: '00'.repeat(32), sizeBytes: 5 } },
      { manifest: { ...release.manifest, sizeBytes: release.manifest.sizeBytes + 1 } },
      { launchSha256Hex: '00'.repeat(32) },
      { version: '9.9.9' },
      { runtimeVersion: '7' },
    ]) {
      const response = await world.post('/releases', { ...BODY, release: { ...release, ...wrong } }, key);
      expect(response.status).toBe(409);
      expect((await response.json()).code).toBe('ERR_SERVER_STATE');
    }
    const shape = await world.post(
      '/releases',
      { ...BODY, release: { ...release, rolloutBasisPoints: 10_001 } },
      key,
    );
    expect(shape.status).toBe(400);
    expect((await world.get(INDEX)).status).toBe(404);
  });
  it('each verb may be repeated; the audit log names who did what, once', async () => {
    const world = await createWorld();
    const release = await world.publish('1.0.0');
    const key = await world.key(['publish', 'rollout', 'read']);
    const id = release.releaseId;
    for (const [path, body] of [
      ['/releases', { ...BODY, release }],
      ['/rollout', { ...BODY, basis_points: 100, release_id: id }],
      ['/rollout', { ...BODY, percent: 1, release_id: id }],
      [`/releases/${id}/pause`, BODY],
      [`/releases/${id}/pause`, BODY],
      [`/releases/${id}/resume`, BODY],
      [`/releases/${id}/promote`, { ...BODY, to_channel: 'beta' }],
      [`/releases/${id}/revoke`, BODY],
      [`/releases/${id}/revoke`, BODY],
    ] as const)
      expect((await world.post(path, body, key)).status).toBe(200);
    for (const verb of ['pause', 'resume'])
      expect((await world.post(`/releases/${id}/${verb}`, BODY, key)).status).toBe(409);
    const query = new URLSearchParams(BODY);
    const { entries } = await (await world.get(`/audit?${query}`, { authorization: `Bearer ${key}` })).json();
    expect(entries.map(({ action }: { action: string }) => action)).toEqual([
      'revoke',
      'resume',
      'pause',
      'rollout',
      'publish',
    ]);
    expect((await world.get('/v1/apps/cafe/android/beta/index')).status).toBe(200);
    const { releases } = await (
      await world.get(`/releases?${query}`, { authorization: `Bearer ${key}` })
    ).json();
    expect(releases[0].release.status).toBe('revoked');
  });
  it('a revocation that is made again without a place to go takes the first one back, once', async () => {
    const world = await createWorld();
    await world.publish('1.0.0');
    const { releaseId } = await world.publish('1.0.1');
    const key = await world.key(['publish']);
    const revoke = async (body: object) =>
      (await world.post(`/releases/${releaseId}/revoke`, { ...BODY, ...body }, key)).json();
    expect(await revoke({ rollback_to: 'embedded' })).toMatchObject({ release: { rollbackTo: 'embedded' } });
    const again = await revoke({});
    expect(again.changed).toBe(true);
    expect(again.release).not.toHaveProperty('rollbackTo');
    expect(await revoke({})).toMatchObject({ changed: false, sequence: again.sequence });
  });

  it('a revocation that names a place where no device can go is refused, and changes nothing', async () => {
    const world = await createWorld();
    const first = await world.publish('1.0.0');
    const { releaseId } = await world.publish('1.0.1');
    const key = await world.key(['publish']);
    const revoke = (rollbackTo: string) =>
      world.post(`/releases/${releaseId}/revoke`, { ...BODY, rollback_to: rollbackTo }, key);
    for (const nowhere of [releaseId, '1.0.0', 'r-404']) {
      const refused = await revoke(nowhere);
      expect(refused.status).toBe(409);
      expect(await refused.json()).toMatchObject({
        code: 'ERR_SERVER_STATE',
        detail: expect.stringContaining('Devices cannot go there'),
      });
    }
    expect((await read(await world.get(INDEX))).releases[1]).toMatchObject({ status: 'active' });
    expect((await revoke(first.releaseId)).status).toBe(200);
  });

  it('each retry is one more try', async () => {
    const world = await createWorld();
    const { launchSha256Hex, releaseId } = await world.publish('1.0.0');
    const key = await world.key(['rollout', 'publish', 'read']);
    const retry = () => world.post(`/releases/${releaseId}/retry`, BODY, key);
    const offered = async (failed: string) => (await world.get(updatePath({ failed }))).status;
    expect(await offered(`${launchSha256Hex}:0`)).toBe(204);
    for (const retryToken of [1, 2])
      expect(await (await retry()).json()).toMatchObject({ changed: true, release: { retryToken } });
    expect(await offered(`${launchSha256Hex}:0`)).toBe(200);
    expect(await offered(`${launchSha256Hex}:2`)).toBe(204);
    // A crash is not tried again.
    expect(await offered(launchSha256Hex)).toBe(204);
    await world.post(`/releases/${releaseId}/revoke`, BODY, key);
    expect((await retry()).status).toBe(409);
  });

  it('names patches that are in the storage, of the stated size, beside those there are', async () => {
    const world = await createWorld();
    const { launchSha256Hex, releaseId } = await world.publish('1.0.0');
    const key = await world.key(['publish', 'read']);
    const patch = (base: string, change: object = {}) => ({
      baseSha256Hex: base.repeat(64),
      format: 'kvg1',
      sha256Hex: 'cc'.repeat(32),
      sizeBytes: 3,
      ...change,
    });
    const name = (patches: readonly object[], id = releaseId) =>
      world.post(`/releases/${id}/patches`, { ...BODY, patches }, key);
    for (const base of ['a', 'b'])
      await world.storage.put(patchKey(base.repeat(64), launchSha256Hex, 'kvg1'), Uint8Array.of(1, 2, 3), {
        contentType: 'application/octet-stream',
      });
    for (const [status, patches] of [
      [409, [patch('c')]],
      [409, [patch('a', { sizeBytes: 4 })]],
      [409, [patch('a', { format: 'kvh1' })]],
      [400, []],
      [400, [patch('a', { format: '../x' })]],
      [400, [patch('a', { sizeBytes: 1.5 })]],
      [400, [patch('a'), patch('a')]],
      [400, Array.from({ length: 33 }, () => patch('a'))],
    ] as const)
      expect([status, patches.length, (await name(patches)).status]).toEqual([
        status,
        patches.length,
        status,
      ]);
    expect((await name([patch('a')], 'none')).status).toBe(404);
    expect(await (await name([patch('b')])).json()).toMatchObject({ changed: true, sequence: 2 });
    expect(await (await name([patch('a')])).json()).toMatchObject({ changed: true, sequence: 3 });
    expect(await (await name([patch('a')])).json()).toMatchObject({ changed: false, sequence: 3 });
    expect((await read(await world.get(INDEX))).releases[0]?.patches).toEqual([patch('a'), patch('b')]);
    const { entries } = await (
      await world.get(`/audit?${new URLSearchParams(BODY)}`, { authorization: `Bearer ${key}` })
    ).json();
    expect(entries[0]).toMatchObject({ action: 'patches', detail: { named: 1 }, releaseId });
  });

  it('an unknown release is 404, a body of another shape 400, a large one 413', async () => {
    const world = await createWorld();
    await world.publish('1.0.0');
    const key = await world.key(['rollout']);
    expect((await world.post('/rollout', { ...BODY, percent: 5, release_id: 'nope' }, key)).status).toBe(404);
    for (const bad of [
      '{',
      'null',
      '[]',
      JSON.stringify({ ...BODY, release_id: 'x' }),
      JSON.stringify({ ...BODY, extra: 1, percent: 5, release_id: 'x' }),
      JSON.stringify({ ...BODY, percent: 101, release_id: 'x' }),
    ])
      expect((await world.post('/rollout', bad, key)).status).toBe(400);
    expect((await world.post('/rollout', 'x'.repeat(70_000), key)).status).toBe(413);
  });
});

it('the OpenAPI document is valid by its own schema, and a broken one is not', async () => {
  const world = await createWorld();
  const document = await (await world.get('/openapi.json')).json();
  const result = await new Validator().validate(document);
  expect(result.errors).toBeUndefined();
  expect(result.valid).toBe(true);
  delete document.paths['/update'].get.responses;
  document.paths['/update'].get.parameters[0].in = 'nowhere';
  expect((await new Validator().validate(document)).valid).toBe(false);
});

it('the OpenAPI document names every route with its query and scope', async () => {
  const world = await createWorld();
  const document = await (await world.get('/openapi.json')).json();
  expect(document.openapi).toBe('3.1.0');
  expect(document.paths['/update'].get.parameters.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining([
      'app',
      'binary_version',
      'channel',
      'current_version_code',
      'device_id',
      'platform',
      'runtime_version',
    ]),
  );
  expect(document.paths['/rollout'].post['x-scope']).toBe('rollout');
  expect(document.paths['/releases/{id}/pause'].post.requestBody).toBeDefined();
});

it('an error inside says nothing outside', async () => {
  const seen: unknown[] = [];
  const database = { ...memoryDatabase(), readHead: () => Promise.reject(new Error('password=hunter2')) };
  const world = await createWorld({ database, onError: (error) => seen.push(error) });
  const response = await world.get(INDEX);
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('hunter2');
  expect(String(seen[0])).toContain('hunter2');
});
