/** Applies patches; `deltaDecoder` has the usual formats of `@kivyx-ota/delta`. */
export interface PatchDecoder {
  /** Format ids it understands; patches of others are passed over. */
  readonly formats: readonly string[];
  /** The result is checked against the signed hash by the caller, whatever the decoder says. */
  apply(
    base: Uint8Array,
    patch: Uint8Array,
    expected: {
      readonly baseSha256Hex: string;
      readonly targetSha256Hex: string;
      readonly targetSizeBytes: number;
      /** Gives the app's other work a turn; to be called every few milliseconds. */
      readonly pause: () => Promise<void>;
      readonly signal?: { readonly aborted: boolean };
    },
  ): Promise<Uint8Array>;
}
