import type { PublicKey } from '../key/public-key.ts';

/**
 * Checks a raw 64-byte signature of `message` by `key`, with the key's own algorithm. High-S signatures are accepted: half of all
 * that an HSM or AWS KMS makes are high-S, and nothing here identifies a document by its signature.
 */
export function verifySignature(key: PublicKey, message: Uint8Array, signature: Uint8Array): boolean {
  return signature.length === 64 && key.algorithm.verify(key.raw, message, signature);
}
