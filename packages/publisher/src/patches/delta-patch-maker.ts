import { applyPatch } from '@kivyx-ota/delta/apply';
import { choosePatch } from '@kivyx-ota/delta/diff';
import type { PatchMaker } from '../options.ts';

/** The formats of `@kivyx-ota/delta`, and its decoder. */
export const deltaPatchMaker: PatchMaker = {
  apply: (base, patch) => applyPatch(base, patch),
  create: (base, target, fullSizeBytes) => choosePatch(base, target, { fullSizeBytes }),
};
