import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, type Sha256Hex } from './hex.ts';

/**
 * SHA-256 (FIPS 180-4) of `bytes` in plain ECMAScript: 32 bytes. On a phone about 2 MiB/s, so large files
 * are hashed through the `sha256File` port of the client instead.
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

/** {@link sha256} as 64 lower-case hex digits. */
export function sha256Hex(bytes: Uint8Array): Sha256Hex {
  return bytesToHex(nobleSha256(bytes));
}

/** SHA-256 of a stream, chunk by chunk. */
export interface Sha256Stream {
  update(chunk: Uint8Array): void;
  /** The hash of all chunks; the stream cannot be used afterwards. */
  digestHex(): Sha256Hex;
}

/** Starts a {@link Sha256Stream}. */
export function createSha256(): Sha256Stream {
  const state = nobleSha256.create();
  return {
    update: (chunk) => {
      state.update(chunk);
    },
    digestHex: () => bytesToHex(state.digest()),
  };
}
