import { createLocalSigner, generateKeyPair, type Signer } from '@kivyx-ota/cose/sign';
import {
  keysForRole,
  openInitialRoot,
  rootFromKeys,
  type TrustRoot,
  verifyRootStep,
  walkRootChain,
} from '@kivyx-ota/manifest';
import { signTrustRoot } from '@kivyx-ota/manifest/sign';
import { describe, expect, it } from 'vitest';

const pairs = Array.from({ length: 8 }, () => generateKeyPair());
const signerOf = (i: number): Signer => createLocalSigner((pairs[i] as (typeof pairs)[number]).privateKeyPem);
const code = (value: string): unknown => expect.objectContaining({ code: value, name: 'OtaError' });

function root(
  version: number,
  rootKeys: readonly number[],
  threshold: number,
  change: Partial<TrustRoot> = {},
): TrustRoot {
  const kids = (list: readonly number[]): string[] =>
    list.map((i) => pairs[i]?.publicKey.kidHex as string).toSorted();
  return {
    expiresAtSeconds: 2000,
    issuedAtSeconds: 1000,
    keys: [...new Set([...rootKeys, 6, 7])]
      .map((i) => (pairs[i] as (typeof pairs)[number]).publicKey)
      .toSorted((a, b) => (a.kidHex < b.kidHex ? -1 : 1)),
    project: 'acme',
    revokedReleaseIds: [],
    roles: {
      index: [{ kidHexes: kids([7]), threshold: 1 }],
      release: { kidHexes: kids([6]), threshold: 1 },
      root: { kidHexes: kids(rootKeys), threshold },
    },
    version,
    ...change,
  };
}
const signed = async (document: TrustRoot, by: readonly number[]): Promise<Uint8Array> =>
  (await signTrustRoot(document, by.map(signerOf))).envelope;

async function rotate(
  from: [readonly number[], number],
  to: [readonly number[], number],
  by: readonly number[],
): Promise<TrustRoot> {
  return verifyRootStep(root(1, ...from), await signed(root(2, ...to), by));
}

// Names of tuf-conformance's rotation cases.
describe('root rotation', () => {
  it.each<[string, [readonly number[], number], [readonly number[], number], readonly number[]]>([
    ['1-of-1-key-rotation', [[0], 1], [[1], 1], [0, 1]],
    ['1-of-1-key-rotation-unused-signatures', [[0], 1], [[1], 1], [0, 1, 2, 3]],
    ['3-of-5-sign-with-different-keycombos', [[0, 1, 2, 3, 4], 3], [[0, 1, 2, 3, 4], 3], [0, 2, 4]],
    ['3-of-5-one-key-rotated', [[0, 1, 2, 3, 4], 3], [[0, 1, 2, 3, 5], 3], [0, 1, 2]],
    ['1-of-3-threshold-increase-to-2-of-3', [[0, 1, 2], 1], [[0, 1, 2], 2], [0, 1]],
    ['2-of-3-threshold-decrease-to-1-of-3', [[0, 1, 2], 2], [[0, 1, 2], 1], [0, 1]],
    ['1-of-2-threshold-increase-to-2-of-2', [[0], 1], [[0, 1], 2], [0, 1]],
  ])('%s', async (_name, from, to, by) => {
    expect((await rotate(from, to, by)).version).toBe(2);
  });

  it.each<[string, [readonly number[], number], [readonly number[], number], readonly number[]]>([
    ['1-of-1-key-rotation-fail-not-signed-with-old-key', [[0], 1], [[1], 1], [1]],
    ['1-of-1-key-rotation-fail-not-signed-with-new-key', [[0], 1], [[1], 1], [0]],
    [
      '3-of-5-one-key-rotate-fails-not-signed-with-3-new-keys',
      [[0, 1, 2, 3, 4], 3],
      [[0, 1, 2, 3, 5], 3],
      [0, 1, 4],
    ],
    [
      '3-of-5-one-key-rotate-fails-not-signed-with-3-old-keys',
      [[0, 1, 2, 3, 4], 3],
      [[0, 1, 2, 3, 5], 3],
      [0, 1, 5],
    ],
    ['1-of-3-threshold-bump-to-2-of-3-fails-new-threshold-not-reached', [[0, 1, 2], 1], [[0, 1, 2], 2], [0]],
    ['2-of-3-threshold-decr-to-1-of-3-fails-old-threshold-not-reached', [[0, 1, 2], 2], [[0, 1, 2], 1], [0]],
  ])('%s', async (_name, from, to, by) => {
    await expect(rotate(from, to, by)).rejects.toEqual(code('ERR_COSE_THRESHOLD'));
  });

  it('3-of-5-all-keys-rotated-with-intermediate-step', async () => {
    const first = root(1, [0, 1, 2], 2);
    const chain = [
      await signed(root(2, [0, 1, 2, 3, 4, 5], 2), [0, 1]),
      await signed(root(3, [3, 4, 5], 2), [0, 1, 3, 4]),
    ];
    expect(walkRootChain(first, chain, 1500).version).toBe(3);
  });

  it('new_root_same_version, new_root_nonconsecutive_version', async () => {
    const first = root(1, [0], 1);
    for (const version of [1, 3]) {
      const envelope = await signed(root(version, [0], 1), [0]);
      expect(() => verifyRootStep(first, envelope)).toThrow(code('ERR_ROOT_VERSION'));
    }
  });

  it('intermediate_root_expired is walked over, final_root_expired is not', async () => {
    const first = root(1, [0], 1);
    const old = await signed(root(2, [0], 1, { expiresAtSeconds: 1200 }), [0]);
    const fresh = await signed(root(3, [0], 1), [0]);
    expect(walkRootChain(first, [old, fresh], 1500).version).toBe(3);
    expect(() => walkRootChain(first, [old], 1500)).toThrow(code('ERR_ROOT_EXPIRED'));
  });

  it('max_root_rotations: the 33rd step at once is refused', async () => {
    const step = await signed(root(2, [0], 1), [0]);
    expect(() =>
      walkRootChain(
        root(1, [0], 1),
        Array.from({ length: 33 }, () => step),
        1500,
      ),
    ).toThrow(code('ERR_ROOT_CHAIN'));
  });

  it('a root of another project is refused', async () => {
    const envelope = await signed(root(2, [0], 1, { project: 'evil' }), [0]);
    expect(() => verifyRootStep(root(1, [0], 1), envelope)).toThrow(code('ERR_DOCUMENT_SCOPE'));
  });
});

describe('the first root', () => {
  it('opens by its own threshold', async () => {
    expect(openInitialRoot(await signed(root(1, [0, 1], 2), [0, 1]))).toEqual(root(1, [0, 1], 2));
    const thin = await signed(root(1, [0, 1], 2), [0]);
    expect(() => openInitialRoot(thin)).toThrow(code('ERR_COSE_THRESHOLD'));
  });

  it('of a team with one key is made from that key, and a real root can follow it', async () => {
    const start = rootFromKeys('acme', [(pairs[0] as (typeof pairs)[number]).publicKeyPem]);
    expect(keysForRole(start, 'release').map(({ kidHex }) => kidHex)).toEqual([pairs[0]?.publicKey.kidHex]);
    expect(keysForRole(start, 'index', 'production')).toEqual(keysForRole(start, 'release'));
    expect(verifyRootStep(start, await signed(root(1, [1], 1), [0, 1])).version).toBe(1);
  });
});

describe('roles', () => {
  it('an index key may be for some channels only', () => {
    const base = root(1, [0], 1);
    const kid = (i: number): string => pairs[i]?.publicKey.kidHex as string;
    const split = {
      ...base,
      roles: {
        ...base.roles,
        index: [
          { kidHexes: [kid(7)], threshold: 1 },
          { channels: ['beta'], kidHexes: [kid(6)], threshold: 1 },
        ],
      },
    };
    expect(keysForRole(split, 'index', 'production').map(({ kidHex }) => kidHex)).toEqual([kid(7)]);
    expect(
      keysForRole(split, 'index', 'beta')
        .map(({ kidHex }) => kidHex)
        .toSorted(),
    ).toEqual([kid(6), kid(7)].toSorted());
  });

  it('a role that names an absent key, or a threshold nobody can reach, is refused when signed', async () => {
    const base = root(1, [0], 1);
    const absent = {
      ...base,
      roles: { ...base.roles, release: { kidHexes: ['00'.repeat(16)], threshold: 1 } },
    };
    await expect(signed(absent, [0])).rejects.toEqual(code('ERR_ROOT_ROLE'));
    await expect(signed(root(1, [0], 2), [0])).rejects.toEqual(code('ERR_DOCUMENT_SHAPE'));
    await expect(signed(root(1, [0, 0], 1), [0])).rejects.toEqual(code('ERR_DOCUMENT_SHAPE'));
  });
});
