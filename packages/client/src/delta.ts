import { APPLICABLE_FORMATS, applyPatch, type FormatDecoder } from '@kivyx-ota/delta/apply';
import type { PatchDecoder } from './patch-decoder.ts';

/** The patch formats that publishers use by default, `kvh1` and `kvm1`, for `patchDecoder` of createClient. */
export const deltaDecoder: PatchDecoder = /* @__PURE__ */ createDeltaDecoder([]);

/** {@link deltaDecoder} and `moreFormats`: `kvd1` of `@kivyx-ota/delta/kvd1`. */
export function createDeltaDecoder(moreFormats: readonly FormatDecoder[]): PatchDecoder {
  return {
    apply: (base, patch, { pause, signal, targetSizeBytes }) =>
      // The client compares base and result with signed hashes itself, by the port's own SHA-256.
      applyPatch(base, patch, {
        checkHashes: false,
        maxTargetSizeBytes: targetSizeBytes,
        moreFormats,
        pause,
        ...(signal === undefined ? {} : { signal }),
      }),
    formats: [...APPLICABLE_FORMATS, ...moreFormats.map(({ format }) => format)],
  };
}
