import { mustHold } from '../error.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';

/** Three numbers per copy: where it goes, where it comes from, how long it is. */
export type Copies = Int32Array;

/** A byte section of the new file, as copies from an old one with new bytes between. */
export interface CopiedBytes {
  readonly bytes: Uint8Array;
  readonly copies: Copies;
}

/** Fills `out` from `from` to `to`. */
export type RegionCoder = (out: Uint8Array, from: number, to: number) => void;

/**
 * Codes a byte section. `maxLength` bounds it before anything is allocated.
 */
export function codeCopiedBytes(
  coder: Coder,
  lane: number,
  old: Uint8Array,
  maxLength: number,
  region: RegionCoder,
): CopiedBytes {
  if (coder.flag(CONTEXT.copyUnchanged)) {
    mustHold(old.length <= maxLength);
    return { bytes: old, copies: Int32Array.of(0, 0, old.length) };
  }
  const length = coder.near(CONTEXT.copyTotal + lane, old.length);
  mustHold(length >= 0 && length <= maxLength);
  const count = coder.number(CONTEXT.copyCount + lane);
  mustHold(count <= length);
  const copies = new Int32Array(3 * count);
  const bytes = new Uint8Array(length);
  let at = 0;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const gap = coder.number(CONTEXT.copyGap + lane);
    at += gap;
    from = coder.near(CONTEXT.copySeek + lane, from + gap);
    const rest = Math.min(length - at, old.length - from);
    mustHold(from >= 0 && rest > 0);
    const size = coder.flag(CONTEXT.copyFull + 2 * lane + (i === count - 1 ? 1 : 0))
      ? rest
      : coder.number(CONTEXT.copyLength + lane);
    mustHold(size <= rest);
    copies.set([at, from, size], 3 * i);
    bytes.set(old.subarray(from, from + size), at);
    at += size;
    from += size;
  }
  at = 0;
  for (let i = 0; i <= count; i++) {
    const until = i < count ? copies[3 * i] : length;
    if (at < until) region(bytes, at, until);
    at = until + copies[3 * i + 2];
  }
  return { bytes, copies };
}

/** Where old bytes went: the new offset of an old piece that lies wholly inside one copy, else -1. */
export function createCopyMap(copies: Copies): (offset: number, length: number) => number {
  const order = Array.from({ length: copies.length / 3 }, (_, i) => 3 * i);
  order.sort((a, b) => copies[a + 1] - copies[b + 1] || copies[a + 2] - copies[b + 2]);
  return (offset, length) => {
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (copies[order[middle] + 1] <= offset) low = middle + 1;
      else high = middle;
    }
    // Copies may overlap: of a few that begin before, the longest one that holds it.
    let best = -1;
    for (let k = low - 1; k >= 0 && k >= low - 8; k--) {
      const i = order[k];
      if (offset + length > copies[i + 1] + copies[i + 2]) continue;
      if (best < 0 || copies[i + 2] > copies[best + 2]) best = i;
    }
    return best < 0 ? -1 : copies[best] + offset - copies[best + 1];
  };
}
