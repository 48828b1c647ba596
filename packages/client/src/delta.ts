import { APPLICABLE_FORMATS, applyPatch } from '@kivyx-ota/delta/apply';
import type { PatchDecoder } from './patch-decoder.ts';

/** The patch formats of `@kivyx-ota/delta`, for `patchDecoder` of createClient. */
export const deltaDecoder: PatchDecoder = {
  apply: (base, patch, { targetSizeBytes }) =>
    applyPatch(base, patch, { maxTargetSizeBytes: targetSizeBytes }),
  formats: APPLICABLE_FORMATS,
};
