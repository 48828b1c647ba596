import { deltaError } from '../error.ts';
import { sameBytes } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';

/** Three numbers per copy: where it goes, where it comes from, how long it is. */
export type Copies = Int32Array;

/** A byte section of the new file, as copies from an old one with new bytes between. */
export interface CopiedBytes {
  readonly bytes: Uint8Array;
  readonly copies: Copies;
}

/** Fills `out` from `from` to `to`; `wanted` is the true section in the encoder. */
export type RegionCoder = (out: Uint8Array, from: number, to: number, wanted?: Uint8Array) => void;

/**
 * Codes a byte section. `maxLength` bounds it before anything is allocated.
 */
export function codeCopiedBytes(
  coder: Coder,
  lane: number,
  old: Uint8Array,
  maxLength: number,
  region: RegionCoder,
  wanted?: { readonly bytes: Uint8Array; readonly copies: Copies },
): CopiedBytes {
  const unchanged = wanted !== undefined && sameBytes(wanted.bytes, old);
  if (coder.flag(CONTEXT.copyUnchanged, unchanged)) {
    if (old.length > maxLength)
      throw deltaError('ERR_DELTA_CORRUPT', 'A section does not fit into the target');
    return { bytes: old, copies: Int32Array.of(0, 0, old.length) };
  }
  const length =
    coder.signed(CONTEXT.copyTotal + lane, (wanted?.bytes.length ?? 0) - old.length) + old.length;
  if (!(length >= 0 && length <= maxLength))
    throw deltaError('ERR_DELTA_CORRUPT', 'A section does not fit into the target');
  const count = coder.number(CONTEXT.copyCount + lane, (wanted?.copies.length ?? 0) / 3);
  if (count > length) throw deltaError('ERR_DELTA_CORRUPT', 'More copies than bytes');
  const copies = new Int32Array(3 * count);
  const bytes = new Uint8Array(length);
  let at = 0;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const gap = coder.number(CONTEXT.copyGap + lane, wanted === undefined ? 0 : wanted.copies[3 * i] - at);
    const seek = coder.signed(
      CONTEXT.copySeek + lane,
      wanted === undefined ? 0 : wanted.copies[3 * i + 1] - from - gap,
    );
    const source = from + gap + seek;
    const rest = Math.min(length - at - gap, old.length - source);
    if (!(source >= 0 && rest > 0))
      throw deltaError('ERR_DELTA_CORRUPT', 'A copy lies outside of the old section');
    const full = coder.flag(
      CONTEXT.copyFull + 2 * lane + (i === count - 1 ? 1 : 0),
      wanted !== undefined && wanted.copies[3 * i + 2] === rest,
    );
    const size = full
      ? rest
      : coder.number(CONTEXT.copyLength + lane, wanted === undefined ? 0 : wanted.copies[3 * i + 2]);
    if (size > rest) throw deltaError('ERR_DELTA_CORRUPT', 'A copy lies outside of the old section');
    copies[3 * i] = at + gap;
    copies[3 * i + 1] = source;
    copies[3 * i + 2] = size;
    bytes.set(old.subarray(source, source + size), at + gap);
    at += gap + size;
    from = source + size;
  }
  at = 0;
  for (let i = 0; i <= count; i++) {
    const until = i < count ? copies[3 * i] : length;
    if (at < until) region(bytes, at, until, wanted?.bytes);
    at = i < count ? until + copies[3 * i + 2] : length;
  }
  return { bytes, copies };
}

/** Where old bytes went: the new offset of an old piece that lies wholly inside one copy, else -1. */
export function createCopyMap(copies: Copies): (offset: number, length: number) => number {
  const count = copies.length / 3;
  const order = Array.from({ length: count }, (_, i) => i);
  order.sort((a, b) => copies[3 * a + 1] - copies[3 * b + 1] || a - b);
  const longest = order
    .slice()
    .sort((a, b) => copies[3 * b + 2] - copies[3 * a + 2] || a - b)
    .slice(0, 4);
  const within = (i: number, offset: number, length: number): boolean =>
    offset >= copies[3 * i + 1] && offset + length <= copies[3 * i + 1] + copies[3 * i + 2];
  return (offset, length) => {
    for (const i of longest) if (within(i, offset, length)) return copies[3 * i] + offset - copies[3 * i + 1];
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (copies[3 * order[middle] + 1] <= offset) low = middle + 1;
      else high = middle;
    }
    for (let k = low - 1; k >= 0 && k >= low - 8; k--) {
      if (within(order[k], offset, length)) return copies[3 * order[k]] + offset - copies[3 * order[k] + 1];
    }
    return -1;
  };
}
