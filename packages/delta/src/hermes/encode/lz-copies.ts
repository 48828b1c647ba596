import type { Copies } from '../file/copies.ts';

const HASH_BITS = 18;
const MAX_CHAIN = 96;
/** A match on the diagonal of the last one is free to point at, so it may be short. */
const MIN_DIAGONAL = 3;
const LONG_ENOUGH = 48;

/** Copies by hash chains over all of `old`; the diagonal of the last copy is tried first. */
export function findCopies(old: Uint8Array, wanted: Uint8Array, minLength: number): Copies {
  const key = Math.min(minLength, 8);
  const head = new Int32Array(1 << HASH_BITS).fill(-1);
  const previous = new Int32Array(old.length);
  const hash = (bytes: Uint8Array, at: number): number => {
    let h = 0;
    for (let i = 0; i < key; i++) {
      h = Math.imul(h, 0x01000193) ^ bytes[at + i];
      h ^= h >>> 15;
    }
    return Math.imul(h, 0x9e3779b1) >>> (32 - HASH_BITS);
  };
  for (let at = 0; at + key <= old.length; at++) {
    const slot = hash(old, at);
    previous[at] = head[slot];
    head[slot] = at;
  }
  const matchLength = (from: number, at: number): number => {
    const limit = Math.min(old.length - from, wanted.length - at);
    let length = 0;
    while (length < limit && old[from + length] === wanted[at + length]) length++;
    return length;
  };
  const copies: number[] = [];
  let diagonal = 0;
  for (let at = 0; at < wanted.length;) {
    let best = 0;
    let source = 0;
    const straight = at + diagonal;
    if (straight >= 0 && straight < old.length) {
      const length = matchLength(straight, at);
      if (length >= MIN_DIAGONAL) [best, source] = [length, straight];
    }
    if (best < LONG_ENOUGH && at + key <= wanted.length) {
      let from = head[hash(wanted, at)];
      for (let tried = 0; from >= 0 && tried < MAX_CHAIN; tried++, from = previous[from]) {
        const length = matchLength(from, at);
        if (length >= minLength && length > best + (best > 0 ? 10 : 0)) [best, source] = [length, from];
      }
    }
    if (best >= MIN_DIAGONAL) {
      copies.push(at, source, best);
      at += best;
      diagonal = source + best - at;
    } else {
      at++;
    }
  }
  return Int32Array.from(copies);
}
