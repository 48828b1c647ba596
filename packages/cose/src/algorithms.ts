import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import type { CoseAlgorithm, PublicKey } from './key/public-key.ts';

/** Both code points of an algorithm: the polymorphic one and the fully specified one (RFC 9864). First is written. */
export const ALG_IDS: Readonly<Record<CoseAlgorithm, readonly number[]>> = {
  ES256: [-7, -9],
  Ed25519: [-19, -8],
};

/**
 * Checks a raw 64-byte signature of `message` by `key`. High-S signatures are accepted: half of all that an HSM
 * or AWS KMS makes are high-S, and nothing here identifies a document by its signature.
 */
export function verifySignature(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  try {
    return key.alg === 'ES256'
      ? p256.verify(signature, message, key.raw, { lowS: false })
      : ed25519.verify(signature, message, key.raw, { zip215: false });
  } catch {
    // noble throws for r or s outside [1, n−1]; for the caller that is just not a signature.
    return false;
  }
}
