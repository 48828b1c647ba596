import { inPieces, type Work } from '../work.ts';

/** A string that is to be stored. */
export interface PackedString {
  /** UTF-16 code units; all below 256 where strings are stored narrow. */
  readonly text: string;
  /** The string that holds it, and where in it; undefined for strings with a place of their own. */
  inside: PackedString | undefined;
  at: number;
  /** Its number in the order in which the compiler hands them over. */
  number: number;
  /** Where it comes to lie. */
  place: number;
}

/** Longer strings are not searched for overlaps at their end (as the compiler does). */
const MAX_SOURCE = 24 * 1024;
/** Strings, or steps of overlaps, between two yields. */
const SLICE = 2048;
const STEPS = 8192;
const SLOT_BITS = 15;
/** FNV's factor, and what undoes it modulo 2^32. */
const [FACTOR, INVERSE] = [0x01000193, 0x359c449b] as const;

/**
 * Sets the `place` where Hermes' string packer puts each string, in units, and gives all units: it chains strings whose end is the beginning of another one, longest
 * overlaps first, and lays the chains down in order of their first member (Hermes: lib/BCGen/HBC/ConsecutiveStringStorage.cpp).
 * Which strings lie inside others is given. Time: O(total length).
 */
export function* packStrings(strings: readonly PackedString[]): Work<Uint16Array> {
  const count = strings.length;
  const offsets = new Int32Array(count).fill(-1);
  const next = offsets.slice();
  const previous = offsets.slice();
  const overlap = new Int32Array(count);
  // For the start of a chain its end, and the other way round.
  const otherEnd = new Int32Array(count);
  const lengths = new Int32Array(count);
  const starts = new Int32Array(count);
  /** By length (longer ones than are searched: one more) the last string that has a place of its own; behind each string the one before. */
  const byLength = new Int32Array(MAX_SOURCE + 2).fill(-1);
  const following = offsets.slice();
  const units = new Uint16Array(strings.reduce((sum, { text }) => sum + text.length, 0));
  let end = 0;
  yield* inPieces(count, SLICE, 0.1, (from, to) => {
    for (let i = from; i < to; i++) {
      const { inside, text } = strings[i];
      const { length } = text;
      strings[i].number = otherEnd[i] = i;
      lengths[i] = length;
      starts[i] = end;
      if (inside !== undefined) continue;
      const group = Math.min(length, MAX_SOURCE + 1);
      following[i] = byLength[group];
      byLength[group] = i;
      for (let k = 0; k < length; k++) units[end++] = text.charCodeAt(k);
    }
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
        hash = (Math.imul(hash, FACTOR) + units[at] + 1) | 0;
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
      suffix[i] -= Math.imul(units[end - width - 1] + 1, power);
      const slot = Math.imul(suffix[i], 0x9e3779b1) >>> (32 - SLOT_BITS);
      following[i] = validFor[slot] === width ? first[slot] : -1;
      first[slot] = i;
      validFor[slot] = width;
    }
    for (let k = 0; k < liveCount; k++) {
      const d = live[k];
      if (previous[d] >= 0) continue;
      const slot = Math.imul(prefix[d], 0x9e3779b1) >>> (32 - SLOT_BITS);
      if (validFor[slot] !== width) continue;
      // What has a successor already stays out of the way of all later ones.
      while (next[first[slot]] >= 0) first[slot] = following[first[slot]];
      for (let s = first[slot]; s >= 0; s = following[s]) {
        if (suffix[s] !== prefix[d] || next[s] >= 0 || otherEnd[s] === d) continue;
        next[s] = d;
        previous[d] = s;
        overlap[d] = width;
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
  yield* inPieces(count, SLICE, 0.1, (from, to) => {
    for (let i = from; i < to; i++) {
      // A string inside another one calls for that one's chain in its own turn.
      let member = strings[i].inside?.number ?? i;
      if (offsets[member] >= 0 || strings[member].inside !== undefined) continue;
      if (lengths[member] === 0) {
        offsets[member] = 0;
        continue;
      }
      while (previous[member] >= 0) member = previous[member];
      for (; member >= 0; member = next[member]) {
        offsets[member] = length - overlap[member];
        length = offsets[member] + lengths[member];
      }
    }
  });
  const packed = new Uint16Array(length);
  // A container has a place of its own; a list that says otherwise gives a wrong place, at worst outside, which the caller refuses.
  yield* inPieces(count, SLICE, 0.1, (from, to) => {
    for (let i = from; i < to; i++) {
      const { at, inside } = strings[i];
      strings[i].place = inside === undefined ? offsets[i] : offsets[inside.number] + at;
      if (inside === undefined) packed.set(units.subarray(starts[i], starts[i] + lengths[i]), offsets[i]);
    }
  });
  return packed;
}
