/**
 * Signature algorithms. The key carries its algorithm; a header can only agree with it.
 * The union is open to a post-quantum one (ML-DSA, RFC 9881 on its way) without a change of shape.
 */
export type CoseAlgorithm = 'ES256' | 'Ed25519';

/** A public key that passed all checks of {@link parsePublicKey}. */
export interface PublicKey {
  readonly alg: CoseAlgorithm;
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
