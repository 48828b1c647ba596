import { bytesToHex, hexToBytes } from '@kivyx-ota/core';
import { type CborValue, decodeCbor, parsePublicKey, verifySign1 } from '@kivyx-ota/cose';
import { encodeCbor } from '@kivyx-ota/cose/sign';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HEADER } from '../src/labels.ts';
import { sigStructure } from '../src/sig-structure.ts';
import { verifySignature } from '../src/algorithm/verify-signature.ts';

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`./vectors/${name}.json`, import.meta.url), 'utf8'));

interface CoseVector {
  readonly input: {
    readonly plaintext: string;
    readonly sign0?: { readonly key: Record<string, string> };
    readonly sign?: { readonly signers: readonly { readonly key: Record<string, string> }[] };
  };
  readonly output: { readonly cbor: string };
}

function load(name: string): {
  readonly key: ReturnType<typeof parsePublicKey> | undefined;
  readonly envelope: Uint8Array;
} {
  const vector = read(name) as CoseVector;
  const jwk = vector.input.sign0?.key ?? vector.input.sign?.signers[0]?.key;
  const { d: _private, ...publicJwk } = (jwk ?? {}) as Record<string, string>;
  let key: ReturnType<typeof parsePublicKey> | undefined;
  try {
    key = parsePublicKey(publicJwk as never);
  } catch {
    key = undefined;
  }
  return { envelope: hexToBytes(vector.output.cbor), key };
}

describe("the COSE working group's examples", () => {
  // These examples were not made for our profile: no typ, and the kid is a name. What can be compared is the
  // signature over the structure they carry, and what our strict reader says of the envelope.
  it.each(['sign-pass-03', 'ecdsa-sig-01'])('%s: the signature verifies', (name) => {
    const { envelope, key } = load(name);
    const parts = decodeCbor(envelope[0] === 0xd2 ? envelope.subarray(1) : envelope) as readonly CborValue[];
    const [protectedBytes, , payload, signature] = parts as [Uint8Array, CborValue, Uint8Array, Uint8Array];
    const signed = sigStructure('Signature1', protectedBytes, new Uint8Array(0), payload);
    expect(verifySignature(key as never, signed, signature)).toBe(true);
    signed[signed.length - 1] = (signed[signed.length - 1] as number) ^ 1;
    expect(verifySignature(key as never, signed, signature)).toBe(false);
  });

  it.each([
    'sign-pass-03',
    'ecdsa-sig-01',
    'sign-pass-01',
    'ecdsa-sig-02',
    'sign-fail-01',
    'sign-fail-02',
    'sign-fail-03',
    'sign-fail-06',
  ])('%s: refused as one of our documents, with a typed error', (name) => {
    const { envelope, key } = load(name);
    expect(() =>
      verifySign1(envelope, { keys: key === undefined ? [] : [key], type: 'application/x' }),
    ).toThrow(expect.objectContaining({ code: expect.stringMatching(/^ERR_(COSE|CBOR)_/) }));
  });

  it('sign-pass-01: alg only unprotected and protected = 41a0', () => {
    const { envelope } = load('sign-pass-01');
    expect(() => verifySign1(envelope, { keys: [], type: 'x' })).toThrow(
      expect.objectContaining({ code: 'ERR_COSE_HEADER' }),
    );
  });

  it('ecdsa-sig-02: its P-384 key is refused at load', () => {
    const vector = read('ecdsa-sig-02') as CoseVector;
    const { d: _private, ...jwk } = (vector.input.sign0?.key ??
      vector.input.sign?.signers[0]?.key ??
      {}) as Record<string, string>;
    expect(() => parsePublicKey(jwk as never)).toThrow(expect.objectContaining({ code: 'ERR_KEY_CURVE' }));
  });

  it.each(['sign-fail-01', 'sign-fail-02', 'sign-fail-03', 'sign-fail-06'])(
    '%s: broken in tag, signature or header',
    (name) => {
      const { envelope, key } = load(name);
      let verified: boolean;
      try {
        const parts = decodeCbor(
          envelope[0] === 0xd2 ? envelope.subarray(1) : envelope,
        ) as readonly CborValue[];
        const [protectedBytes, , payload, signature] = parts as [
          Uint8Array,
          CborValue,
          Uint8Array,
          Uint8Array,
        ];
        const header = decodeCbor(protectedBytes) as Map<number, CborValue>;
        const algorithm = header.get(HEADER.alg);
        verified =
          algorithm === -7 &&
          verifySignature(
            key as never,
            sigStructure('Signature1', protectedBytes, new Uint8Array(0), payload),
            signature,
          );
      } catch {
        verified = false;
      }
      expect(verified).toBe(false);
    },
  );
});

describe('RFC 8949 appendix A', () => {
  const vectors = read('appendix_a') as {
    readonly hex: string;
    readonly decoded?: unknown;
    readonly diagnostic?: string;
    readonly roundtrip: boolean;
  }[];

  // Written from the profile, not from the scanner: which of the RFC's examples are integers within ±(2^53−1),
  // bytes, text, arrays, maps with integer or text keys, false, true or null in their shortest form.
  const ACCEPTED = [
    '00',
    '01',
    '0a',
    '17',
    '1818',
    '1819',
    '1864',
    '1903e8',
    '1a000f4240',
    '1b000000e8d4a51000',
    '20',
    '29',
    '3863',
    '3903e7',
    'f4',
    'f5',
    'f6',
    '40',
    '4401020304',
    '60',
    '6161',
    '6449455446',
    '62225c',
    '62c3bc',
    '63e6b0b4',
    '64f0908591',
    '80',
    '83010203',
    '8301820203820405',
    '98190102030405060708090a0b0c0d0e0f101112131415161718181819',
    'a0',
    'a201020304',
    'a26161016162820203',
    '826161a161626163',
    'a56161614161626142616361436164614461656145',
  ];

  it.each(vectors.map(({ hex }) => hex))(
    '%s is accepted exactly if it is in the profile, and then re-encodes to itself',
    (hex) => {
      const bytes = hexToBytes(hex);
      if (ACCEPTED.includes(hex)) {
        expect(bytesToHex(encodeCbor(decodeCbor(bytes)))).toBe(hex);
      } else {
        expect(() => decodeCbor(bytes)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(/^ERR_CBOR_/) }),
        );
      }
    },
  );

  it('covers every accepted form listed', () => {
    expect(ACCEPTED.filter((hex) => !vectors.some((vector) => vector.hex === hex))).toEqual([]);
  });
});
