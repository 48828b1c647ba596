import { sha256, sha256Hex } from '@kivyx-ota/core/sha256';
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import {
  type ChannelIndex,
  indexKey,
  indexLogKey,
  objectKey,
  parseChannelIndex,
  patchKey,
  verifyChannelIndex,
} from '@kivyx-ota/manifest';
import type { createPublisher, PublishEvent } from '@kivyx-ota/publisher';
import { decide } from '@kivyx-ota/rollout';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';
import { describe, expect, it } from 'vitest';
import { bytecode, options, pair, publisher, release, SCOPE } from './samples.ts';

const DEVICE = {
  ...SCOPE,
  binaryVersion: '1.0.0',
  currentVersionCode: 0,
  deviceId: 'phone-1',
  embeddedVersionCode: 0,
  runtimeVersion: '1',
};
const keysOf = async (storage: ObjectStorage): Promise<string[]> =>
  (await storage.list('')).objects.map(({ key }) => key);

describe('publish', () => {
  it('makes a channel that verifies to its last byte', async () => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    const first = await one.publish(
      release('1.0.0', { assets: [{ bytes: Uint8Array.of(1, 2, 3), path: 'assets/a.png' }] }),
    );
    expect(first).toMatchObject({
      changed: true,
      release: { rolloutBasisPoints: 10_000, status: 'active', versionCode: 1 },
      sequence: 1,
    });
    const second = await one.publish(release('1.0.1'));
    expect(second.release).toMatchObject({ versionCode: 2 });
    expect(second.release.patches).toHaveLength(1);
    expect(second.release.patches[0]).toMatchObject({ baseSha256Hex: first.release.launchSha256Hex });
    expect(await one.verify()).toMatchObject({
      objects: 3,
      patches: 1,
      problems: [],
      releases: 2,
      sequence: 2,
    });
    expect((await storage.head(indexKey(SCOPE)))?.cacheControl).toContain('max-age=60');
  });

  it('a small change travels as a patch far below 60 % of the bundle', async () => {
    const one = publisher();
    await one.publish(release('1.0.0'));
    const { release: published } = await one.publish(release('1.0.1'));
    expect(published.patches[0]?.sizeBytes).toBeLessThan(0.2 * release('1.0.1').launch.bytes.length);
  });

  it('again is harmless: nothing is written twice', async () => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    await one.publish(release('1.0.0'));
    const before = await keysOf(storage);
    const events: PublishEvent[] = [];
    const again = await publisher({ onEvent: (event) => events.push(event), storage }).publish(
      release('1.0.0'),
    );
    expect(again).toMatchObject({ changed: false, sequence: 1 });
    expect(await keysOf(storage)).toEqual(before);
    expect(events.filter((event) => event.type === 'object' && event.uploaded)).toEqual([]);
  });

  it('the chain of previousSha256 holds, and the log has every index', async () => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    for (const version of ['1.0.0', '1.0.1', '1.0.2']) await one.publish(release(version));
    let previous: string | undefined;
    for (let sequence = 1; sequence <= 3; sequence++) {
      const body = (await storage.get(indexLogKey(SCOPE, { epoch: 0, sequence })))?.body as Uint8Array;
      const { payload } = verifyChannelIndex(body, { keys: [pair.publicKey], scope: SCOPE });
      expect(parseChannelIndex(payload).previousSha256Hex).toBe(previous);
      previous = sha256Hex(payload);
    }
  });

  it('equal input gives an equal manifest, bit by bit', async () => {
    const [a, b] = [memoryStorage(), memoryStorage()];
    const input = release('1.0.0', { createdAtSeconds: 1_700_000_000 });
    const [x, y] = [
      await publisher({ storage: a }).publish(input),
      await publisher({ clock: { nowMs: () => 1_795_000_000_000 }, storage: b }).publish(input),
    ];
    expect(x.release.manifest).toEqual(y.release.manifest);
  });

  it('makes patches from bundles that are only inside binaries, and keeps those for verification', async () => {
    const storage = memoryStorage();
    const embedded = release('0.9.0').launch.bytes;
    const { release: published } = await publisher({ storage }).publish(
      release('1.0.0', { patchBases: [embedded] }),
    );
    expect(published.patches.map(({ baseSha256Hex }) => baseSha256Hex)).toEqual([sha256Hex(embedded)]);
    expect((await publisher({ storage }).verify()).problems).toEqual([]);
  });

  it('makes patches from the last three of the same runtime only', async () => {
    const one = publisher();
    const hashes: string[] = [];
    for (const version of ['1.0.0', '1.0.1', '1.0.2', '1.0.3'])
      hashes.push((await one.publish(release(version))).release.launchSha256Hex);
    await one.publish(release('other', { runtimeVersion: '2' }));
    const { release: last } = await one.publish(release('1.0.4'));
    expect(last.patches.map(({ baseSha256Hex }) => baseSha256Hex)).toEqual(hashes.slice(1).toReversed());
  });

  it('offers no patch where the file is quite another', async () => {
    const noise = (salt: number): Uint8Array => {
      const bytes = bytecode('x'.repeat(32 * 300));
      for (let i = 0; i < 300; i++) bytes.set(sha256(Uint8Array.of(salt, i, i >> 8)), 128 + 32 * i);
      return bytes;
    };
    const one = publisher();
    await one.publish(release('1', { launch: { bytes: noise(1), path: 'main.hbc' } }));
    const { release: published } = await one.publish(
      release('2', { launch: { bytes: noise(2), path: 'main.hbc' } }),
    );
    expect(published.patches).toEqual([]);
  });

  it('plan says what publish then does, and changes nothing', async () => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    await one.publish(release('1.0.0'));
    const before = await keysOf(storage);
    const plan = await one.plan(release('1.0.1'));
    expect(await keysOf(storage)).toEqual(before);
    expect(plan).toMatchObject({
      alreadyPublished: false,
      nextSequence: 2,
      uploads: [{ path: 'main.hbc' }],
      versionCode: 2,
    });
    const done = await one.publish(release('1.0.1'));
    expect(done).toMatchObject({
      release: { releaseId: plan.releaseId, versionCode: plan.versionCode },
      sequence: plan.nextSequence,
    });
    expect(done.release.patches.map(({ baseSha256Hex }) => baseSha256Hex)).toEqual(
      plan.patchBases.map(({ sha256Hex: base }) => base),
    );
    expect(await one.plan(release('1.0.1'))).toMatchObject({ alreadyPublished: true, uploads: [] });
  });
});

describe('what devices would refuse is refused here, before anything is written', () => {
  const stranger = createLocalSigner(generateKeyPair().privateKeyPem);
  it.each<[string, Parameters<typeof release>[1], Partial<Parameters<typeof createPublisher>[0]>, string]>([
    // regressions.md 19
    [
      'a release key that devices do not trust',
      {},
      { signers: { ...options().signers, release: stranger } },
      'ERR_PUBLISH_KEY',
    ],
    [
      'an index key that devices do not trust',
      {},
      { signers: { ...options().signers, index: stranger } },
      'ERR_PUBLISH_KEY',
    ],
    // regressions.md 24
    ['bytecode of another version than the runtime reads', { hbcVersion: 96 }, {}, 'ERR_PUBLISH_BYTECODE'],
    [
      'truncated bytecode',
      { launch: { bytes: bytecode('abc').slice(0, -1), path: 'main.hbc' } },
      {},
      'ERR_PUBLISH_BYTECODE',
    ],
    [
      'a header without a file',
      { launch: { bytes: bytecode('').slice(0, 20), path: 'main.hbc' } },
      {},
      'ERR_PUBLISH_BYTECODE',
    ],
    // regressions.md 27
    [
      'plain JavaScript',
      { launch: { bytes: new TextEncoder().encode('print(1)'), path: 'main.js' } },
      {},
      'ERR_PUBLISH_PLAIN_JS',
    ],
    ['an empty bundle', { launch: { bytes: new Uint8Array(0), path: 'main.hbc' } }, {}, 'ERR_PUBLISH_EMPTY'],
    [
      'a path out of the release',
      { assets: [{ bytes: Uint8Array.of(1), path: '../x' }] },
      {},
      'ERR_DOCUMENT_SHAPE',
    ],
    [
      'two assets of one name',
      {
        assets: [
          { bytes: Uint8Array.of(1), path: 'a' },
          { bytes: Uint8Array.of(2), path: 'A' },
        ],
      },
      {},
      'ERR_DOCUMENT_PATH',
    ],
    ['no runtime', { runtimeVersion: undefined as never }, {}, 'ERR_DOCUMENT_SHAPE'],
    ['version code 0', { versionCode: 0 }, {}, 'ERR_PUBLISH_VERSION_CODE'],
    [
      'a storage that cannot compare and swap',
      {},
      { storage: { ...memoryStorage(), capabilities: { conditionalWrites: false } } },
      'ERR_PUBLISH_NO_CONDITIONAL_WRITES',
    ],
  ])('%s', async (_name, input, change, code) => {
    const storage = change.storage ?? memoryStorage();
    const { runtimeVersion, ...rest } = release('1.0.0', input);
    const clean = runtimeVersion === undefined ? rest : { ...rest, runtimeVersion };
    await expect(publisher({ ...change, storage }).publish(clean)).rejects.toMatchObject({ code });
    expect(await storage.head(indexKey(SCOPE))).toBeUndefined();
  });

  it('plain JavaScript may be asked for', async () => {
    const launch = { bytes: new TextEncoder().encode('print(1)'), path: 'main.js' };
    expect(await publisher().publish(release('1', { allowPlainJs: true, launch }))).toMatchObject({
      changed: true,
    });
  });

  it('a version code that is not higher, an id that is taken, a release that is not there', async () => {
    const one = publisher();
    await one.publish(release('1.0.0', { releaseId: 'r1', versionCode: 5 }));
    await expect(one.publish(release('1.0.1', { versionCode: 5 }))).rejects.toMatchObject({
      code: 'ERR_PUBLISH_VERSION_CODE',
    });
    await expect(one.publish(release('1.0.1', { releaseId: 'r1' }))).rejects.toMatchObject({
      code: 'ERR_PUBLISH_RELEASE_ID',
    });
    await expect(one.pause('r9')).rejects.toMatchObject({
      code: 'ERR_PUBLISH_UNKNOWN_RELEASE',
      message: expect.stringContaining('r1'),
    });
  });

  it('an index that somebody else signed is not extended', async () => {
    const storage = memoryStorage();
    await publisher({ storage }).publish(release('1.0.0'));
    const other = generateKeyPair();
    const theirs = createLocalSigner(other.privateKeyPem);
    const thief = publisher({
      signers: { index: theirs, release: theirs },
      storage,
      trust: { keys: [other.publicKeyPem] },
    });
    await expect(thief.publish(release('1.0.1'))).rejects.toMatchObject({ code: 'ERR_COSE_KEY_UNKNOWN' });
  });
});

describe('steering a channel changes the index only', () => {
  it('rollout, pause, resume, revoke', async () => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    const { release: r } = await one.publish(release('1.0.0', { rolloutBasisPoints: 100 }));
    const before = (await keysOf(storage)).filter((key) => !key.startsWith('channels/'));
    expect((await one.setRollout(r.releaseId, 2500)).releases[0]).toMatchObject({ rolloutBasisPoints: 2500 });
    expect((await one.pause(r.releaseId)).releases[0]).toMatchObject({ status: 'paused' });
    expect((await one.resume(r.releaseId)).releases[0]).toMatchObject({ status: 'active' });
    expect((await one.resume(r.releaseId)).sequence).toBe(4);
    expect((await one.revoke(r.releaseId, { rollbackTo: 'embedded' })).releases[0]).toMatchObject({
      rollbackTo: 'embedded',
      status: 'revoked',
    });
    await expect(one.resume(r.releaseId)).rejects.toMatchObject({ code: 'ERR_PUBLISH_STATE' });
    expect((await keysOf(storage)).filter((key) => !key.startsWith('channels/'))).toEqual(before);
    expect((await one.read())?.index.releases[0]).toMatchObject({ manifest: r.manifest, salt: r.salt });
    expect(() => one.setRollout(r.releaseId, 10_001)).toThrow(RangeError);
  });

  it('retry is one more chance for devices that failed for no known reason, and for a release that is not revoked', async () => {
    const one = publisher();
    const { release: r } = await one.publish(release('1.0.0'));
    const failed = { failedSha256Hex: [r.launchSha256Hex], retryTokens: { [r.launchSha256Hex]: 0 } };
    const actionOf = (index: ChannelIndex, facts: object): string =>
      decide(index, { ...DEVICE, ...facts }, index.issuedAtSeconds).action;
    const first = await one.retry(r.releaseId);
    expect(first.releases[0]).toMatchObject({ retryToken: 1 });
    expect(actionOf(first, failed)).toBe('update');
    expect(actionOf(first, { ...failed, retryTokens: {} })).toBe('none');
    expect(actionOf(first, { ...failed, retryTokens: { [r.launchSha256Hex]: 1 } })).toBe('none');
    expect((await one.retry(r.releaseId)).releases[0]).toMatchObject({ retryToken: 2 });
    await one.revoke(r.releaseId);
    for (const again of [one.retry(r.releaseId), one.setRollout(r.releaseId, 1)])
      await expect(again).rejects.toMatchObject({ code: 'ERR_PUBLISH_STATE' });
  });

  it('revoke sends nobody where no device can go, and changes nothing then', async () => {
    const one = publisher();
    const ids: string[] = [];
    for (const version of ['1.0.0', '1.0.1', '1.0.2'])
      ids.push((await one.publish(release(version))).release.releaseId);
    const [first, second, third] = ids as [string, string, string];
    await one.pause(first);
    for (const [rollbackTo, why] of [
      ['nowhere', /no release nowhere/],
      [second, /that they leave/],
      [third, /is above/],
      [first, /paused; resume it first/],
    ] as const)
      await expect(one.revoke(second, { rollbackTo })).rejects.toMatchObject({
        code: 'ERR_PUBLISH_STATE',
        message: expect.stringMatching(why),
      });
    expect((await one.read())?.index.releases[1]).toMatchObject({ status: 'active' });
    await one.resume(first);
    expect((await one.revoke(second, { rollbackTo: first })).releases[1]).toMatchObject({
      rollbackTo: first,
    });
    // Told again it is no error, even when the place to go has gone bad meanwhile.
    await one.revoke(first);
    expect((await one.revoke(second, { rollbackTo: first })).releases[1]).toMatchObject({
      rollbackTo: first,
    });
    await expect(one.revoke(third, { rollbackTo: first })).rejects.toThrow(/revoked, too/);
  });

  it('promote names the same bytes in another channel', async () => {
    const storage = memoryStorage();
    const beta = publisher({ scope: { ...SCOPE, channel: 'beta' }, storage });
    const production = publisher({ storage });
    const { release: r } = await beta.publish(release('1.0.0'));
    const index = await production.promote(r, { rolloutBasisPoints: 500 });
    expect(index).toMatchObject({
      channel: 'production',
      releases: [{ manifest: r.manifest, rolloutBasisPoints: 500 }],
    });
    expect((await production.promote(r)).sequence).toBe(1);
    expect((await production.verify()).problems).toEqual([]);
  });

  it('refresh signs anew with a later expiry', async () => {
    const storage = memoryStorage();
    let nowMs = 1_790_000_000_000;
    const one = publisher({ clock: { nowMs: () => nowMs }, storage });
    await one.publish(release('1.0.0'));
    nowMs += 86_400_000;
    expect(await one.refresh()).toMatchObject({
      expiresAtSeconds: 1_790_000_000 + 86_400 + 604_800,
      sequence: 2,
    });
  });
});

describe('verify finds what a device would stumble over', () => {
  it.each<
    [
      string,
      (storage: ObjectStorage, keys: { object: string; patch: string; manifest: string }) => Promise<unknown>,
      string,
    ]
  >([
    ['a changed object', (storage, { object }) => storage.put(object, Uint8Array.of(1)), 'objects/'],
    ['a missing object', (storage, { object }) => storage.delete(object), 'objects/'],
    ['a changed patch', (storage, { patch }) => storage.put(patch, Uint8Array.of(1)), 'patches/'],
    ['a missing manifest', (storage, { manifest }) => storage.delete(manifest), 'manifests/'],
    ['a changed index', (storage) => storage.put(indexKey(SCOPE), Uint8Array.of(1)), 'index'],
  ])('%s', async (_name, damage, prefix) => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    const first = await one.publish(release('1.0.0'));
    const { release: r } = await one.publish(release('1.0.1'));
    const patch = patchKey(first.release.launchSha256Hex, r.launchSha256Hex, r.patches[0]?.format as string);
    await damage(storage, {
      manifest: `manifests/${r.manifest.sha256Hex}.cose`,
      object: objectKey(r.launchSha256Hex),
      patch,
    });
    const { problems } = await one.verify();
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every(({ key }) => key.startsWith(prefix) || key.startsWith('patches/'))).toBe(true);
  });
});
