import type { Work } from '../work.ts';

/** A string that is to be stored. */
export interface PackedString {
  /** UTF-16 code units; all below 256 where strings are stored narrow. */
  readonly text: string;
  /** The string that holds it, and where in it; undefined for strings with a place of their own. */
  inside?: PackedString | undefined;
  at: number;
  /** Its number in the order in which the compiler hands them over. */
  number?: number;
  /** Where it comes to lie. */
  place?: number;
}

/** Longer strings are not searched for overlaps at their end (as the compiler does). */
const MAX_SOURCE = 24 * 1024;
/** Strings between two yields. */
const SLICE = 16_384;
const SLOT_BITS = 15;
/** FNV's factor, and what undoes it modulo 2^32. */
const [FACTOR, INVERSE] = [0x01000193, 0x359c449b] as const;

/**
 * Sets the `place` where Hermes' string packer puts each string, in units, and gives the length of all: it chains strings whose end is the beginning of another one, longest
 * overlaps first, and lays the chains down in order of their first member (Hermes: lib/BCGen/HBC/ConsecutiveStringStorage.cpp).
 * Which strings lie inside others is given. Time: O(total length).
 */
export function* packStrings(strings: readonly PackedString[]): Work<number> {
  const offsets = new Int32Array(strings.length).fill(-1);
  const next = offsets.slice();
  const previous = offsets.slice();
  const overlap = offsets.slice();
  // For the start of a chain its end, and the other way round.
  const otherEnd = Int32Array.from(strings, (_, i) => i);
  const lengthOf = (i: number): number => strings[i].text.length;
  const unit = (i: number, at: number): number => strings[i].text.charCodeAt(at) + 1;

  const waiting: number[] = [];
  strings.forEach((one, i) => {
    one.number = i;
    if (one.inside === undefined) waiting.push(i);
  });
  waiting.sort((a, b) => lengthOf(a) - lengthOf(b) || b - a);
  // Strings of more than `width` units, ascending, with the hashes of their first and last `width` ones.
  const live = offsets.slice();
  const prefix = offsets.slice();
  const suffix = offsets.slice();
  let liveCount = 0;
  // By hash the first string that ends so, behind each string the next one.
  const heads = new Int32Array(1 << SLOT_BITS).fill(-1);
  const following = offsets.slice();
  const slotOf = (hash: number): number => Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
  let width =
    waiting.reduce((most, i) => (lengthOf(i) > MAX_SOURCE ? most : Math.max(most, lengthOf(i))), 0) - 1;
  let power = 1;
  for (let k = 0; k < width; k++) power = Math.imul(power, FACTOR);
  const joinOverlaps = (): void => {
    for (let k = 0; k < liveCount; k++) {
      const i = live[k];
      prefix[i] = Math.imul(prefix[i] - unit(i, width), INVERSE);
      suffix[i] -= Math.imul(unit(i, lengthOf(i) - width - 1), power);
    }
    const joining: number[] = [];
    while (waiting.length > 0 && lengthOf(waiting[waiting.length - 1]) > width) {
      const i = waiting.pop() as number;
      prefix[i] = suffix[i] = 0;
      for (let k = 0; k < width; k++) {
        prefix[i] = Math.imul(prefix[i], FACTOR) + unit(i, k);
        suffix[i] = Math.imul(suffix[i], FACTOR) + unit(i, lengthOf(i) - width + k);
      }
      joining.push(i);
    }
    joining.sort((a, b) => a - b);
    let k = liveCount - 1;
    liveCount += joining.length;
    for (let to = liveCount - 1; joining.length > 0; to--)
      live[to] = k >= 0 && live[k] > joining[joining.length - 1] ? live[k--] : (joining.pop() as number);

    for (k = liveCount - 1; k >= 0; k--) {
      const i = live[k];
      if (next[i] >= 0 || lengthOf(i) > MAX_SOURCE) continue;
      const slot = slotOf(suffix[i]);
      following[i] = heads[slot];
      heads[slot] = i;
    }
    for (k = 0; k < liveCount; k++) {
      const d = live[k];
      if (previous[d] >= 0) continue;
      const slot = slotOf(prefix[d]);
      // What has a successor already stays out of the way of all later ones.
      while (next[heads[slot]] >= 0) heads[slot] = following[heads[slot]];
      for (let s = heads[slot]; s >= 0; s = following[s]) {
        if (suffix[s] !== prefix[d] || next[s] >= 0 || otherEnd[s] === d) continue;
        if (!strings[s].text.endsWith(strings[d].text.slice(0, width))) continue;
        next[s] = d;
        previous[d] = s;
        overlap[d] = width;
        const start = otherEnd[s];
        otherEnd[start] = otherEnd[d];
        otherEnd[otherEnd[d]] = start;
        break;
      }
    }
    for (k = 0; k < liveCount; k++) heads[slotOf(suffix[live[k]])] = -1;
    power = Math.imul(power, INVERSE);
  };
  for (let work = 0; width > 0; width--) {
    joinOverlaps();
    work += liveCount;
    if (work > SLICE) {
      work = 0;
      yield 0.07;
    }
  }

  let length = 0;
  const layDown = (): void => {
    for (let i = 0; i < strings.length; i++) {
      // A string inside another one calls for that one's chain in its own turn.
      let member = strings[i].inside?.number ?? i;
      if (offsets[member] >= 0 || strings[member].inside !== undefined) continue;
      if (lengthOf(member) === 0) {
        offsets[member] = 0;
        continue;
      }
      while (previous[member] >= 0) member = previous[member];
      for (; member >= 0; member = next[member]) {
        offsets[member] = length - Math.max(overlap[member], 0);
        length = offsets[member] + lengthOf(member);
      }
    }
  };
  layDown();
  // A container has a place of its own; a list that says otherwise gives a place outside, which the caller refuses.
  strings.forEach((one, i) => {
    one.place = one.inside === undefined ? offsets[i] : offsets[one.inside.number as number] + one.at;
  });
  return length;
}
