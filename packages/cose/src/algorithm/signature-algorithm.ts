/** The algorithms there are. A closed list: readers are given implementations, they never find one by name. */
export type CoseAlgorithm = 'ES256' | 'Ed25519';

/**
 * What a reader needs of an algorithm. `es256` stands in the main entry, `ed25519` in an entry of its own, so that a device pays
 * for what it trusts (Metro drops nothing that is imported). The shape leaves room for a post-quantum one (ML-DSA).
 */
export interface SignatureAlgorithm {
  readonly name: CoseAlgorithm;
  /** Both code points: the polymorphic and the fully specified one (RFC 9864). The first is written. */
  readonly ids: readonly number[];
  /** A SubjectPublicKeyInfo of a fixed algorithm is this prefix and the raw key: nothing has to be parsed. */
  readonly spkiPrefixHex: string;
  readonly rawSizeBytes: number;
  /** Key type and curve as JWK (RFC 7517) and COSE_Key (RFC 9052 §7) spell them. */
  readonly jwk: { readonly kty: string; readonly crv: string };
  readonly coseKey: { readonly kty: number; readonly crv: number };
  /** x and y, or x alone. */
  readonly coordinates: 1 | 2;
  /**
   * The checked raw key from `bytes` (untrusted).
   *
   * @throws ERR_KEY_POINT
   */
  readKey(bytes: Uint8Array): Uint8Array;
  /** Never throws: whatever is wrong with 64 untrusted bytes, they are just not a signature. */
  verify(raw: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}
