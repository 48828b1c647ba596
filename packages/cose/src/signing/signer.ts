import type { CoseAlgorithm } from '../algorithm/signature-algorithm.ts';
import type { PublicKey } from '../key/public-key.ts';

/** Something that holds a private key: local ({@link createLocalSigner}) or a service such as AWS KMS. */
export interface Signer {
  readonly alg: CoseAlgorithm;
  /** The id of the key, as in {@link PublicKey}. */
  readonly kid: Uint8Array;
  publicKey(): Promise<PublicKey>;
  /** Signs the bytes (hashing included): r ‖ s, 64 bytes. */
  sign(toBeSigned: Uint8Array): Promise<Uint8Array>;
}
