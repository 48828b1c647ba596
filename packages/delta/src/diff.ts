import { sha256Hex } from '@kivyx-ota/core/sha256';
import { HASH_PREFIX_BYTES, writeContainer } from './container.ts';
import { type Differ, suffixArrayDiffer } from './generic/differ.ts';
import { encodeGeneric } from './generic/encode.ts';

export { type Differ, type DiffStep, suffixArrayDiffer } from './generic/differ.ts';

/** A patch and its format id. */
export interface Patch {
  readonly format: string;
  readonly bytes: Uint8Array;
}

/** Options of {@link createPatch}. */
export interface DiffOptions {
  readonly differ?: Differ;
}

/** A patch must be below this share of the full (compressed) size to be worth its own risk. */
export const PATCH_THRESHOLD = 0.6;

/** The patch from `base` to `target` in the generic format. A few seconds of CPU for 4 MB. */
export async function createPatch(
  base: Uint8Array,
  target: Uint8Array,
  { differ = suffixArrayDiffer }: DiffOptions = {},
): Promise<Patch> {
  const prefix = (bytes: Uint8Array): string => sha256Hex(bytes).slice(0, HASH_PREFIX_BYTES * 2);
  const header = {
    basePrefixHex: prefix(base),
    baseSizeBytes: base.length,
    format: 'kvd1',
    targetPrefixHex: prefix(target),
    targetSizeBytes: target.length,
  };
  return { bytes: writeContainer(header, encodeGeneric(base, target, differ)), format: 'kvd1' };
}

/**
 * {@link createPatch}, or `undefined` when it is not below 60 % of `fullSizeBytes` (what a device would download otherwise, compressed).
 */
export async function choosePatch(
  base: Uint8Array,
  target: Uint8Array,
  { fullSizeBytes, ...options }: DiffOptions & { readonly fullSizeBytes: number },
): Promise<Patch | undefined> {
  const patch = await createPatch(base, target, options);
  return patch.bytes.length < PATCH_THRESHOLD * fullSizeBytes ? patch : undefined;
}
