import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import {
  indexKey,
  indexLogKey,
  openInitialRoot,
  rootKey,
  type TrustRoot,
  verifyRootStep,
  rootFromKeys,
} from '@kivyx-ota/manifest';
import { signChannelIndex, signTrustRoot } from '@kivyx-ota/manifest/sign';
import { createPublisher, type Publisher, type PublisherOptions } from '@kivyx-ota/publisher';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';
import { describe, expect, it } from 'vitest';
import { options, pair, publisher, release, SCOPE } from './samples.ts';

const log = (epoch: number, sequence: number): string => indexLogKey(SCOPE, { epoch, sequence });
const messages = ({ problems }: { problems: readonly { message: string }[] }): string =>
  problems.map(({ message }) => message).join('\n');

async function history(): Promise<{ readonly storage: ObjectStorage; readonly one: Publisher }> {
  const storage = memoryStorage();
  const one = publisher({ storage });
  const { release: first } = await one.publish(release('1.0.0', { rolloutBasisPoints: 100 }));
  await one.setRollout(first.releaseId, 10_000);
  await one.publish(release('1.0.1'));
  await one.revoke(first.releaseId, { rollbackTo: 'embedded' });
  await one.refresh();
  return { one, storage };
}

describe('readAuditLog', () => {
  it('tells who changed what, link by link', async () => {
    const { one } = await history();
    const { entries, problems } = await one.readAuditLog();
    expect(problems).toEqual([]);
    expect(entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(entries.map(({ changes }) => changes.map(({ type }) => type).join())).toEqual([
      'published',
      'rollout',
      'published',
      'status',
      'refreshed',
    ]);
    expect(entries[1]?.changes).toMatchObject([{ from: 100, to: 10_000 }]);
    expect(entries[3]?.changes).toMatchObject([{ from: 'active', rollbackTo: 'embedded', to: 'revoked' }]);
    expect(entries.every(({ kidHex }) => kidHex === pair.publicKey.kidHex)).toBe(true);
  });

  it('of an empty channel is empty', async () => {
    expect(await publisher().readAuditLog()).toEqual({ entries: [], problems: [] });
  });

  it.each<[string, (storage: ObjectStorage) => Promise<unknown>, RegExp]>([
    ['a missing entry', (storage) => storage.delete(log(0, 3)), /3 is missing[\s\S]*which is not in the log/],
    ['a missing beginning', (storage) => storage.delete(log(0, 1)), /beginning of the log is missing/],
    ['a changed entry', (storage) => storage.put(log(0, 2), Uint8Array.of(1)), /2 is missing/],
    [
      'an entry under another number',
      async (storage) =>
        storage.put(log(0, 9), ((await storage.get(log(0, 2))) as { body: Uint8Array }).body),
      /it holds index 0-2/,
    ],
    [
      'an old index put back',
      async (storage) =>
        storage.put(indexKey(SCOPE), ((await storage.get(log(0, 3))) as { body: Uint8Array }).body),
      /is 0-3, the log goes on to 0-5: an old index was put back/,
    ],
    ['a current index that was not logged', (storage) => storage.delete(log(0, 5)), /is not in the log/],
  ])('finds %s', async (_name, damage, words) => {
    const { one, storage } = await history();
    await damage(storage);
    expect(messages(await one.readAuditLog())).toMatch(words);
  });

  it('finds an entry that does not follow the one before it', async () => {
    const { one, storage } = await history();
    const { index } = (await one.read()) as { index: Parameters<typeof signChannelIndex>[0] };
    const fork = await signChannelIndex(
      {
        ...index,
        sequence: 5,
        previousSha256Hex: (await one.readAuditLog()).entries[1]?.payloadSha256Hex as string,
      },
      options().signers.index,
    );
    await storage.put(log(0, 5), fork.envelope);
    await storage.put(indexKey(SCOPE), fork.envelope);
    expect(messages(await one.readAuditLog())).toBe('does not follow the entry before it');
  });

  it('finds an entry signed by a stranger', async () => {
    const { one, storage } = await history();
    const { index } = (await one.read()) as { index: Parameters<typeof signChannelIndex>[0] };
    const stranger = createLocalSigner(generateKeyPair().privateKeyPem);
    await storage.put(log(0, 5), (await signChannelIndex(index, stranger)).envelope);
    expect(await one.readAuditLog()).toMatchObject({
      problems: [{ code: 'ERR_COSE_KEY_UNKNOWN', key: log(0, 5) }, { key: indexKey(SCOPE) }],
    });
  });
});

describe('a root that no longer knows the key of the index', () => {
  const [rootPair, indexA, indexB, releasePair] = Array.from({ length: 4 }, () => generateKeyPair()) as [
    typeof pair,
    typeof pair,
    typeof pair,
    typeof pair,
  ];
  const signerOf = ({ privateKeyPem }: typeof pair): ReturnType<typeof createLocalSigner> =>
    createLocalSigner(privateKeyPem);
  const rootOf = (version: number, index: readonly (typeof pair)[]): TrustRoot => {
    const keys = [rootPair, releasePair, ...index].map(({ publicKey }) => publicKey);
    const kids = (list: readonly (typeof pair)[]): string[] =>
      list.map(({ publicKey }) => publicKey.kidHex).toSorted();
    return {
      expiresAtSeconds: 1_900_000_000,
      issuedAtSeconds: 1_700_000_000,
      keys: keys.toSorted((a, b) => (a.kidHex < b.kidHex ? -1 : 1)),
      project: SCOPE.project,
      revokedReleaseIds: [],
      roles: {
        index: [{ kidHexes: kids(index), threshold: 1 }],
        release: { kidHexes: kids([releasePair]), threshold: 1 },
        root: { kidHexes: kids([rootPair]), threshold: 1 },
      },
      version,
    };
  };
  const withRoot = (storage: ObjectStorage, root: TrustRoot, index: typeof pair): Publisher =>
    createPublisher(
      options({
        signers: { index: signerOf(index), release: signerOf(releasePair) },
        storage,
        trust: { root },
      }),
    );

  /** Two releases under root 1, then root 2 that forgets key A at once. */
  async function stuck(): Promise<{
    storage: ObjectStorage;
    root1: TrustRoot;
    root2: TrustRoot;
    old: Publisher;
    next: Publisher;
  }> {
    const storage = memoryStorage();
    const first = await signTrustRoot(rootOf(1, [indexA]), [signerOf(rootPair)]);
    const second = await signTrustRoot(rootOf(2, [indexB]), [signerOf(rootPair)]);
    const root1 = openInitialRoot(first.envelope);
    const root2 = verifyRootStep(root1, second.envelope);
    await storage.put(rootKey(1), first.envelope);
    await storage.put(rootKey(2), second.envelope);
    const old = withRoot(storage, root1, indexA);
    await old.publish(release('1.0.0'));
    await old.publish(release('1.0.1'));
    return { next: withRoot(storage, root2, indexB), old, root1, root2, storage };
  }

  it('stops every other verb, and recoverIndex signs the same content anew', async () => {
    const { next, old, root1 } = await stuck();
    await expect(next.refresh()).rejects.toMatchObject({ code: 'ERR_COSE_KEY_UNKNOWN' });
    const before = (await old.read())?.index;
    const index = await next.recoverIndex({ previousTrust: { root: root1 } });
    expect(index).toMatchObject({ epoch: 2, releases: before?.releases, sequence: 3 });
    expect(await next.publish(release('1.0.2'))).toMatchObject({ sequence: 4 });
    expect((await next.verify()).problems).toEqual([]);
    // With the old root the whole history can be read, over the change of keys.
    const audit = await next.readAuditLog({ previousTrust: { root: root1 } });
    expect(audit.problems).toEqual([]);
    expect(audit.entries.map(({ epoch, sequence }) => `${epoch}-${sequence}`)).toEqual([
      '1-1',
      '1-2',
      '2-3',
      '2-4',
    ]);
  });

  it('from an entry of the log when a thief has written since, whatever number he chose', async () => {
    const { next, old, root1, storage } = await stuck();
    const { index, etag } = (await old.read()) as NonNullable<Awaited<ReturnType<Publisher['read']>>>;
    const theirs = await signChannelIndex(
      { ...index, releases: [], sequence: Number.MAX_SAFE_INTEGER, previousSha256Hex: '0'.repeat(64) },
      signerOf(indexA),
    );
    await storage.put(indexKey(SCOPE), theirs.envelope, { ifMatch: etag });
    const back = await next.recoverIndex({
      lastGood: { epoch: 1, sequence: 2 },
      previousTrust: { root: root1 },
    });
    expect(back).toMatchObject({ epoch: 2, releases: index.releases, sequence: 3 });
    expect((await next.verify()).problems).toEqual([]);
    expect((await next.readAuditLog({ previousTrust: { root: root1 } })).problems).toEqual([]);
  });

  it('keeps log entries of both epochs apart, also where their numbers are equal', async () => {
    const { next, root1, storage } = await stuck();
    await next.recoverIndex({ lastGood: { epoch: 1, sequence: 1 }, previousTrust: { root: root1 } });
    expect(await storage.head(log(1, 2))).toBeDefined();
    expect(await storage.head(log(2, 2))).toBeDefined();
    const { entries, problems } = await next.readAuditLog({ previousTrust: { root: root1 } });
    expect(problems).toEqual([]);
    expect(entries.at(-1)?.changes).toEqual([{ type: 'refreshed' }]);
  });

  it('works for bare keys, where the caller vouches for the old one', async () => {
    const storage = memoryStorage();
    await publisher({ storage }).publish(release('1.0.0'));
    const fresh = generateKeyPair();
    const change: Partial<PublisherOptions> = {
      signers: { index: signerOf(fresh), release: options().signers.release },
      storage,
      trust: { keys: [fresh.publicKeyPem, pair.publicKeyPem] },
    };
    await expect(
      publisher({ ...change, trust: { keys: [fresh.publicKeyPem] } }).refresh(),
    ).rejects.toMatchObject({ code: 'ERR_PUBLISH_KEY' });
    const index = await publisher(change).recoverIndex({ previousTrust: { keys: [pair.publicKeyPem] } });
    expect(index).toMatchObject({ epoch: 0, sequence: 2 });
  });

  it('does not believe a chain that does not lead to its own root', async () => {
    const { next, root1, storage } = await stuck();
    const stranger = rootFromKeys(SCOPE.project, [generateKeyPair().publicKeyPem]);
    await expect(
      next.recoverIndex({ previousTrust: { root: { ...stranger, version: 1 } } }),
    ).rejects.toMatchObject({
      code: 'ERR_COSE_THRESHOLD',
    });
    await storage.delete(rootKey(2));
    await expect(next.recoverIndex({ previousTrust: { root: root1 } })).rejects.toMatchObject({
      code: 'ERR_PUBLISH_ROOTS',
    });
    const other = await signTrustRoot({ ...rootOf(2, [indexB]), revokedReleaseIds: ['x'] }, [
      signerOf(rootPair),
    ]);
    await storage.put(rootKey(2), other.envelope);
    await expect(next.recoverIndex({ previousTrust: { root: root1 } })).rejects.toMatchObject({
      code: 'ERR_PUBLISH_ROOTS',
    });
    await expect(
      next.recoverIndex({ previousTrust: { root: { ...root1, version: 3 } } }),
    ).rejects.toMatchObject({ code: 'ERR_PUBLISH_ROOTS' });
  });

  it('does not believe an index of a stranger, nor one that is not there', async () => {
    const { next, old, root1, storage } = await stuck();
    const { index } = (await old.read()) as { index: Parameters<typeof signChannelIndex>[0] };
    await storage.put(indexKey(SCOPE), (await signChannelIndex(index, signerOf(generateKeyPair()))).envelope);
    await expect(next.recoverIndex({ previousTrust: { root: root1 } })).rejects.toMatchObject({
      code: 'ERR_COSE_KEY_UNKNOWN',
    });
    await expect(
      next.recoverIndex({ lastGood: { epoch: 1, sequence: 9 }, previousTrust: { root: root1 } }),
    ).rejects.toMatchObject({ code: 'ERR_PUBLISH_STATE' });
  });
});

describe('backfillPatches', () => {
  it('names patches for what is published already, with one swap, and none twice', async () => {
    const storage = memoryStorage();
    const bare = publisher({ patchBaseCount: 0, storage });
    const hashes: string[] = [];
    for (const version of ['1', '2', '3', '4'])
      hashes.push((await bare.publish(release(version))).release.launchSha256Hex);
    const embedded = release('0').launch.bytes;
    const result = await bare.backfillPatches({ bases: 2, embedded: [embedded] });
    expect(result).toMatchObject({ changed: true, releases: [{ version: '4' }], sequence: 5 });
    const bases = result.releases[0]?.patches.map(({ baseSha256Hex }) => baseSha256Hex);
    expect(bases?.slice(1)).toEqual([hashes[2], hashes[1]]);
    expect((await bare.read())?.index.releases.at(-1)?.patches).toHaveLength(3);
    expect(await bare.verify()).toMatchObject({ patches: 3, problems: [] });
    expect(await bare.backfillPatches({ bases: 2, embedded: [embedded] })).toMatchObject({
      changed: false,
      sequence: 5,
    });
  });

  it('starts from lower releases only, and for the newest of each runtime', async () => {
    const one = publisher({ patchBaseCount: 0 });
    const ids: string[] = [];
    for (const [version, runtimeVersion] of [
      ['1', 'a'],
      ['2', 'a'],
      ['3', 'b'],
      ['4', 'b'],
    ] as const)
      ids.push((await one.publish(release(version, { runtimeVersion }))).release.releaseId);
    const { releases } = await one.backfillPatches();
    expect(releases.map(({ patches, version }) => `${version}: ${patches.length}`)).toEqual(['2: 1', '4: 1']);
    expect(await one.backfillPatches({ releaseIds: [ids[0] as string] })).toMatchObject({ changed: false });
    await expect(one.backfillPatches({ releaseIds: ['no'] })).rejects.toMatchObject({
      code: 'ERR_PUBLISH_UNKNOWN_RELEASE',
    });
  });

  it('says so when the launch file is damaged', async () => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    const { release: r } = await one.publish(release('1'));
    await storage.put(`objects/${r.launchSha256Hex}`, Uint8Array.of(1));
    await expect(one.backfillPatches()).rejects.toMatchObject({ code: 'ERR_PUBLISH_CORRUPT' });
  });
});
