import type { FormatDecoder } from './apply.ts';
import { decodeGeneric } from './generic/decode.ts';

/**
 * The decoder of `kvd1`, for `moreFormats` of applyPatch. Opt-in: it brings inflate, 2.7 kB (gzip), and `kvm1` takes the same files.
 *
 * @example
 * ```ts
 * import { applyPatch } from '@kivyx-ota/delta/apply';
 * import { kvd1 } from '@kivyx-ota/delta/kvd1';
 *
 * export const update = (base: Uint8Array, patch: Uint8Array): Promise<Uint8Array> =>
 *   applyPatch(base, patch, { moreFormats: [kvd1] });
 * ```
 */
export const kvd1: FormatDecoder = { decode: decodeGeneric, format: 'kvd1' };
