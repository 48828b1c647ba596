import { base64urlToBytes, bytesToHex, concatBytes, hexToBytes, isBytes } from '@kivyx-ota/core';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { decodeCbor } from '../cbor/decode.ts';
import { coseError } from '../error.ts';
import { COSE_KEY } from '../labels.ts';
import { decodePem } from './pem.ts';
import type { CoseAlgorithm, PublicJwk, PublicKey } from './public-key.ts';
import { decodeSpki, encodeSpki } from './spki.ts';

/** Every form in which people have their public keys. */
export type PublicKeyInput = string | Uint8Array | PublicJwk;

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
 * @throws ERR_KEY_FORMAT when the form is none of these.
 * @throws ERR_KEY_CURVE when it is another curve or key type.
 * @throws ERR_KEY_POINT when the point is not on the curve.
 */
export function parsePublicKey(input: PublicKeyInput): PublicKey {
  if (typeof input === 'string') {
    if (input.includes('-----BEGIN')) return fromSpki(decodePem(input, 'PUBLIC KEY'));
    const hex = input.trim();
    if (/^(?:[0-9a-f]{2})+$/i.test(hex)) return parsePublicKey(hexToBytes(hex));
    throw coseError('ERR_KEY_FORMAT', 'Expected PEM or hex text');
  }
  if (isBytes(input)) {
    const first = input[0];
    if (input.length === 65 && (first === 4 || first === 6 || first === 7)) return fromPoint(input);
    if (input.length === 33 && (first === 2 || first === 3)) return fromPoint(input);
    if (first === 0x30) return fromSpki(input);
    return fromCoseKey(input);
  }
  if (typeof input === 'object' && input !== null) return fromJwk(input);
  throw coseError('ERR_KEY_FORMAT', `Expected PEM, hex, bytes or a JWK, got ${typeof input}`);
}

function fromSpki(der: Uint8Array): PublicKey {
  const { alg, raw } = decodeSpki(der);
  return alg === 'ES256' ? fromPoint(raw) : fromEd25519(raw);
}

function fromPoint(encoded: Uint8Array): PublicKey {
  const first = encoded[0];
  if (first === 6 || first === 7) throw coseError('ERR_KEY_POINT', 'Hybrid points (06 / 07) are refused');
  let raw: Uint8Array;
  try {
    const point = p256.Point.fromBytes(encoded);
    point.assertValidity();
    raw = point.toBytes(false);
  } catch {
    throw coseError('ERR_KEY_POINT', 'The point is not on the curve P-256');
  }
  return publicKey('ES256', raw);
}

function fromEd25519(raw: Uint8Array): PublicKey {
  try {
    const point = ed25519.Point.fromBytes(raw, false);
    // A key of small order verifies signatures that nobody made (RFC 8032 §8.9 discussion).
    if (point.isSmallOrder()) throw new Error('small order');
  } catch {
    throw coseError('ERR_KEY_POINT', 'The bytes are no Ed25519 public key of full order');
  }
  return publicKey('Ed25519', raw.slice());
}

function publicKey(alg: CoseAlgorithm, raw: Uint8Array): PublicKey {
  const kid = sha256(encodeSpki(alg, raw)).slice(0, 16);
  return { alg, kid, kidHex: bytesToHex(kid), raw };
}

function fromJwk(jwk: PublicJwk): PublicKey {
  if ('d' in jwk) throw coseError('ERR_KEY_FORMAT', 'This JWK is a private key; pass the public one');
  if (jwk.kty === 'EC' && jwk.crv === 'P-256') {
    return fromPoint(concatBytes(Uint8Array.of(4), coordinate(jwk.x, 'x'), coordinate(jwk.y, 'y')));
  }
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') return fromEd25519(coordinate(jwk.x, 'x'));
  throw coseError(
    'ERR_KEY_CURVE',
    `Expected a JWK of P-256 or Ed25519, got ${String(jwk.kty)} ${String(jwk.crv)}`,
  );
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

function fromCoseKey(bytes: Uint8Array): PublicKey {
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
  const part = (label: number, name: string): Uint8Array => {
    const value = map.get(label);
    if (!isBytes(value) || value.length !== 32) {
      throw coseError('ERR_KEY_FORMAT', `COSE_Key member ${name} must be 32 bytes`);
    }
    return value;
  };
  if (
    map.get(COSE_KEY.kty) === 2 &&
    map.get(COSE_KEY.crv) === 1 &&
    (alg === undefined || alg === -7 || alg === -9)
  ) {
    return fromPoint(concatBytes(Uint8Array.of(4), part(COSE_KEY.x, 'x'), part(COSE_KEY.y, 'y')));
  }
  if (
    map.get(COSE_KEY.kty) === 1 &&
    map.get(COSE_KEY.crv) === 6 &&
    (alg === undefined || alg === -8 || alg === -19)
  ) {
    return fromEd25519(part(COSE_KEY.x, 'x'));
  }
  throw coseError('ERR_KEY_CURVE', 'Expected a COSE_Key of P-256 or Ed25519 with a matching algorithm');
}
