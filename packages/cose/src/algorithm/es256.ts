import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@kivyx-ota/core';
import { coseError } from '../error.ts';
import { P256Point } from './p256-point.ts';
import type { SignatureAlgorithm } from './signature-algorithm.ts';

/** ECDSA on P-256 with SHA-256 (RFC 9053 §2.1). */
export const es256: SignatureAlgorithm = {
  coordinates: 2,
  coseKey: { crv: 1, kty: 2 },
  ids: [-7, -9],
  jwk: { crv: 'P-256', kty: 'EC' },
  name: 'ES256',
  rawSizeBytes: 65,
  // SEQ { SEQ { ecPublicKey, prime256v1 }, BIT STRING (66 bytes) } (RFC 5480)
  spkiPrefixHex: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  readKey: (bytes) => {
    const first = bytes[0];
    if (first === 6 || first === 7) throw coseError('ERR_KEY_POINT', 'Hybrid points (06 / 07) are refused');
    try {
      const point = P256Point.fromBytes(bytes);
      point.assertValidity();
      return point.toBytes(false);
    } catch {
      throw coseError('ERR_KEY_POINT', 'The point is not on the curve P-256');
    }
  },
  verify: (raw, message, signature) => {
    try {
      return isValid(raw, sha256(message), signature);
    } catch {
      return false;
    }
  },
};

/**
 * SEC 1 v2 §4.1.4 over noble's points, in noble's own steps: its ECDSA object would bring signing onto the device. Both halves of
 * the range of s are accepted. Everything here is public, so nothing has to take constant time.
 */
function isValid(raw: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const { Fn } = P256Point;
  const r = toNumber(signature.subarray(0, 32));
  const s = toNumber(signature.subarray(32));
  if (!Fn.isValidNot0(r) || !Fn.isValidNot0(s)) return false;
  const inverse = Fn.inv(s);
  const u1 = Fn.mul(Fn.create(toNumber(digest)), inverse);
  const u2 = Fn.mul(r, inverse);
  const point = P256Point.BASE.mulAddUnsafe(u1, P256Point.fromBytes(raw), u2);
  return !point.is0() && Fn.create(point.toAffine().x) === r;
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytesToHex(bytes)}`);
}
