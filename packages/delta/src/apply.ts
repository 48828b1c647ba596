import { sha256Hex } from '@kivyx-ota/core/sha256';
import { HASH_PREFIX_BYTES, readContainer } from './container.ts';
import { deltaError } from './error.ts';
import { decodeHermes } from './hermes/decode-hermes.ts';
import type { Work } from './hermes/work.ts';
import { decodeModelled } from './modelled/decode.ts';

/** What rebuilds targets from the patches of one format. */
export interface FormatDecoder {
  readonly format: string;
  /** `body` is untrusted. Gives the share of work that is done between slices, and the target at the end. */
  decode(base: Uint8Array, body: Uint8Array, targetSizeBytes: number): Work<Uint8Array>;
}

/** Options of {@link applyPatch}. */
export interface ApplyOptions {
  /** Beside `kvh1` and `kvm1`: `kvd1` of `@kivyx-ota/delta/kvd1`. */
  readonly moreFormats?: readonly FormatDecoder[];
  /** Default 64 MiB. */
  readonly maxTargetSizeBytes?: number;
  /**
   * Compares base and result with the hashes in the patch; default true. False for callers that compare both with signed hashes
   * anyway: hashing in JavaScript takes longer than the patch.
   */
  readonly checkHashes?: boolean;
  /** Gives other work a turn; called about every 8 ms (up to 16 where the piece under way is a long one). Without it the patch is applied in one go. */
  readonly pause?: () => Promise<void>;
  /** Stops the work at the next pause. */
  readonly signal?: { readonly aborted: boolean };
  /** Share of the work that is done, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Time between two pauses, to which the piece of work that is under way is added. */
const SLICE_MS = 4;

const BUILT_IN: readonly FormatDecoder[] = [
  { decode: decodeHermes, format: 'kvh1' },
  { decode: decodeModelled, format: 'kvm1' },
];

/** Formats that {@link applyPatch} understands by itself. */
export const APPLICABLE_FORMATS: readonly string[] = /* @__PURE__ */ BUILT_IN.map(({ format }) => format);

/**
 * The target that `patch` (untrusted) makes from `base`. Base and result are compared with the patch's own header, which finds
 * mix-ups; that the result is what was published only a signed hash can say, so compare it with one.
 *
 * @throws ERR_DELTA_FORMAT, ERR_DELTA_UNKNOWN_FORMAT also for one that has to be passed in, ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT
 * @throws ERR_DELTA_BASE when `base` is not the file that the patch starts from
 * @throws ERR_DELTA_ABORTED when `signal` says so
 * @throws ERR_DELTA_TARGET when the result is not the file that the patch promises
 *
 * @example
 * ```ts
 * import { applyPatch } from '@kivyx-ota/delta/apply';
 *
 * export const update = (base: Uint8Array, patch: Uint8Array): Promise<Uint8Array> => applyPatch(base, patch);
 * ```
 */
export async function applyPatch(
  base: Uint8Array,
  patch: Uint8Array,
  options: ApplyOptions = {},
): Promise<Uint8Array> {
  const { header, body } = readContainer(patch);
  const decoder = BUILT_IN.concat(options.moreFormats ?? []).find(({ format }) => format === header.format);
  if (decoder === undefined)
    throw deltaError('ERR_DELTA_UNKNOWN_FORMAT', `The decoder of ${header.format} was not passed in`);
  const cap = options.maxTargetSizeBytes ?? 67_108_864;
  if (header.targetSizeBytes > cap) {
    throw deltaError(
      'ERR_DELTA_LIMIT',
      `The patch would make ${header.targetSizeBytes} bytes, at most ${cap} are allowed`,
    );
  }
  const check = options.checkHashes ?? true;
  if (base.length !== header.baseSizeBytes || (check && !matches(base, header.basePrefixHex))) {
    throw deltaError(
      'ERR_DELTA_BASE',
      `The patch starts from another file (${header.baseSizeBytes} bytes, ${header.basePrefixHex}…)`,
    );
  }
  const target = await inSlices(decoder.decode(base, body, header.targetSizeBytes), options);
  if (check && !matches(target, header.targetPrefixHex)) {
    throw deltaError('ERR_DELTA_TARGET', 'The patch made another file than it promises; it is damaged');
  }
  return target;
}

async function inSlices<T>(work: Work<T>, { onProgress, pause, signal }: ApplyOptions): Promise<T> {
  let last = Date.now();
  let share = 0;
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (signal?.aborted === true) throw deltaError('ERR_DELTA_ABORTED', 'Stopped by the caller');
    share = Math.max(share, value);
    if (Date.now() - last < SLICE_MS) continue;
    onProgress?.(share);
    await pause?.();
    last = Date.now();
  }
}

function matches(bytes: Uint8Array, prefixHex: string): boolean {
  return sha256Hex(bytes).slice(0, HASH_PREFIX_BYTES * 2) === prefixHex;
}
