// What this package says of every vector, without a test runner: the same list runs in every engine of runtime-tests.
import { bytesToHex, hexToBytes, isOtaError } from '@kivyx-ota/core';
import { type CborValue, decodeCbor, es256, parsePublicKey, verifySign1 } from '@kivyx-ota/cose';
import { encodeCbor } from '@kivyx-ota/cose/sign';
import es256Vectors from '../../../../docs/spec/vectors/es256.json' with { type: 'json' };
import sign1Vectors from '../../../../docs/spec/vectors/sign1.json' with { type: 'json' };
import { HEADER } from '../../src/labels.ts';
import { sigStructure } from '../../src/sig-structure.ts';
import appendixA from '../vectors/appendix_a.json' with { type: 'json' };
import ecdsaSig01 from '../vectors/ecdsa-sig-01.json' with { type: 'json' };
import ecdsaSig02 from '../vectors/ecdsa-sig-02.json' with { type: 'json' };
import signFail01 from '../vectors/sign-fail-01.json' with { type: 'json' };
import signFail02 from '../vectors/sign-fail-02.json' with { type: 'json' };
import signFail03 from '../vectors/sign-fail-03.json' with { type: 'json' };
import signFail06 from '../vectors/sign-fail-06.json' with { type: 'json' };
import signPass01 from '../vectors/sign-pass-01.json' with { type: 'json' };
import signPass03 from '../vectors/sign-pass-03.json' with { type: 'json' };

/** A vector, what is expected, and what the code says. */
export interface VerdictCase {
  readonly title: string;
  readonly expected: string;
  verdict(): string;
}

/** What `work` gives, or the code it refuses with; anything but a typed error is a failure of its own. */
function outcome(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return isOtaError(error) ? error.code : `untyped: ${String(error)}`;
  }
}

interface CoseExample {
  readonly input: {
    readonly sign0?: { readonly key: object };
    readonly sign?: { readonly signers: readonly { readonly key: object }[] };
  };
  readonly output: { readonly cbor: string };
}

const untagged = (envelope: Uint8Array): Uint8Array =>
  envelope[0] === 0xd2 ? envelope.subarray(1) : envelope;

/**
 * The COSE working group's examples were not made for our profile: no typ, and the kid is a name. What can be said is whether the
 * policy knows header and key, and whether the signature over the structure they carry holds.
 */
function exampleVerdict({ input, output }: CoseExample): string {
  const [protectedBytes, , payload, signature] = decodeCbor(untagged(hexToBytes(output.cbor))) as readonly [
    Uint8Array,
    CborValue,
    Uint8Array,
    Uint8Array,
  ];
  const { d: _private, ...jwk } = { ...(input.sign0?.key ?? input.sign?.signers[0]?.key) } as Record<
    string,
    string
  >;
  const key = parsePublicKey(jwk as never);
  if (protectedBytes.length === 0) return 'no algorithm';
  const alg = (decodeCbor(protectedBytes) as ReadonlyMap<number, CborValue>).get(HEADER.alg);
  if (!key.algorithm.ids.includes(alg as number)) return 'another algorithm';
  const signed = sigStructure('Signature1', protectedBytes, new Uint8Array(0), payload);
  return key.algorithm.verify(key.raw, signed, signature) ? 'verifies' : 'does not verify';
}

// The verdicts that the profile demands; sign-fail-01 has tag 998, sign-fail-02 a flipped signature, sign-fail-03 the algorithm −999,
// sign-fail-06 a changed protected header. sign-pass-01 carries alg unprotected only; ecdsa-sig-02 is P-384.
const EXAMPLES: readonly (readonly [string, object, string])[] = [
  ['sign-pass-03', signPass03, 'verifies'],
  ['ecdsa-sig-01', ecdsaSig01, 'verifies'],
  ['sign-pass-01', signPass01, 'another algorithm'],
  ['ecdsa-sig-02', ecdsaSig02, 'ERR_KEY_CURVE'],
  ['sign-fail-01', signFail01, 'ERR_CBOR_FORBIDDEN'],
  ['sign-fail-02', signFail02, 'does not verify'],
  ['sign-fail-03', signFail03, 'another algorithm'],
  ['sign-fail-06', signFail06, 'does not verify'],
];

// Written from the profile, not from the reader: which of the RFC's examples are integers within ±(2^53−1), bytes, text, arrays, maps
// with integer or text keys, false, true or null in their shortest form.
const ACCEPTED: readonly string[] = `
  00 01 0a 17 1818 1819 1864 1903e8 1a000f4240 1b000000e8d4a51000 20 29 3863 3903e7 f4 f5 f6 40
  4401020304 60 6161 6449455446 62225c 62c3bc 63e6b0b4 64f0908591 80 83010203 8301820203820405
  98190102030405060708090a0b0c0d0e0f101112131415161718181819 a0 a201020304 a26161016162820203
  826161a161626163 a56161614161626142616361436164614461656145
`
  .trim()
  .split(/\s+/);

/** RFC 8949, appendix A. */
export const cborVerdicts: readonly VerdictCase[] = appendixA.map(({ hex }) => ({
  expected: ACCEPTED.includes(hex) ? hex : 'refused',
  title: `RFC 8949 ${hex}`,
  verdict: () => {
    const got = outcome(() => bytesToHex(encodeCbor(decodeCbor(hexToBytes(hex)))));
    return got.indexOf('ERR_CBOR_') === 0 ? 'refused' : got;
  },
}));

export const coseVerdicts: readonly VerdictCase[] = [
  ...cborVerdicts,
  ...EXAMPLES.map(([title, example, expected]) => ({
    expected,
    title: `COSE example ${title}`,
    verdict: () => outcome(() => exampleVerdict(example as CoseExample)),
  })),
  // No example is one of our documents: each is refused, with a code.
  ...EXAMPLES.map(([title, example]) => ({
    expected: 'refused',
    title: `COSE example ${title}, as a document`,
    verdict: () => {
      const envelope = hexToBytes((example as CoseExample).output.cbor);
      const got = outcome(() => bytesToHex(verifySign1(envelope, { keys: [], type: 'x' }).payload));
      return /^ERR_(CBOR|COSE)_/.test(got) ? 'refused' : got;
    },
  })),
  ...es256Vectors.map(({ keyHex, messageHex, name, signatureHex, valid }) => ({
    expected: String(valid),
    title: `ES256 ${name}`,
    verdict: () =>
      outcome(() =>
        String(es256.verify(hexToBytes(keyHex), hexToBytes(messageHex), hexToBytes(signatureHex))),
      ),
  })),
  ...(
    sign1Vectors as readonly {
      name: string;
      keyHex: string;
      type: string;
      envelopeHex: string;
      payloadHex?: string;
      refused?: string;
    }[]
  ).map(({ envelopeHex, keyHex, name, payloadHex, refused, type }) => ({
    expected: payloadHex ?? (refused as string),
    title: `COSE_Sign1 ${name}`,
    verdict: () =>
      outcome(() =>
        bytesToHex(verifySign1(hexToBytes(envelopeHex), { keys: [parsePublicKey(keyHex)], type }).payload),
      ),
  })),
];
