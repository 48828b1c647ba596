import { concatBytes, hexToBytes, utf8ToBytes } from '@kivyx-ota/core';
import { type CborValue, decodeCbor, verifySign1, verifyThreshold } from '@kivyx-ota/cose';
import {
  createLocalSigner,
  encodeCbor,
  generateKeyPair,
  type Signer,
  signSign1,
  signThreshold,
} from '@kivyx-ota/cose/sign';
import { p256 } from '@noble/curves/nist.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { HEADER } from '../src/labels.ts';
import { sigStructure } from '../src/sig-structure.ts';

const TYPE = 'application/vnd.test+cbor';
const payload = utf8ToBytes('the payload');
const pair = generateKeyPair();
const other = generateKeyPair();
const signer = createLocalSigner(pair.privateKeyPem);
const keys = [pair.publicKey];
let envelope: Uint8Array;

beforeAll(async () => {
  envelope = await signSign1(payload, {
    claims: { issuer: 'acme', subject: 'app/ios' },
    contentType: 'application/cbor',
    signer,
    type: TYPE,
  });
});

/** An envelope with a valid signature over whatever headers a test invents. */
async function forge(
  header: [number | string, CborValue][],
  { unprotected = new Map() as CborValue, by = signer as Signer, body = payload as CborValue } = {},
): Promise<Uint8Array> {
  const protectedBytes = header.length === 0 ? new Uint8Array(0) : encodeCbor(new Map(header));
  const signature = await by.sign(sigStructure('Signature1', protectedBytes, new Uint8Array(0), payload));
  return encodeCbor([protectedBytes, unprotected, body, signature]);
}
const good = (): [number | string, CborValue][] => [
  [HEADER.alg, -7],
  [HEADER.kid, signer.kid],
  [HEADER.typ, TYPE],
];
const parts = (): CborValue[] => (decodeCbor(envelope.subarray(1)) as CborValue[]).slice();
const refused = (bytes: Uint8Array, code: string, options = {}): void => {
  expect(() => verifySign1(bytes, { keys, type: TYPE, ...options })).toThrow(
    expect.objectContaining({ code, name: 'OtaError' }),
  );
};

describe('COSE_Sign1, strict', () => {
  it('gives payload, claims and key of a good document, tagged or not', () => {
    const verified = {
      alg: 'ES256',
      claims: { issuer: 'acme', subject: 'app/ios' },
      contentType: 'application/cbor',
      kidHex: pair.publicKey.kidHex,
      payload,
    };
    expect(envelope[0]).toBe(0xd2);
    expect(verifySign1(envelope, { keys, type: TYPE })).toEqual(verified);
    expect(verifySign1(envelope.subarray(1), { keys, type: TYPE })).toEqual(verified);
  });

  it.each(['ES256', 'Ed25519'] as const)('%s with a detached payload and external data', async (alg) => {
    const made = generateKeyPair(alg);
    const options = { externalAad: utf8ToBytes('aad'), type: TYPE };
    const detached = await signSign1(payload, {
      ...options,
      detached: true,
      signer: createLocalSigner(made.privateKeyPem),
    });
    const verified = verifySign1(detached, { ...options, detachedPayload: payload, keys: [made.publicKey] });
    expect(verified.payload).toEqual(payload);
    const wrong = { ...options, detachedPayload: payload, keys: [made.publicKey] };
    refused(detached, 'ERR_COSE_SIGNATURE', { ...wrong, externalAad: utf8ToBytes('other') });
    refused(detached, 'ERR_COSE_SIGNATURE', { ...wrong, detachedPayload: utf8ToBytes('x') });
    refused(detached, 'ERR_COSE_STRUCTURE', { ...wrong, detachedPayload: undefined });
  });

  it('both algorithm numbers of a key are understood (RFC 9864)', async () => {
    const header = good();
    header[0] = [HEADER.alg, -9];
    expect(verifySign1(await forge(header), { keys, type: TYPE }).payload).toEqual(payload);
  });

  it('every single flipped bit is refused', () => {
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const bytes = envelope.slice();
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => verifySign1(bytes, { keys, type: TYPE }), `bit ${bit}`).toThrow(
        expect.objectContaining({ name: 'OtaError' }),
      );
    }
  });

  it('every truncation and every appended byte is refused', () => {
    for (let length = 0; length < envelope.length; length++) {
      expect(() => verifySign1(envelope.subarray(0, length), { keys, type: TYPE })).toThrow(
        expect.objectContaining({ name: 'OtaError' }),
      );
    }
    refused(concatBytes(envelope, Uint8Array.of(0)), 'ERR_CBOR_MALFORMED');
  });

  it('a fixed high-S signature is accepted, its low-S twin too', async () => {
    const signature = p256.Signature.fromBytes((parts()[3] as Uint8Array).slice());
    const twin = new p256.Signature(signature.r, p256.Point.Fn.ORDER - signature.s);
    for (const s of [signature, twin]) {
      const bytes = encodeCbor([...parts().slice(0, 3), s.toBytes()]);
      expect(verifySign1(bytes, { keys, type: TYPE }).payload).toEqual(payload);
    }
    expect(signature.hasHighS()).not.toBe(twin.hasHighS());
  });

  it('the signature in DER is refused', () => {
    const der = p256.Signature.fromBytes(parts()[3] as Uint8Array).toBytes('der');
    refused(encodeCbor([...parts().slice(0, 3), der]), 'ERR_COSE_SIGNATURE');
  });

  // Edge classes of Wycheproof's ecdsa_secp256r1_sha256_p1363: r and s outside [1, n−1], and trivial ones.
  const n = p256.Point.Fn.ORDER;
  const p = p256.Point.Fp.ORDER;
  const word = (x: bigint): Uint8Array => hexToBytes(x.toString(16).padStart(64, '0'));
  it.each([
    ['r = s = 0', 0n, 0n],
    ['r = 0', 0n, 1n],
    ['s = 0', 1n, 0n],
    ['r = s = 1', 1n, 1n],
    ['r = n', n, 1n],
    ['s = n', 1n, n],
    ['r = n, s = n', n, n],
    ['r = n − 1, s = 1', n - 1n, 1n],
    ['r = n + 1', n + 1n, 1n],
    ['r = p', p, 1n],
    ['r = p + 1', p + 1n, 1n],
    ['r, s all ones', 2n ** 256n - 1n, 2n ** 256n - 1n],
  ])('a signature with %s is refused', (_name, r, s) => {
    refused(encodeCbor([...parts().slice(0, 3), concatBytes(word(r), word(s))]), 'ERR_COSE_SIGNATURE');
  });

  it.each([
    ['tag 98', () => concatBytes(hexToBytes('d862'), envelope.subarray(1)), 'ERR_COSE_STRUCTURE'],
    ['tag 18 twice', () => concatBytes(Uint8Array.of(0xd2), envelope), 'ERR_CBOR_FORBIDDEN'],
    [
      'tag 18 in two bytes',
      () => concatBytes(hexToBytes('d812'), envelope.subarray(1)),
      'ERR_COSE_STRUCTURE',
    ],
    ['an array of three', () => encodeCbor(parts().slice(0, 3)), 'ERR_COSE_STRUCTURE'],
    ['an array of five', () => encodeCbor([...parts(), null]), 'ERR_COSE_STRUCTURE'],
    ['a map', () => encodeCbor(new Map()), 'ERR_COSE_STRUCTURE'],
    ['protected as a map', () => encodeCbor([new Map(), ...parts().slice(1)]), 'ERR_COSE_HEADER'],
    ['protected 41a0', () => encodeCbor([hexToBytes('a0'), ...parts().slice(1)]), 'ERR_COSE_HEADER'],
    ['protected zero-length', () => encodeCbor([new Uint8Array(0), ...parts().slice(1)]), 'ERR_COSE_TYPE'],
    [
      'protected not deterministic',
      () => encodeCbor([hexToBytes('a204400126'), ...parts().slice(1)]),
      'ERR_CBOR_NOT_DETERMINISTIC',
    ],
    [
      'protected with trailing bytes',
      () => encodeCbor([concatBytes(parts()[0] as Uint8Array, Uint8Array.of(0)), ...parts().slice(1)]),
      'ERR_CBOR_MALFORMED',
    ],
    [
      'alg in both buckets',
      () => encodeCbor([parts()[0] as CborValue, new Map([[HEADER.alg, -7]]), ...parts().slice(2)]),
      'ERR_COSE_HEADER',
    ],
    [
      'a kid in the unprotected bucket',
      () => encodeCbor([parts()[0] as CborValue, new Map([[HEADER.kid, signer.kid]]), ...parts().slice(2)]),
      'ERR_COSE_HEADER',
    ],
    [
      'an empty signature',
      () => encodeCbor([...parts().slice(0, 3), new Uint8Array(0)]),
      'ERR_COSE_SIGNATURE',
    ],
    ['no signature', () => encodeCbor([...parts().slice(0, 3), null]), 'ERR_COSE_SIGNATURE'],
    [
      'a payload of text',
      () => encodeCbor([...parts().slice(0, 2), 'text', parts()[3] as CborValue]),
      'ERR_COSE_STRUCTURE',
    ],
  ])('%s', (_name, make, code) => {
    refused(make(), code);
  });

  it.each<[string, () => [number | string, CborValue][], string]>([
    ['no typ', () => good().filter(([label]) => label !== HEADER.typ), 'ERR_COSE_TYPE'],
    ['another typ', () => [...good().slice(0, 2), [HEADER.typ, 'application/other']], 'ERR_COSE_TYPE'],
    ['typ as a number', () => [...good().slice(0, 2), [HEADER.typ, 60]], 'ERR_COSE_TYPE'],
    ['no alg', () => good().slice(1), 'ERR_COSE_ALGORITHM'],
    ['the algorithm of another key type', () => [[HEADER.alg, -8], ...good().slice(1)], 'ERR_COSE_ALGORITHM'],
    ['alg as text', () => [[HEADER.alg, 'ES256'], ...good().slice(1)], 'ERR_COSE_ALGORITHM'],
    ['HMAC as alg', () => [[HEADER.alg, 5], ...good().slice(1)], 'ERR_COSE_ALGORITHM'],
    ['no kid', () => good().filter(([label]) => label !== HEADER.kid), 'ERR_COSE_HEADER'],
    [
      'an unknown kid',
      () => [good()[0] as never, [HEADER.kid, other.publicKey.kid], good()[2] as never],
      'ERR_COSE_KEY_UNKNOWN',
    ],
    ['an unknown label', () => [...good(), [99, 1]], 'ERR_COSE_HEADER'],
    ['a text label', () => [...good(), ['x', 1]], 'ERR_COSE_HEADER'],
    ['an unknown critical label', () => [...good(), [HEADER.crit, [99]]], 'ERR_COSE_CRITICAL'],
    [
      'a critical label that is absent',
      () => [...good(), [HEADER.crit, [HEADER.cwtClaims]]],
      'ERR_COSE_CRITICAL',
    ],
    ['an empty crit', () => [...good(), [HEADER.crit, []]], 'ERR_COSE_CRITICAL'],
    ['an unknown CWT claim', () => [...good(), [HEADER.cwtClaims, new Map([[4, 1]])]], 'ERR_COSE_HEADER'],
    ['claims that are no map', () => [...good(), [HEADER.cwtClaims, 1]], 'ERR_COSE_HEADER'],
  ])('properly signed, but with %s', async (_name, header, code) => {
    refused(await forge(header()), code);
  });

  it('a critical label that is understood is fine, so are receipts in the unprotected bucket', async () => {
    const bytes = await forge([...good(), [HEADER.crit, [HEADER.typ]]], {
      unprotected: new Map([[HEADER.receipts, [new Uint8Array(3)]]]),
    });
    expect(verifySign1(bytes, { keys, type: TYPE }).payload).toEqual(payload);
  });

  it('signed by a key that is not trusted, under the id of one that is', async () => {
    refused(await forge(good(), { by: createLocalSigner(other.privateKeyPem) }), 'ERR_COSE_SIGNATURE');
  });

  it('a key trusted for another role does not help', async () => {
    const bytes = await signSign1(payload, { signer: createLocalSigner(other.privateKeyPem), type: TYPE });
    refused(bytes, 'ERR_COSE_KEY_UNKNOWN');
  });

  it('a signer whose answers do not verify is caught before anything leaves', async () => {
    const liar: Signer = { ...signer, sign: () => Promise.resolve(new Uint8Array(64).fill(7)) };
    await expect(signSign1(payload, { signer: liar, type: TYPE })).rejects.toMatchObject({
      code: 'ERR_COSE_SIGNATURE',
    });
  });
});

describe('COSE_Sign with a threshold', () => {
  const pairs = [1, 2, 3].map(() => generateKeyPair());
  const signers = pairs.map(({ privateKeyPem }) => createLocalSigner(privateKeyPem));
  const all = pairs.map(({ publicKey }) => publicKey);
  const make = (...indexes: number[]): Promise<Uint8Array> =>
    signThreshold(payload, {
      claims: { issuer: 'acme' },
      signers: indexes.map((i) => signers[i] as Signer),
      type: TYPE,
    });

  it('counts distinct trusted keys', async () => {
    const bytes = await make(0, 2);
    expect(verifyThreshold(bytes, { keys: all, threshold: 2, type: TYPE })).toEqual({
      claims: { issuer: 'acme' },
      kidHexes: [all[0]?.kidHex, all[2]?.kidHex],
      payload,
    });
    expect(() => verifyThreshold(bytes, { keys: all, threshold: 3, type: TYPE })).toThrow(
      expect.objectContaining({ code: 'ERR_COSE_THRESHOLD' }),
    );
  });

  it('does not count keys outside the set, but tolerates their signatures', async () => {
    const bytes = await make(0, 1);
    const first = all.slice(0, 1);
    expect(verifyThreshold(bytes, { keys: first, threshold: 1, type: TYPE }).kidHexes).toEqual([
      all[0]?.kidHex,
    ]);
    expect(() => verifyThreshold(bytes, { keys: first, threshold: 2, type: TYPE })).toThrow(
      expect.objectContaining({ code: 'ERR_COSE_THRESHOLD' }),
    );
  });

  it('the same key twice refuses the document', async () => {
    await expect(
      make(0, 0).then((bytes) => verifyThreshold(bytes, { keys: all, threshold: 1, type: TYPE })),
    ).rejects.toMatchObject({ code: 'ERR_COSE_STRUCTURE' });
  });

  it('a wrong signature by a trusted key refuses the document, even when enough others are right', async () => {
    const bytes = await make(0, 1, 2);
    const body = decodeCbor(bytes.subarray(2)) as CborValue[];
    const list = (body[3] as CborValue[]).slice() as [Uint8Array, CborValue, Uint8Array][];
    const [head, unprotected, signature] = list[1] as [Uint8Array, CborValue, Uint8Array];
    // Flipped, not set: a random signature has any given byte once in 256.
    const other = signature.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    list[1] = [head, unprotected, other];
    const broken = encodeCbor([...body.slice(0, 3), list]);
    expect(() => verifyThreshold(broken, { keys: all, threshold: 2, type: TYPE })).toThrow(
      expect.objectContaining({ code: 'ERR_COSE_SIGNATURE' }),
    );
  });

  it('neither structure is taken for the other', async () => {
    refused(await make(0), 'ERR_COSE_STRUCTURE', { keys: all });
    expect(() => verifyThreshold(envelope, { keys, threshold: 1, type: TYPE })).toThrow(
      expect.objectContaining({ code: 'ERR_COSE_STRUCTURE' }),
    );
    // Untagged, the shapes differ: a Sign1 has bytes where a Sign has an array of signatures.
    expect(() => verifyThreshold(envelope.subarray(1), { keys, threshold: 1, type: TYPE })).toThrow(
      expect.objectContaining({ name: 'OtaError' }),
    );
  });

  it('every flipped bit is refused when all must sign', async () => {
    const bytes = await make(0, 1);
    const two = all.slice(0, 2);
    for (let bit = 0; bit < bytes.length * 8; bit += 3) {
      const mutant = bytes.slice();
      mutant[bit >> 3] = (mutant[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(() => verifyThreshold(mutant, { keys: two, threshold: 2, type: TYPE }), `bit ${bit}`).toThrow(
        expect.objectContaining({ name: 'OtaError' }),
      );
    }
  });
});
