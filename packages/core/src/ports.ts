/** Time and randomness are passed in, so that every behaviour can be replayed in a test. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00Z. May jump; never used to measure a duration. */
  nowMs(): number;
}

export interface Random {
  /** `length` unpredictable bytes. */
  bytes(length: number): Uint8Array;
}

/** SHA-256 (FIPS 180-4) of `bytes`: 32 bytes. */
export interface Sha256 {
  (bytes: Uint8Array): Uint8Array;
}
