// Titles are the case names of tuf-conformance and python-tuf (see docs/threat-model.md). The attacks are the same, the
// documents are ours: root → trust root, timestamp + snapshot → channel index, targets → manifest.
import { equalBytes } from '@kivyx-ota/core';
import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { encodeCbor, signSign1, signThreshold } from '@kivyx-ota/cose/sign';
import {
  checkRootExpiry,
  keysForRole,
  MEDIA_TYPES,
  openInitialRoot,
  parseTrustRoot,
  verifyChannelIndex,
  verifyManifest,
  verifyRootStep,
  walkRootChain,
} from '@kivyx-ota/manifest';
import { encodeTrustRoot, signChannelIndex, signManifest } from '@kivyx-ota/manifest/sign';
import { describe, expect, it } from 'vitest';
import { code, kidOf, pairOf, sampleRoot as root, signerOf, signRoot as signed } from './root-samples.ts';
import { index, manifest, SCOPE } from './samples.ts';

const NOW = 1500;
const CLAIMS = { issuer: 'acme', subject: 'trust-root' };
type Role = readonly [keys: readonly number[], threshold: number];
type Step = readonly [...Role, by: readonly number[]];

/** Walks from a first root (keys, threshold) over steps (keys, threshold, signed by). */
async function walk(first: Role, ...steps: readonly Step[]): Promise<number> {
  const chain = await Promise.all(
    steps.map(([keys, threshold, by], i) => signed(root(i + 2, keys, threshold), by)),
  );
  return walkRootChain(root(1, ...first), chain, NOW).version;
}

/** The envelope as arrays, to be taken apart and put together in ways that the sign entry refuses. */
function open(envelope: Uint8Array): CborValue[] {
  return [...(decodeCbor(envelope.subarray(2)) as CborValue[])];
}
const close = (parts: readonly CborValue[]): Uint8Array => Uint8Array.of(0xd8, 98, ...encodeCbor([...parts]));

/** The payload of a root with one member replaced by what no writer of ours would write. */
async function forged(key: number, value: CborValue, by: readonly number[] = [0]): Promise<Uint8Array> {
  const map = new Map(decodeCbor(encodeTrustRoot(root(2, [0], 1))) as Map<number, CborValue>);
  map.set(key, value);
  return signThreshold(encodeCbor(map), {
    claims: CLAIMS,
    signers: by.map(signerOf),
    type: MEDIA_TYPES.trustRoot,
  });
}

describe('rotation', () => {
  const five = [0, 1, 2, 3, 4];
  it.each<[string, Role, Step[]]>([
    ['1-of-1-key-rotation', [[0], 1], [[[1], 1, [0, 1]]]],
    ['1-of-1-key-rotation-unused-signatures', [[0], 1], [[[1], 1, [0, 1, 2, 3]]]],
    [
      '3-of-5-sign-with-different-keycombos',
      [five, 3],
      [
        [five, 3, [0, 2, 4]],
        [five, 3, [0, 1, 4]],
        [five, 3, [1, 2, 3]],
      ],
    ],
    ['3-of-5-one-key-rotated', [five, 3], [[[0, 1, 2, 3, 5], 3, [0, 1, 2]]]],
    [
      '3-of-5-one-key-rotated-with-intermediate-step',
      [five, 3],
      [
        [[0, 1, 2, 3, 5], 3, [0, 1, 2, 4, 5]],
        [[0, 1, 2, 3, 5], 3, [1, 3, 5]],
      ],
    ],
    [
      '3-of-5-all-keys-rotated-with-intermediate-step',
      [[0, 1, 2], 2],
      [
        [[0, 1, 2, 3, 4, 5], 2, [0, 1]],
        [[3, 4, 5], 2, [0, 1, 3, 4]],
        [[3, 4, 5], 2, [4, 5]],
      ],
    ],
    ['1-of-3-threshold-increase-to-2-of-3', [[0, 1, 2], 1], [[[0, 1, 2], 2, [0, 1]]]],
    ['2-of-3-threshold-decrease-to-1-of-3', [[0, 1, 2], 2], [[[0, 1, 2], 1, [0, 1]]]],
    ['1-of-2-threshold-increase-to-2-of-2', [[0, 1], 1], [[[0, 1], 2, [0, 1]]]],
  ])('%s', async (_name, first, steps) => {
    expect(await walk(first, ...steps)).toBe(steps.length + 1);
  });

  it.each<[string, Role, Step]>([
    ['1-of-1-key-rotation-fail-not-signed-with-old-key', [[0], 1], [[1], 1, [1]]],
    ['1-of-1-key-rotation-fail-not-signed-with-new-key', [[0], 1], [[1], 1, [0]]],
    ['3-of-5-one-key-rotate-fails-not-signed-with-3-new-keys', [five, 3], [[0, 1, 2, 3, 5], 3, [0, 1, 4]]],
    ['3-of-5-one-key-rotate-fails-not-signed-with-3-old-keys', [five, 3], [[0, 1, 2, 3, 5], 3, [0, 1, 5]]],
    ['1-of-3-threshold-bump-to-2-of-3-fails-new-threshold-not-reached', [[0, 1, 2], 1], [[0, 1, 2], 2, [0]]],
    ['2-of-3-threshold-decr-to-1-of-3-fails-old-threshold-not-reached', [[0, 1, 2], 2], [[0, 1, 2], 1, [0]]],
  ])('%s', async (_name, first, step) => {
    await expect(walk(first, step)).rejects.toEqual(code('ERR_COSE_THRESHOLD'));
  });
});

describe('keys', () => {
  const first = root(1, [0, 1], 2);

  it('snapshot_does_not_meet_threshold: an index not signed by the index role; a root below its threshold', async () => {
    const { envelope } = await signChannelIndex(index, signerOf(0));
    const keys = keysForRole(first, 'index', SCOPE.channel);
    expect(() => verifyChannelIndex(envelope, { keys, scope: SCOPE })).toThrow(code('ERR_COSE_KEY_UNKNOWN'));
    const thin = await signed(root(2, [0, 1], 2), [1]);
    expect(() => verifyRootStep(first, thin)).toThrow(code('ERR_COSE_THRESHOLD'));
  });

  it('snapshot_has_too_few_keys: a role whose threshold its keys cannot reach', async () => {
    const roles = decodeCbor(encodeTrustRoot(root(2, [0], 1))) as Map<number, CborValue>;
    const role = new Map(roles.get(7) as Map<number, CborValue>);
    role.set(1, new Map<number, CborValue>([...(role.get(1) as Map<number, CborValue>), [2, 2]]));
    const envelope = await forged(7, role);
    expect(() => verifyRootStep(root(1, [0], 1), envelope)).toThrow(code('ERR_DOCUMENT_SHAPE'));
  });

  it('duplicate_keys: one key twice among the keys, or twice in a role', async () => {
    const map = decodeCbor(encodeTrustRoot(root(2, [0], 1))) as Map<number, CborValue>;
    const keys = map.get(6) as CborValue[];
    const twice = await forged(6, [keys[0] as CborValue, ...keys]);
    expect(() => verifyRootStep(root(1, [0], 1), twice)).toThrow(code('ERR_ROOT_ROLE'));
    const kid = pairOf(0).publicKey.kid;
    const role = new Map(map.get(7) as Map<number, CborValue>);
    role.set(
      1,
      new Map<number, CborValue>([
        [1, [kid, kid]],
        [2, 2],
      ]),
    );
    const listed = await forged(7, role);
    expect(() => verifyRootStep(root(1, [0], 1), listed)).toThrow(code('ERR_DOCUMENT_SHAPE'));
  });

  it('duplicate_sig_keyids: one key that signs twice counts once and refuses the root', async () => {
    const parts = open(await signed(root(2, [0, 1], 2), [0]));
    const [signature] = parts[3] as CborValue[];
    const envelope = close([...parts.slice(0, 3), [signature as CborValue, signature as CborValue]]);
    expect(() => verifyRootStep(first, envelope)).toThrow(code('ERR_COSE_STRUCTURE'));
  });

  it('keytype_and_scheme: a key that says it is for another algorithm', async () => {
    const map = decodeCbor(encodeTrustRoot(root(2, [0], 1))) as Map<number, CborValue>;
    const keys = (map.get(6) as Uint8Array[]).map((key, i) => {
      if (i > 0) return key;
      const cose = new Map(decodeCbor(key) as Map<number, CborValue>);
      cose.set(3, -8); // an EC2 key that claims EdDSA
      return encodeCbor(cose);
    });
    const envelope = await forged(6, keys);
    expect(() => verifyRootStep(root(1, [0], 1), envelope)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_KEY_/) as string }),
    );
  });

  it('invalid_sig_in_valid_metadata: refused, although TUF would count the others (docs/threat-model.md)', async () => {
    const parts = open(await signed(root(2, [0, 1], 2), [0, 1, 2]));
    const signatures = (parts[3] as CborValue[][]).map((signature, i) => {
      if (i !== 1) return signature;
      const broken = (signature[2] as Uint8Array).slice();
      broken[10] = (broken[10] as number) ^ 1;
      return [signature[0] as CborValue, signature[1] as CborValue, broken];
    });
    const envelope = close([...parts.slice(0, 3), signatures]);
    expect(() => verifyRootStep(root(1, [0, 1], 1), envelope)).toThrow(code('ERR_COSE_SIGNATURE'));
  });
});

describe('updater', () => {
  it('first_time_refresh', async () => {
    const trusted = openInitialRoot(await signed(root(1, [0], 1), [0]));
    const chain = [await signed(root(2, [1], 1), [0, 1]), await signed(root(3, [1], 1), [1])];
    expect(walkRootChain(trusted, chain, NOW)).toEqual(root(3, [1], 1));
    expect(walkRootChain(trusted, [], NOW)).toEqual(trusted);
  });

  it('trusted_root_missing: no bytes are no root', () => {
    expect(() => openInitialRoot(new Uint8Array(0))).toThrow(code('ERR_CBOR_MALFORMED'));
  });

  it('trusted_root_expired: is walked from, but does not do at the end', async () => {
    const old = root(1, [0], 1, { expiresAtSeconds: 1200 });
    expect(walkRootChain(old, [await signed(root(2, [0], 1), [0])], NOW).version).toBe(2);
    expect(() => walkRootChain(old, [], NOW)).toThrow(code('ERR_ROOT_EXPIRED'));
  });

  it('trusted_root_unsigned', async () => {
    const parts = open(await signed(root(1, [0], 1), [0]));
    expect(() => openInitialRoot(close([...parts.slice(0, 3), []]))).toThrow(code('ERR_COSE_STRUCTURE'));
  });

  it('max_root_rotations: 32 steps at once', async () => {
    const chain = await Promise.all(Array.from({ length: 32 }, (_, i) => signed(root(i + 2, [0], 1), [0])));
    expect(walkRootChain(root(1, [0], 1), chain, NOW).version).toBe(33);
  });

  it('intermediate_root_incorrectly_signed', async () => {
    await expect(walk([[0], 1], [[0], 1, [1]], [[0], 1, [0]])).rejects.toEqual(code('ERR_COSE_THRESHOLD'));
  });

  it('intermediate_root_expired', async () => {
    const chain = [
      await signed(root(2, [0], 1, { expiresAtSeconds: 1200 }), [0]),
      await signed(root(3, [0], 1), [0]),
    ];
    expect(walkRootChain(root(1, [0], 1), chain, NOW).version).toBe(3);
  });

  it('final_root_incorrectly_signed', async () => {
    await expect(walk([[0], 1], [[0], 1, [0]], [[0], 1, [1]])).rejects.toEqual(code('ERR_COSE_THRESHOLD'));
  });

  it.each([
    ['new_root_same_version', 4],
    ['new_root_nonconsecutive_version', 6],
    ['root rollback: a lower version', 3],
  ])('%s', async (_name, version) => {
    const envelope = await signed(root(version, [0], 1), [0]);
    expect(() => verifyRootStep(root(4, [0], 1), envelope)).toThrow(code('ERR_ROOT_VERSION'));
  });

  it('final_root_expired', async () => {
    const chain = [
      await signed(root(2, [0], 1), [0]),
      await signed(root(3, [0], 1, { expiresAtSeconds: 1200 }), [0]),
    ];
    expect(() => walkRootChain(root(1, [0], 1), chain, NOW)).toThrow(code('ERR_ROOT_EXPIRED'));
  });
});

describe('basic', () => {
  it('invalid_initial_root', async () => {
    const { envelope } = await signManifest(manifest, signerOf(6));
    for (const bytes of [envelope, new Uint8Array(100), new Uint8Array([0xd8, 98, 0x80])]) {
      expect(() => openInitialRoot(bytes)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^ERR_(CBOR|COSE)_/) as string }),
      );
    }
  });

  it('unsigned_initial_root: signed by keys that it does not name', async () => {
    const envelope = await signed(root(1, [0], 1), [1]);
    expect(() => openInitialRoot(envelope)).toThrow(code('ERR_COSE_THRESHOLD'));
  });

  it('unsigned_metadata', async () => {
    const parts = open(await signed(root(2, [0], 1), [0]));
    const empty = close([...parts.slice(0, 3), []]);
    expect(() => verifyRootStep(root(1, [0], 1), empty)).toThrow(code('ERR_COSE_STRUCTURE'));
  });

  it('incorrect_metadata_type: a root that says it is an index, a manifest in a root’s envelope', async () => {
    const payload = encodeTrustRoot(root(2, [0], 1));
    const asIndex = await signThreshold(payload, {
      claims: CLAIMS,
      signers: [signerOf(0)],
      type: MEDIA_TYPES.channelIndex,
    });
    expect(() => verifyRootStep(root(1, [0], 1), asIndex)).toThrow(code('ERR_COSE_TYPE'));
    const single = await signSign1(payload, {
      claims: CLAIMS,
      signer: signerOf(0),
      type: MEDIA_TYPES.trustRoot,
    });
    expect(() => verifyRootStep(root(1, [0], 1), single)).toThrow(code('ERR_COSE_STRUCTURE'));
    const keys = [pairOf(0).publicKey];
    expect(() => verifyManifest(single, { keys, scope: SCOPE })).toThrow(code('ERR_COSE_TYPE'));
  });

  it('custom_fields: refused, a new field needs a new format version', async () => {
    const envelope = await forged(99, 'more');
    expect(() => verifyRootStep(root(1, [0], 1), envelope)).toThrow(code('ERR_DOCUMENT_SHAPE'));
  });

  it('metadata_bytes_match: what is signed is what is read back', async () => {
    const payload = encodeTrustRoot(root(2, [0], 1));
    expect(equalBytes(encodeTrustRoot(parseTrustRoot(payload)), payload)).toBe(true);
  });
});

describe('expiration', () => {
  it('root_expired: the last second is not valid any more', () => {
    expect(() => checkRootExpiry(root(1, [0], 1), 2000)).toThrow(code('ERR_ROOT_EXPIRED'));
    expect(() => checkRootExpiry(root(1, [0], 1), 1999)).not.toThrow();
  });

  it('faketime: whose time it is is said by the caller; a clock of 1970 finds nothing expired', async () => {
    const chain = [await signed(root(2, [0], 1, { expiresAtSeconds: 1200 }), [0])];
    // What the client makes of such a clock is its trusted time: "device clock 1970" among its cases.
    expect(walkRootChain(root(1, [0], 1), chain, 0).version).toBe(2);
    expect(() => walkRootChain(root(1, [0], 1), chain, 4e9)).toThrow(code('ERR_ROOT_EXPIRED'));
  });

  it('expired_local_root: a stored root that has expired meanwhile still verifies its successor', async () => {
    const stored = root(5, [0], 1, { expiresAtSeconds: 1100 });
    const next = await signed(root(6, [0], 1), [0]);
    expect(walkRootChain(stored, [next], NOW).version).toBe(6);
  });
});

describe('ours', () => {
  const first = root(1, [0], 1);
  const documents = {
    index: async (by: number) => (await signChannelIndex(index, signerOf(by))).envelope,
    manifest: async (by: number) => (await signManifest(manifest, signerOf(by))).envelope,
  };

  it('manifest signed by the index key, index signed by the release key', async () => {
    const keys = (role: 'index' | 'release') => ({
      keys: keysForRole(first, role, SCOPE.channel),
      scope: SCOPE,
    });
    const [wrongManifest, wrongIndex] = [await documents.manifest(7), await documents.index(6)];
    expect(() => verifyManifest(wrongManifest, keys('release'))).toThrow(code('ERR_COSE_KEY_UNKNOWN'));
    expect(() => verifyChannelIndex(wrongIndex, keys('index'))).toThrow(code('ERR_COSE_KEY_UNKNOWN'));
    expect(verifyManifest(await documents.manifest(6), keys('release')).kidHex).toBe(kidOf(6));
    expect(verifyChannelIndex(await documents.index(7), keys('index')).kidHex).toBe(kidOf(7));
  });

  it('key_revocation: documents of a key that the next root no longer names are refused', async () => {
    const base = root(2, [0], 1);
    const rotated = {
      ...base,
      keys: [...base.keys, pairOf(3).publicKey],
      roles: { ...base.roles, index: [{ kidHexes: [kidOf(3)], threshold: 1 }] },
    };
    const next = verifyRootStep(first, await signed(rotated, [0]));
    const keys = keysForRole(next, 'index', SCOPE.channel);
    const [old, fresh] = [await documents.index(7), await documents.index(3)];
    expect(() => verifyChannelIndex(old, { keys, scope: SCOPE })).toThrow(code('ERR_COSE_KEY_UNKNOWN'));
    expect(verifyChannelIndex(fresh, { keys, scope: SCOPE }).kidHex).toBe(kidOf(3));
  });

  it('33rd root: too many at once, before any is looked at', () => {
    const chain = Array.from({ length: 33 }, () => new Uint8Array(9));
    expect(() => walkRootChain(first, chain, NOW)).toThrow(code('ERR_ROOT_CHAIN'));
  });

  it('root n+1 with an unknown algorithm', async () => {
    const map = decodeCbor(encodeTrustRoot(root(2, [0], 1))) as Map<number, CborValue>;
    // COSE key type AKP (7) with ML-DSA-44 (−48): what comes after the curves.
    const future = encodeCbor(
      new Map<number, CborValue>([
        [1, 7],
        [3, -48],
        [-1, new Uint8Array(32)],
      ]),
    );
    const envelope = await forged(6, [...(map.get(6) as CborValue[]), future]);
    expect(() => verifyRootStep(first, envelope)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ERR_KEY_/) as string }),
    );
  });

  it('a non-deterministic re-encoding of a valid root: one byte more in a head', async () => {
    const payload = encodeTrustRoot(root(2, [0], 1));
    // The first head after the map's is key 1 with value 1; write that value in two bytes.
    const longer = Uint8Array.of(...payload.subarray(0, 2), 0x18, 0x01, ...payload.subarray(3));
    expect(payload[2]).toBe(1);
    const envelope = await signThreshold(longer, {
      claims: CLAIMS,
      signers: [signerOf(0)],
      type: MEDIA_TYPES.trustRoot,
    });
    expect(() => verifyRootStep(first, envelope)).toThrow(code('ERR_CBOR_NOT_DETERMINISTIC'));
  });

  it('trailing bytes, and a COSE_Sign where a COSE_Sign1 belongs (tag 98)', async () => {
    const envelope = await signed(root(2, [0], 1), [0]);
    expect(() => verifyRootStep(first, Uint8Array.of(...envelope, 0))).toThrow(code('ERR_CBOR_MALFORMED'));
    const keys = [pairOf(0).publicKey];
    expect(() => verifyManifest(envelope, { keys, scope: SCOPE })).toThrow(code('ERR_COSE_STRUCTURE'));
  });
});
