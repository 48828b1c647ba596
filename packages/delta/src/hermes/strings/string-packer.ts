import { HASH_FACTOR } from '../entropy/bits.ts';
import { readWords } from './read-text.ts';
import type { StringColumns } from './string-columns.ts';
import { each, type Work } from '../work.ts';

/** Longer strings are not searched for overlaps at their end (as the compiler does). */
const MAX_SOURCE = 24 * 1024;
/** Steps of overlaps between two yields. */
const STEPS = 8192;
const SLOT_BITS = 15;
/** A factor (`HASH_FACTOR`), and what undoes it modulo 2^32. */
const FACTOR = HASH_FACTOR;
const INVERSE = 0xbc06e1f;

/** Where strings of one width come to lie. */
export interface Packing {
  /** Place of each that lies in no other, in units. */
  readonly places: Int32Array;
  /** Of all, in units. */
  readonly length: number;
}

/**
 * Where Hermes' string packer puts the strings of `rows`, all of one width, in the order in which the compiler hands them over: it chains strings whose end is the beginning of
 * another one, longest overlaps first, and lays the chains down in order of their first member (Hermes:
 * lib/BCGen/HBC/ConsecutiveStringStorage.cpp). Which strings lie inside others is given. Time: O(total length).
 */
export function* packStrings(
  { inside, length: lengthOf, offset, pool, wide }: StringColumns,
  rows: Int32Array,
): Work<Packing> {
  const count = rows.length;
  const next = new Int32Array(count).fill(-1);
  const previous = next.slice();
  // For the start of a chain its end, and the other way round.
  const otherEnd = new Int32Array(count);
  const lengths = new Int32Array(count);
  const starts = new Int32Array(count);
  const numbers = new Int32Array(lengthOf.length);
  /** By length (longer ones than are searched: one more) the last string that has a place of its own; behind each string the one before. */
  const byLength = new Int32Array(MAX_SOURCE + 2).fill(-1);
  const following = next.slice();
  const isWide = wide[rows[0]] === 1;
  const units = isWide ? readWords(pool) : pool;
  yield* each(count, (i) => {
    const row = rows[i];
    const length = lengthOf[row];
    numbers[row] = otherEnd[i] = i;
    lengths[i] = length;
    starts[i] = offset[row] >> (isWide ? 1 : 0);
    if (inside[row] >= 0) return;
    const group = Math.min(length, MAX_SOURCE + 1);
    following[i] = byLength[group];
    byLength[group] = i;
  });
  let width = MAX_SOURCE - 1;
  while (width > 0 && byLength[width + 1] < 0) width--;
  let power = 1;
  for (let k = 0; k < width; k++) power = Math.imul(power, FACTOR);
  // Strings of more than `width` units, ascending.
  const live = new Int32Array(count);
  let liveCount = 0;
  // Hashes of their first and their last `width` units.
  const prefix = new Int32Array(count);
  const suffix = new Int32Array(count);
  // By hash the first string that ends so, and the width for which that is so; behind each string the next one.
  const first = new Int32Array(1 << SLOT_BITS);
  const validFor = first.slice();

  /** Takes in the strings of a length, hashed as far as they are compared first. */
  const join = (length: number): void => {
    const more: number[] = [];
    for (let i = byLength[length]; i >= 0; i = following[i]) {
      let hash = 0;
      for (let at = starts[i], end = at + width + 1; at < end; at++)
        hash = (hash * FACTOR + units[at] + 1) | 0;
      prefix[i] = suffix[i] = hash;
      more.push(i);
    }
    let from = liveCount - 1;
    liveCount += more.length;
    for (let k = 0, to = liveCount - 1; k < more.length; to--)
      live[to] = from >= 0 && live[from] > more[k] ? live[from--] : more[k++];
  };
  const joinOverlaps = (): void => {
    for (let k = liveCount - 1; k >= 0; k--) {
      const i = live[k];
      const start = starts[i];
      const end = start + lengths[i];
      if (previous[i] < 0) prefix[i] = Math.imul(prefix[i] - units[start + width] - 1, INVERSE);
      if (next[i] >= 0 || end - start > MAX_SOURCE) continue;
      suffix[i] -= (units[end - width - 1] + 1) * power;
      const slot = (suffix[i] * FACTOR) >>> (32 - SLOT_BITS);
      following[i] = validFor[slot] === width ? first[slot] : -1;
      first[slot] = i;
      validFor[slot] = width;
    }
    for (let k = 0; k < liveCount; k++) {
      const d = live[k];
      if (previous[d] >= 0) continue;
      const slot = (prefix[d] * FACTOR) >>> (32 - SLOT_BITS);
      if (validFor[slot] !== width) continue;
      // What has a successor already stays out of the way of all later ones.
      while (next[first[slot]] >= 0) first[slot] = following[first[slot]];
      for (let s = first[slot]; s >= 0; s = following[s]) {
        if (suffix[s] !== prefix[d] || next[s] >= 0 || otherEnd[s] === d) continue;
        next[s] = d;
        previous[d] = s;
        // Its hash is not needed any more: the place of how far they overlap.
        prefix[d] = width;
        const start = otherEnd[s];
        otherEnd[start] = otherEnd[d];
        otherEnd[otherEnd[d]] = start;
        break;
      }
    }
    power = Math.imul(power, INVERSE);
  };
  join(MAX_SOURCE + 1);
  for (let steps = 0; width > 0; width--) {
    join(width + 1);
    joinOverlaps();
    steps += liveCount;
    if (steps > STEPS) {
      steps = 0;
      yield 0.1;
    }
  }

  let length = 0;
  const offsets = suffix.fill(-1);
  yield* each(count, (i) => {
    // A string inside another one calls for that one's chain in its own turn.
    const holder = inside[rows[i]];
    let member = holder < 0 ? i : numbers[holder];
    if (offsets[member] >= 0 || inside[rows[member]] >= 0) return;
    if (lengths[member] === 0) {
      offsets[member] = 0;
      return;
    }
    while (previous[member] >= 0) member = previous[member];
    for (; member >= 0; member = next[member]) {
      offsets[member] = length - (previous[member] < 0 ? 0 : prefix[member]);
      length = offsets[member] + lengths[member];
    }
  });
  return { length, places: offsets };
}
