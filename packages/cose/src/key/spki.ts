import { bytesToHex, concatBytes, hexToBytes } from '@kivyx-ota/core';
import { coseError } from '../error.ts';
import type { CoseAlgorithm } from './public-key.ts';

// A SubjectPublicKeyInfo of a fixed algorithm is a fixed prefix and the key: nothing has to be parsed, and
// every other spelling (named curve by parameters, BER lengths, unused bits) differs in the prefix.
const PREFIX: Readonly<Record<CoseAlgorithm, string>> = {
  // SEQ { SEQ { ecPublicKey, prime256v1 }, BIT STRING (66 bytes) } (RFC 5480)
  ES256: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
  // SEQ { SEQ { Ed25519 }, BIT STRING (33 bytes) } (RFC 8410)
  Ed25519: '302a300506032b6570032100',
};
const RAW_LENGTH: Readonly<Record<CoseAlgorithm, number>> = { ES256: 65, Ed25519: 32 };

/** SubjectPublicKeyInfo (DER) of a raw public key. */
export function encodeSpki(alg: CoseAlgorithm, raw: Uint8Array): Uint8Array {
  return concatBytes(hexToBytes(PREFIX[alg]), raw);
}

/**
 * Algorithm and raw key of a SubjectPublicKeyInfo (`der` is untrusted; the point is not checked here).
 *
 * @throws ERR_KEY_FORMAT, ERR_KEY_CURVE
 */
export function decodeSpki(der: Uint8Array): { readonly alg: CoseAlgorithm; readonly raw: Uint8Array } {
  for (const alg of ['ES256', 'Ed25519'] as const) {
    const prefixLength = PREFIX[alg].length / 2;
    if (bytesToHex(der.subarray(0, prefixLength)) !== PREFIX[alg]) continue;
    if (der.length !== prefixLength + RAW_LENGTH[alg]) break;
    return { alg, raw: der.slice(prefixLength) };
  }
  if (der[0] === 0x30 && bytesToHex(der).includes('2a8648ce3d0201')) {
    throw coseError(
      'ERR_KEY_CURVE',
      'An elliptic-curve key, but not an uncompressed one on P-256 (prime256v1)',
    );
  }
  throw coseError('ERR_KEY_FORMAT', 'Expected a SubjectPublicKeyInfo of a P-256 or Ed25519 key');
}
