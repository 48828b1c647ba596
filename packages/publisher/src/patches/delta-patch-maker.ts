import { fastestDiffer } from '@kivyx-ota/bsdiff-wasm';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { choosePatch } from '@kivyx-ota/delta/diff';
import type { PatchMaker } from '../options.ts';

/** The formats of `@kivyx-ota/delta`, and its decoder. */
export const deltaPatchMaker: PatchMaker = {
  apply: (base, patch) => applyPatch(base, patch),
  // A differ for each patch: its memory, about seven times the base, goes with it. Loading it takes 2 ms.
  create: async (base, target, fullSizeBytes) =>
    choosePatch(base, target, { differ: await fastestDiffer(), fullSizeBytes }),
};
