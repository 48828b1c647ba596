import { base64urlToBytes, bytesToHex, concatBytes, hexToBytes, isBytes } from '@kivyx-ota/core';
import { sha256 } from '@noble/hashes/sha2.js';
import { es256 } from '../algorithm/es256.ts';
import type { SignatureAlgorithm } from '../algorithm/signature-algorithm.ts';
import { decodeCbor } from '../cbor/decode.ts';
import { coseError } from '../error.ts';
import { COSE_KEY } from '../labels.ts';
import { decodePem } from './pem.ts';
import type { PublicJwk, PublicKey } from './public-key.ts';
import { decodeSpki, encodeSpki } from './spki.ts';

/** Every form in which people have their public keys. */
export type PublicKeyInput = string | Uint8Array | PublicJwk;

type Algorithms = readonly SignatureAlgorithm[];

/**
 * A public key from what a team has:
 * - PEM (`PUBLIC KEY`) as text, or its DER as bytes (SubjectPublicKeyInfo, RFC 5480 / RFC 8410);
 * - a JWK object (RFC 7517 `EC` / `P-256`, RFC 8037 `OKP` / `Ed25519`);
 * - a COSE_Key as bytes (RFC 9052 §7);
 * - P-256 points as hex or bytes, uncompressed `04 ‖ x ‖ y` (65) or compressed (33).
 *
 * The point is checked to be on the curve, now, once. Hybrid points (06/07) and the point at infinity are
 * refused. A raw 32-byte string is refused: it could be anything; Ed25519 comes as SPKI, JWK or COSE_Key.
 *
 * `algorithms` are those that the caller is ready to trust; default ES256 alone. For Ed25519 pass `[es256, ed25519]`, the latter from
 * `@kivyx-ota/cose/ed25519`.
 *
 * @throws ERR_KEY_FORMAT when the form is none of these.
 * @throws ERR_KEY_CURVE when its curve or key type is not among `algorithms`.
 * @throws ERR_KEY_POINT when the point is not on the curve.
 */
export function parsePublicKey(input: PublicKeyInput, algorithms: Algorithms = [es256]): PublicKey {
  if (typeof input === 'string') {
    if (input.includes('-----BEGIN')) return fromSpki(decodePem(input, 'PUBLIC KEY'), algorithms);
    const hex = input.trim();
    if (/^(?:[0-9a-f]{2})+$/i.test(hex)) return parsePublicKey(hexToBytes(hex), algorithms);
    throw coseError('ERR_KEY_FORMAT', 'Expected PEM or hex text');
  }
  if (isBytes(input)) {
    const first = input[0];
    const isPoint =
      (input.length === 65 && (first === 4 || first === 6 || first === 7)) ||
      (input.length === 33 && (first === 2 || first === 3));
    if (isPoint) return fromPoint(input, algorithms);
    if (first === 0x30) return fromSpki(input, algorithms);
    return fromCoseKey(input, algorithms);
  }
  if (typeof input === 'object' && input !== null) return fromJwk(input, algorithms);
  throw coseError('ERR_KEY_FORMAT', `Expected PEM, hex, bytes or a JWK, got ${typeof input}`);
}

function fromPoint(bytes: Uint8Array, algorithms: Algorithms): PublicKey {
  const algorithm = algorithms.find(({ coordinates }) => coordinates === 2);
  if (algorithm === undefined)
    throw coseError('ERR_KEY_CURVE', `Expected a key of ${curves(algorithms)}, got a point of P-256`);
  return publicKey(algorithm, bytes);
}

function fromSpki(der: Uint8Array, algorithms: Algorithms): PublicKey {
  const { algorithm, raw } = decodeSpki(der, algorithms);
  return publicKey(algorithm, raw);
}

function publicKey(algorithm: SignatureAlgorithm, bytes: Uint8Array): PublicKey {
  const raw = algorithm.readKey(bytes);
  const kid = sha256(encodeSpki(algorithm, raw)).slice(0, 16);
  return { alg: algorithm.name, algorithm, kid, kidHex: bytesToHex(kid), raw };
}

/** x alone, or the uncompressed point of x and y. */
function fromCoordinates(algorithm: SignatureAlgorithm, x: Uint8Array, y: () => Uint8Array): PublicKey {
  return publicKey(algorithm, algorithm.coordinates === 1 ? x : concatBytes(Uint8Array.of(4), x, y()));
}

function fromJwk(jwk: PublicJwk, algorithms: Algorithms): PublicKey {
  if ('d' in jwk) throw coseError('ERR_KEY_FORMAT', 'This JWK is a private key; pass the public one');
  const algorithm = algorithms.find(({ jwk: { kty, crv } }) => jwk.kty === kty && jwk.crv === crv);
  if (algorithm === undefined) {
    throw coseError(
      'ERR_KEY_CURVE',
      `Expected a JWK of ${curves(algorithms)}, got ${String(jwk.kty)} ${String(jwk.crv)}`,
    );
  }
  return fromCoordinates(algorithm, coordinate(jwk.x, 'x'), () => coordinate(jwk.y, 'y'));
}

function coordinate(text: unknown, name: string): Uint8Array {
  let bytes: Uint8Array | undefined;
  try {
    bytes = typeof text === 'string' ? base64urlToBytes(text) : undefined;
  } catch {
    bytes = undefined;
  }
  if (bytes?.length !== 32)
    throw coseError('ERR_KEY_FORMAT', `JWK member "${name}" must be 32 bytes in base64url`);
  return bytes;
}

function fromCoseKey(bytes: Uint8Array, algorithms: Algorithms): PublicKey {
  let map: ReturnType<typeof decodeCbor>;
  try {
    map = decodeCbor(bytes, { maxDepth: 1, maxItems: 32 });
  } catch {
    throw coseError('ERR_KEY_FORMAT', 'Expected SubjectPublicKeyInfo, a P-256 point or a COSE_Key');
  }
  if (!(map instanceof Map)) throw coseError('ERR_KEY_FORMAT', 'A COSE_Key is a map');
  if (map.has(COSE_KEY.d))
    throw coseError('ERR_KEY_FORMAT', 'This COSE_Key is a private key; pass the public one');
  const alg = map.get(COSE_KEY.alg);
  const algorithm = algorithms.find(
    ({ coseKey: { kty, crv }, ids }) =>
      map.get(COSE_KEY.kty) === kty &&
      map.get(COSE_KEY.crv) === crv &&
      (alg === undefined || ids.includes(alg as number)),
  );
  if (algorithm === undefined) {
    throw coseError(
      'ERR_KEY_CURVE',
      `Expected a COSE_Key of ${curves(algorithms)} with a matching algorithm; others need their algorithm passed in`,
    );
  }
  const part = (label: number, name: string): Uint8Array => {
    const value = map.get(label);
    if (!isBytes(value) || value.length !== 32) {
      throw coseError('ERR_KEY_FORMAT', `COSE_Key member ${name} must be 32 bytes`);
    }
    return value;
  };
  return fromCoordinates(algorithm, part(COSE_KEY.x, 'x'), () => part(COSE_KEY.y, 'y'));
}

function curves(algorithms: Algorithms): string {
  return algorithms.map(({ jwk }) => jwk.crv).join(' or ');
}
