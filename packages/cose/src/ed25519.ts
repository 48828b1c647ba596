import { ed25519 as curve } from '@noble/curves/ed25519.js';
import type { SignatureAlgorithm } from './algorithm/signature-algorithm.ts';
import { coseError } from './error.ts';

/**
 * Ed25519 (RFC 8032, RFC 9053 §2.2), strict: canonical points, no keys of small order. Opt-in, because it is about 7 kB (gzip) of
 * code that a device with P-256 keys never runs.
 *
 * @example
 * ```ts
 * import { es256, parsePublicKey, type PublicKey } from '@kivyx-ota/cose';
 * import { ed25519 } from '@kivyx-ota/cose/ed25519';
 *
 * export const readKey = (pem: string): PublicKey => parsePublicKey(pem, [es256, ed25519]);
 * ```
 */
export const ed25519: SignatureAlgorithm = {
  coordinates: 1,
  coseKey: { crv: 6, kty: 1 },
  ids: [-19, -8],
  jwk: { crv: 'Ed25519', kty: 'OKP' },
  name: 'Ed25519',
  rawSizeBytes: 32,
  // SEQ { SEQ { Ed25519 }, BIT STRING (33 bytes) } (RFC 8410)
  spkiPrefixHex: '302a300506032b6570032100',
  readKey: (bytes) => {
    try {
      // A key of small order verifies signatures that nobody made (RFC 8032 §8.9 discussion).
      if (curve.Point.fromBytes(bytes, false).isSmallOrder()) throw new Error('small order');
    } catch {
      throw coseError('ERR_KEY_POINT', 'The bytes are no Ed25519 public key of full order');
    }
    return bytes.slice();
  },
  verify: (raw, message, signature) => {
    try {
      return curve.verify(signature, message, raw, { zip215: false });
    } catch {
      return false;
    }
  },
};
