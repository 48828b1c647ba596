import { equalBytes, isOtaError } from '@kivyx-ota/core';
import { type CborValue, decodeCbor, parsePublicKey } from '@kivyx-ota/cose';
import {
  ALL_ALGORITHMS,
  encodeCbor,
  exportPublicKey,
  generateKeyPair,
  signThreshold,
} from '@kivyx-ota/cose/sign';
import {
  checkEpoch,
  keysForRole,
  LIMITS,
  MEDIA_TYPES,
  openInitialRoot,
  parseTrustRoot,
  rootFromKeys,
  type TrustRoot,
  verifyRootStep,
} from '@kivyx-ota/manifest';
import { encodeTrustRoot, mergeTrustRoots, signTrustRoot } from '@kivyx-ota/manifest/sign';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, kidOf, pairOf, sampleRoot as root, signerOf, signRoot as signed } from './root-samples.ts';

describe('the first root', () => {
  it('opens by its own threshold', async () => {
    expect(openInitialRoot(await signed(root(1, [0, 1], 2), [0, 1]))).toEqual(root(1, [0, 1], 2));
    const thin = await signed(root(1, [0, 1], 2), [0]);
    expect(() => openInitialRoot(thin)).toThrow(code('ERR_COSE_THRESHOLD'));
  });

  it('of a team with one key is made from that key, and a real root can follow it', async () => {
    const start = rootFromKeys('acme', [pairOf(0).publicKeyPem]);
    expect(keysForRole(start, 'release').map(({ kidHex }) => kidHex)).toEqual([kidOf(0)]);
    expect(keysForRole(start, 'index', 'production')).toEqual(keysForRole(start, 'release'));
    expect(verifyRootStep(start, await signed(root(1, [1], 1), [0, 1])).version).toBe(1);
    await expect(async () => verifyRootStep(start, await signed(root(1, [1], 1), [1]))).rejects.toEqual(
      code('ERR_COSE_THRESHOLD'),
    );
  });

  it('cannot be made from nothing', () => {
    expect(() => rootFromKeys('acme', [])).toThrow(RangeError);
  });
});

describe('a trust root survives its encoding', () => {
  const lists = fc.record({
    channels: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), { maxLength: 5, minLength: 1 }),
    indexKeys: fc.uniqueArray(fc.nat(7), { maxLength: 8, minLength: 1 }),
    revokedReleaseIds: fc.uniqueArray(fc.uuid(), { maxLength: 5 }),
    rootKeys: fc.uniqueArray(fc.nat(7), { maxLength: 8, minLength: 1 }),
    version: fc.integer({ max: 2 ** 50, min: 1 }),
  });
  it('whatever the order its lists are written in', () => {
    fc.assert(
      fc.property(lists, fc.nat(), ({ channels, indexKeys, revokedReleaseIds, rootKeys, version }, pick) => {
        const base = root(version, rootKeys, (pick % rootKeys.length) + 1);
        const document: TrustRoot = {
          ...base,
          keys: Array.from({ length: 8 }, (_, i) => pairOf(i).publicKey),
          revokedReleaseIds,
          roles: { ...base.roles, index: [{ channels, kidHexes: indexKeys.map(kidOf), threshold: 1 }] },
        };
        const payload = encodeTrustRoot(document);
        const parsed = parseTrustRoot(payload);
        expect(encodeTrustRoot(parsed)).toEqual(payload);
        expect(parsed).toMatchObject({
          project: 'acme',
          revokedReleaseIds: revokedReleaseIds.toSorted(),
          roles: { index: [{ channels: channels.toSorted(), kidHexes: indexKeys.map(kidOf).toSorted() }] },
          version,
        });
        expect(encodeTrustRoot({ ...document, keys: document.keys.toReversed() })).toEqual(payload);
      }),
      { numRuns: 50 },
    );
  });

  it('keys have one spelling: alg −9 for −7, no alg, and SPKI are refused', () => {
    const map = decodeCbor(encodeTrustRoot(root(1, [0], 1))) as ReadonlyMap<number, CborValue>;
    const [first, ...others] = map.get(6) as Uint8Array[];
    const key = decodeCbor(first as Uint8Array) as ReadonlyMap<number, CborValue>;
    const alias = encodeCbor(new Map<number, CborValue>([...key, [3, -9]]));
    const silent = encodeCbor(new Map([...key].filter(([label]) => label !== 3)));
    const spki = exportPublicKey(parsePublicKey(first as Uint8Array)).spki;
    for (const spelling of [alias, silent, spki]) {
      const payload = encodeCbor(new Map<number, CborValue>([...map, [6, [spelling, ...others]]]));
      expect(() => parseTrustRoot(payload)).toThrow(code('ERR_DOCUMENT_SHAPE'));
    }
  });

  it('Ed25519 keys have a place too, in readers that were given the algorithm', () => {
    const pair = generateKeyPair('Ed25519');
    const base = root(1, [0], 1);
    const mixed = { ...base, keys: [...base.keys, pair.publicKey] };
    const parsed = parseTrustRoot(encodeTrustRoot(mixed), ALL_ALGORITHMS);
    expect(parsed.keys.find(({ kidHex }) => kidHex === pair.publicKey.kidHex)).toEqual(pair.publicKey);
    expect(() => parseTrustRoot(encodeTrustRoot(mixed))).toThrow(code('ERR_KEY_CURVE'));
    const { coseKey } = exportPublicKey(pair.publicKey);
    expect(decodeCbor(encodeTrustRoot(mixed))).toSatisfy((map: ReadonlyMap<number, CborValue>) =>
      (map.get(6) as Uint8Array[]).some((key) => equalBytes(key, coseKey)),
    );
  });

  it('mutated bytes are refused with a typed error or are a root that encodes to just these bytes', () => {
    const payload = encodeTrustRoot(root(3, [0, 1, 2], 2));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(payload.length - 1), fc.nat(255)), { maxLength: 3, minLength: 1 }),
        (edits) => {
          const mutant = payload.slice();
          for (const [at, byte] of edits) mutant[at] = byte;
          try {
            expect(encodeTrustRoot(parseTrustRoot(mutant))).toEqual(mutant);
          } catch (error) {
            expect(isOtaError(error), String(error)).toBe(true);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('roles', () => {
  it('an index key may be for some channels only', () => {
    const base = root(1, [0], 1);
    const split = {
      ...base,
      roles: {
        ...base.roles,
        index: [
          { kidHexes: [kidOf(7)], threshold: 1 },
          { channels: ['beta'], kidHexes: [kidOf(6)], threshold: 1 },
        ],
      },
    };
    const kids = (channel?: string): string[] =>
      keysForRole(split, 'index', channel)
        .map(({ kidHex }) => kidHex)
        .toSorted();
    expect(kids('production')).toEqual([kidOf(7)]);
    expect(kids()).toEqual([kidOf(7)]);
    expect(kids('beta')).toEqual([kidOf(6), kidOf(7)].toSorted());
  });

  it.each<[string, (base: TrustRoot) => object, string]>([
    [
      'a role that names an absent key',
      ({ roles }) => ({ roles: { ...roles, release: { kidHexes: ['00'.repeat(16)], threshold: 1 } } }),
      'ERR_ROOT_ROLE',
    ],
    [
      'a root threshold nobody can reach',
      ({ roles }) => ({ roles: { ...roles, root: { ...roles.root, threshold: 2 } } }),
      'ERR_DOCUMENT_SHAPE',
    ],
    [
      'a threshold of 0',
      ({ roles }) => ({ roles: { ...roles, root: { ...roles.root, threshold: 0 } } }),
      'ERR_DOCUMENT_SHAPE',
    ],
    [
      'a key listed twice in a role',
      ({ roles }) => ({ roles: { ...roles, root: { kidHexes: [kidOf(0), kidOf(0)], threshold: 2 } } }),
      'ERR_DOCUMENT_SHAPE',
    ],
    [
      'an index threshold above 1, which one signature cannot meet',
      ({ roles }) => ({ roles: { ...roles, index: [{ kidHexes: [kidOf(6), kidOf(7)], threshold: 2 }] } }),
      'ERR_DOCUMENT_SHAPE',
    ],
    ['no index role', ({ roles }) => ({ roles: { ...roles, index: [] } }), 'ERR_DOCUMENT_SHAPE'],
    ['an end before its start', () => ({ expiresAtSeconds: 1000 }), 'ERR_DOCUMENT_SHAPE'],
    ['version 0', () => ({ version: 0 }), 'ERR_DOCUMENT_SHAPE'],
    ['a release revoked twice', () => ({ revokedReleaseIds: ['a', 'a'] }), 'ERR_DOCUMENT_SHAPE'],
  ])('%s is refused before it is signed', async (_name, change, expected) => {
    const base = root(1, [0], 1);
    await expect(signed({ ...base, ...change(base) }, [0])).rejects.toEqual(code(expected));
  });

  it('a threshold above 16, for which no envelope has room in a rotation', async () => {
    const base = root(1, [0], 1);
    const kidHexes = Array.from({ length: 20 }, (_, i) => i.toString(16).padStart(32, '0'));
    const big = { ...base, roles: { ...base.roles, root: { kidHexes, threshold: 17 } } };
    await expect(signed(big, [0])).rejects.toEqual(
      expect.objectContaining({ code: expect.stringMatching(/ERR_DOCUMENT_SHAPE|ERR_ROOT_ROLE/) as string }),
    );
  });
});

describe('size', () => {
  it('the largest root that can be signed can be read: the cap is the payload’s, the envelope has room above it', async () => {
    const ids = (count: number): string[] =>
      Array.from({ length: count }, (_, i) => `${'r'.repeat(60)}${String(i).padStart(4, '0')}`);
    const largest = root(2, [0], 1, { revokedReleaseIds: ids(980) });
    const payload = encodeTrustRoot(largest);
    expect(payload.length).toBeGreaterThan(LIMITS.rootSizeBytes - 2000);
    const envelope = await signed(largest, [0, 1, 2, 3, 4, 5, 6, 7]);
    expect(verifyRootStep(root(1, [0], 1), envelope).revokedReleaseIds).toHaveLength(980);
  });

  it('anything above is refused before it is parsed', () => {
    const huge = new Uint8Array(LIMITS.rootSizeBytes + LIMITS.envelopeOverheadBytes + 1);
    expect(() => verifyRootStep(root(1, [0], 1), huge)).toThrow(code('ERR_DOCUMENT_SIZE'));
    expect(() => openInitialRoot(huge)).toThrow(code('ERR_DOCUMENT_SIZE'));
  });
});

describe('signatures from different machines', () => {
  const next = root(2, [1, 2, 3], 2);
  const first = root(1, [0], 1);

  it('are merged into one envelope, in one order, each key once', async () => {
    const parts = await Promise.all([[3], [0], [1], [1]].map((by) => signed(next, by)));
    const merged = mergeTrustRoots(parts);
    expect(verifyRootStep(first, merged)).toEqual(next);
    expect(mergeTrustRoots([parts[1], parts[3], parts[0]] as Uint8Array[])).toHaveLength(merged.length);
    expect(() => verifyRootStep(first, mergeTrustRoots(parts.slice(0, 2)))).toThrow(
      code('ERR_COSE_THRESHOLD'),
    );
  });

  it('over another document are not', async () => {
    const other = await signed({ ...next, version: 3 }, [1]);
    expect(() => mergeTrustRoots([other, new Uint8Array([0x80])])).toThrow(code('ERR_DOCUMENT_SHAPE'));
    const one = await signed(next, [0]);
    expect(() => mergeTrustRoots([one, other])).toThrow(code('ERR_DOCUMENT_SHAPE'));
  });
});

it('a root of another project, or whose claims disagree, is refused', async () => {
  const first = root(1, [0], 1);
  const evil = await signed(root(2, [0], 1, { project: 'evil' }), [0]);
  expect(() => verifyRootStep(first, evil)).toThrow(code('ERR_DOCUMENT_SCOPE'));
  const { payload } = await signTrustRoot(root(2, [0], 1), [signerOf(0)]);
  const lying = await signThreshold(payload, {
    claims: { issuer: 'evil', subject: 'trust-root' },
    signers: [signerOf(0)],
    type: MEDIA_TYPES.trustRoot,
  });
  expect(() => verifyRootStep(first, lying)).toThrow(code('ERR_DOCUMENT_SCOPE'));
});

it('only root keys open an epoch: an index from a later one is refused', () => {
  expect(() => checkEpoch({ epoch: 3 }, { version: 2 })).toThrow(code('ERR_ROOT_EPOCH'));
  expect(() => checkEpoch({ epoch: 1 }, rootFromKeys('acme', [pairOf(0).publicKeyPem]))).toThrow(
    code('ERR_ROOT_EPOCH'),
  );
  expect(() => checkEpoch({ epoch: 2 }, { version: 2 })).not.toThrow();
  expect(() => checkEpoch({ epoch: 1 }, { version: 2 })).not.toThrow();
});
