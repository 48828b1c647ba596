import { mustHold } from '../../error.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import type { Work } from '../work.ts';

/** Three numbers per copy: where it goes, where it comes from, how long it is. */
export type Copies = Int32Array;

/** A byte section of the new file, as copies from an old one with new bytes between. */
export interface CopiedBytes {
  readonly bytes: Uint8Array;
  readonly copies: Copies;
}

/** Fills `out` from `from` to `to`. */
export type RegionCoder = (out: Uint8Array, from: number, to: number) => Work<void>;

/**
 * Codes a byte section. `maxLength` bounds it before anything is allocated.
 */
export function* codeCopiedBytes(
  coder: Coder,
  lane: number,
  old: Uint8Array,
  maxLength: number,
  region: RegionCoder,
): Work<CopiedBytes> {
  if (coder.flag(CONTEXT.copyUnchanged)) {
    mustHold(old.length <= maxLength);
    return { bytes: old, copies: Int32Array.of(0, 0, old.length) };
  }
  const appended = coder.flag(CONTEXT.copyAppended);
  const length = coder.near(CONTEXT.copyTotal + lane, old.length, maxLength);
  const count = appended ? 1 : coder.number(CONTEXT.copyCount + lane, length);
  const copies = new Int32Array(3 * count);
  const bytes = new Uint8Array(length);
  let at = 0;
  let from = 0;
  for (let i = 0; i < count; i++) {
    if (!appended) {
      const gap = coder.number(CONTEXT.copyGap + lane);
      at += gap;
      from = coder.near(CONTEXT.copySeek + lane, from + gap);
    }
    const rest = Math.min(length - at, old.length - from);
    mustHold(rest >= 0);
    const size =
      appended || coder.flag(CONTEXT.copyFull + 2 * lane + (i === count - 1 ? 1 : 0))
        ? rest
        : coder.number(CONTEXT.copyLength + lane, rest);
    copies.set([at, from, size], 3 * i);
    bytes.set(old.subarray(from, from + size), at);
    at += size;
    from += size;
  }
  at = 0;
  for (let i = 0; i <= count; i++) {
    const until = i < count ? copies[3 * i] : length;
    if (at < until) yield* region(bytes, at, until);
    at = until + copies[3 * i + 2];
  }
  return { bytes, copies };
}

/**
 * Where each old byte went, or -1. Of bytes that were copied more than once the longest copy counts.
 */
export function placesAfter(copies: Copies, oldLength: number): Int32Array {
  const places = new Int32Array(oldLength).fill(-1);
  const order = Array.from({ length: copies.length / 3 }, (_, i) => 3 * i);
  order.sort((a, b) => copies[a + 2] - copies[b + 2]);
  for (const i of order) for (let k = 0; k < copies[i + 2]; k++) places[copies[i + 1] + k] = copies[i] + k;
  return places;
}
