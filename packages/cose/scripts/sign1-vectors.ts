// COSE_Sign1 envelopes, good ones and ones that must be refused, for second implementations. The keys are fixed and ES256 is
// deterministic here (RFC 6979), so making them again gives the same bytes.
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@kivyx-ota/core';
import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { createLocalSigner, encodeCbor, exportPublicKey, type Signer, signSign1 } from '@kivyx-ota/cose/sign';
import { p256 } from '@noble/curves/nist.js';
import { HEADER } from '../src/labels.ts';
import { sigStructure } from '../src/sig-structure.ts';
import { encodePkcs8 } from '../src/signing/pkcs8.ts';
import { writePem } from '../src/signing/write-pem.ts';

/** One line of docs/spec/vectors/sign1.json. */
export interface Sign1Vector {
  readonly name: string;
  /** The one key that the reader trusts, as an uncompressed point. */
  readonly keyHex: string;
  /** The media type that it expects. */
  readonly type: string;
  readonly envelopeHex: string;
  /** Absent in vectors that are to be refused. */
  readonly payloadHex?: string;
  /** The code this implementation refuses with; others need only refuse. */
  readonly refused?: string;
}

const TYPE = 'application/vnd.kivyx-ota.test+cbor';
const PAYLOAD = utf8ToBytes('the payload');
const EMPTY = new Uint8Array(0);
type Header = readonly (readonly [number | string, CborValue])[];

/** A private key of 32 equal bytes: nobody can mistake it for a secret. */
function signerOf(byte: number): Signer {
  const secret = new Uint8Array(32).fill(byte);
  return createLocalSigner(
    writePem('PRIVATE KEY', encodePkcs8('ES256', secret, p256.getPublicKey(secret, false))),
  );
}

/** All vectors, in order. */
export async function sign1Vectors(): Promise<readonly Sign1Vector[]> {
  const [signer, stranger] = [signerOf(1), signerOf(2)];
  const base = { keyHex: exportPublicKey(await signer.publicKey()).rawHex, type: TYPE };
  const good = await signSign1(PAYLOAD, {
    claims: { issuer: 'acme', subject: 'cafe/android' },
    contentType: 'application/cbor',
    signer,
    type: TYPE,
  });
  const parts = decodeCbor(good.subarray(1)) as readonly [Uint8Array, CborValue, Uint8Array, Uint8Array];
  const accepted = (name: string, envelope: Uint8Array): Sign1Vector => ({
    ...base,
    envelopeHex: bytesToHex(envelope),
    name,
    payloadHex: bytesToHex(PAYLOAD),
  });
  const refused = (name: string, refusedWith: string, envelope: Uint8Array): Sign1Vector => ({
    ...base,
    envelopeHex: bytesToHex(envelope),
    name,
    refused: refusedWith,
  });
  const withSignature = (signature: CborValue): Uint8Array => encodeCbor([...parts.slice(0, 3), signature]);
  const forged = async (header: Header, by: Signer = signer, unprotected: CborValue = new Map()) => {
    const protectedBytes = encodeCbor(new Map(header));
    const signature = await by.sign(sigStructure('Signature1', protectedBytes, EMPTY, PAYLOAD));
    return encodeCbor([protectedBytes, unprotected, PAYLOAD, signature]);
  };
  const [alg, kid, typ]: [[number, CborValue], [number, CborValue], [number, CborValue]] = [
    [HEADER.alg, -7],
    [HEADER.kid, signer.kid],
    [HEADER.typ, TYPE],
  ];

  const { r, s } = p256.Signature.fromBytes(parts[3]);
  const mirror = p256.Point.Fn.ORDER - s;
  const [low, high] = s < mirror ? [s, mirror] : [mirror, s];
  const twin = (value: bigint): Uint8Array => withSignature(new p256.Signature(r, value).toBytes());

  return [
    accepted('tagged', good),
    accepted('without its tag', good.subarray(1)),
    accepted('low S', twin(low)),
    accepted('high S', twin(high)),
    accepted('alg −9 (RFC 9864)', await forged([[HEADER.alg, -9], kid, typ])),
    accepted(
      'a critical label that is understood',
      await forged([alg, kid, typ, [HEADER.crit, [HEADER.typ]]]),
    ),
    accepted(
      'a receipt in the unprotected bucket',
      await forged([alg, kid, typ], signer, new Map([[HEADER.receipts, [new Uint8Array(3)]]])),
    ),
    refused('tag 98', 'ERR_COSE_STRUCTURE', concatBytes(hexToBytes('d862'), good.subarray(1))),
    refused('tag 18 in two bytes', 'ERR_COSE_STRUCTURE', concatBytes(hexToBytes('d812'), good.subarray(1))),
    refused('tag 18 twice', 'ERR_CBOR_FORBIDDEN', concatBytes(Uint8Array.of(0xd2), good)),
    refused('a byte behind it', 'ERR_CBOR_MALFORMED', concatBytes(good, Uint8Array.of(0))),
    refused('an array of three', 'ERR_COSE_STRUCTURE', encodeCbor(parts.slice(0, 3))),
    refused('protected 41a0', 'ERR_COSE_HEADER', encodeCbor([hexToBytes('a0'), ...parts.slice(1)])),
    refused('protected of no bytes', 'ERR_COSE_TYPE', encodeCbor([EMPTY, ...parts.slice(1)])),
    refused(
      'alg in both buckets',
      'ERR_COSE_HEADER',
      await forged([alg, kid, typ], signer, new Map([[HEADER.alg, -7]])),
    ),
    refused('no typ', 'ERR_COSE_TYPE', await forged([alg, kid])),
    refused('another typ', 'ERR_COSE_TYPE', await forged([alg, kid, [HEADER.typ, 'application/other']])),
    refused('no kid', 'ERR_COSE_HEADER', await forged([alg, typ])),
    refused(
      'an unknown critical label',
      'ERR_COSE_CRITICAL',
      await forged([alg, kid, typ, [HEADER.crit, [99]]]),
    ),
    refused('an unknown label', 'ERR_COSE_HEADER', await forged([alg, kid, typ, [99, 1]])),
    refused('the algorithm of another key', 'ERR_COSE_ALGORITHM', await forged([[HEADER.alg, -8], kid, typ])),
    refused('an algorithm nobody knows', 'ERR_COSE_ALGORITHM', await forged([[HEADER.alg, -49], kid, typ])),
    refused(
      'signed by a stranger',
      'ERR_COSE_KEY_UNKNOWN',
      await forged([alg, [HEADER.kid, stranger.kid], typ], stranger),
    ),
    refused(
      'signed by a stranger under the id of the trusted key',
      'ERR_COSE_SIGNATURE',
      await forged([alg, kid, typ], stranger),
    ),
    refused(
      'a signature in DER',
      'ERR_COSE_SIGNATURE',
      withSignature(new p256.Signature(r, s).toBytes('der')),
    ),
    refused('no signature', 'ERR_COSE_SIGNATURE', withSignature(EMPTY)),
    refused('another payload', 'ERR_COSE_SIGNATURE', encodeCbor([...parts.slice(0, 2), EMPTY, parts[3]])),
    refused('no payload', 'ERR_COSE_STRUCTURE', encodeCbor([...parts.slice(0, 2), null, parts[3]])),
  ];
}
