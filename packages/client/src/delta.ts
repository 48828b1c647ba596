import { APPLICABLE_FORMATS, applyPatch } from '@kivyx-ota/delta/apply';
import type { PatchDecoder } from './patch-decoder.ts';

/** The patch formats of `@kivyx-ota/delta`, for `patchDecoder` of createClient. */
export const deltaDecoder: PatchDecoder = {
  apply: (base, patch, { pause, signal, targetSizeBytes }) =>
    // The client compares base and result with signed hashes itself, by the port's own SHA-256.
    applyPatch(base, patch, {
      checkHashes: false,
      maxTargetSizeBytes: targetSizeBytes,
      pause,
      ...(signal === undefined ? {} : { signal }),
    }),
  formats: APPLICABLE_FORMATS,
};
