import type { CoseAlgorithm, SignatureAlgorithm } from '../algorithm/signature-algorithm.ts';

/** A public key that passed all checks of {@link parsePublicKey}. */
export interface PublicKey {
  readonly alg: CoseAlgorithm;
  /** The key carries its algorithm; a header can only agree with it. */
  readonly algorithm: SignatureAlgorithm;
  /** First 16 bytes of SHA-256 over the SubjectPublicKeyInfo (DER). */
  readonly kid: Uint8Array;
  readonly kidHex: string;
  /** ES256: the uncompressed point `04 ‖ x ‖ y`, 65 bytes. Ed25519: 32 bytes. */
  readonly raw: Uint8Array;
}

/** The members of a JWK (RFC 7517, RFC 8037) that say what a public key is; others are ignored. */
export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y?: string;
}
