import type { Work } from './work.ts';

/** A string that is to be stored, in the order in which the compiler hands them over. */
export interface PackedString {
  /** UTF-16 code units; all below 256 where strings are stored narrow. */
  readonly text: string;
  /** Number of the string that holds it, and where in it; undefined for strings with a place of their own. */
  readonly inside?: { readonly container: number; readonly at: number };
}

/** Longer strings are not searched for overlaps at their end (as the compiler does). */
const MAX_SOURCE = 24 * 1024;
/** Strings between two yields. */
const SLICE = 1024;

/**
 * Where Hermes' string packer puts each string, in units: it chains strings whose end is the beginning of another one, longest
 * overlaps first, and lays the chains down in order of their first member (Hermes: lib/BCGen/HBC/ConsecutiveStringStorage.cpp).
 * Which strings lie inside others is given. Time: O(total length).
 */
export function* packStrings(strings: readonly PackedString[]): Work<{
  readonly offsets: Int32Array;
  readonly length: number;
}> {
  const count = strings.length;
  const next = new Int32Array(count).fill(-1);
  const previous = new Int32Array(count).fill(-1);
  const overlap = new Int32Array(count);
  yield* linkOverlaps(strings, next, previous, overlap);
  yield 0.07;

  const offsets = new Int32Array(count).fill(-1);
  let length = 0;
  for (let i = 0; i < count; i++) {
    // A string inside another one calls for that one's chain in its own turn.
    let member = strings[i].inside?.container ?? i;
    if (offsets[member] >= 0 || strings[member].inside !== undefined) continue;
    if (strings[member].text.length === 0) {
      offsets[member] = 0;
      continue;
    }
    while (previous[member] >= 0) member = previous[member];
    for (; member >= 0; member = next[member]) {
      offsets[member] = length - overlap[member];
      length = offsets[member] + strings[member].text.length;
    }
  }
  for (let i = 0; i < count; i++) {
    const { inside } = strings[i];
    // A container has a place of its own; a list that says otherwise gives a place outside, which the caller refuses.
    if (inside !== undefined) offsets[i] = (offsets[inside.container] ?? -1) + inside.at;
  }
  return { length, offsets };
}

/** Suffixes that some other string may begin with, grouped by their text. */
interface SuffixGroups {
  /** Group of a text by hash and length, or -1. */
  find(hash: number, width: number): number;
  readonly first: number[];
  /** Next member of the same group, by entry. */
  readonly following: number[];
  readonly owner: number[];
}

const FACTOR = 0x01000193;

function* linkOverlaps(
  strings: readonly PackedString[],
  next: Int32Array,
  previous: Int32Array,
  overlap: Int32Array,
): Work<void> {
  const groups = yield* groupSuffixes(strings);
  // By width: pairs of string and group, in order of strings.
  const byWidth: (number[] | undefined)[] = [];
  for (let d = 0; d < strings.length; d++) {
    if (d % SLICE === 0) yield 0.07;
    if (strings[d].inside !== undefined) continue;
    const { text } = strings[d];
    let hash = 0;
    for (let width = 1; width < text.length; width++) {
      hash = (Math.imul(hash, FACTOR) + text.charCodeAt(width - 1) + 1) | 0;
      const group = groups.find(hash, width);
      if (group >= 0) (byWidth[width] ??= []).push(d, group);
    }
  }
  // For the start of a chain its end is known, and the other way round.
  const startOf = Int32Array.from(strings, (_, i) => i);
  const endOf = startOf.slice();
  for (let width = byWidth.length - 1; width > 0; width--) {
    const pairs = byWidth[width] ?? [];
    for (let p = 0; p < pairs.length; p += 2) {
      const d = pairs[p];
      const group = pairs[p + 1];
      if (previous[d] >= 0) continue;
      // What has a successor already stays out of the way of all later ones.
      while (groups.first[group] >= 0 && next[groups.owner[groups.first[group]]] >= 0) {
        groups.first[group] = groups.following[groups.first[group]];
      }
      for (let entry = groups.first[group]; entry >= 0; entry = groups.following[entry]) {
        const s = groups.owner[entry];
        if (s === d || next[s] >= 0 || startOf[s] === d || !overlaps(strings[s].text, strings[d].text, width))
          continue;
        next[s] = d;
        previous[d] = s;
        overlap[d] = width;
        const start = startOf[s];
        const end = endOf[d];
        startOf[end] = start;
        endOf[start] = end;
        break;
      }
    }
  }
}

function overlaps(left: string, right: string, width: number): boolean {
  for (let i = 0; i < width; i++)
    if (left.charCodeAt(left.length - width + i) !== right.charCodeAt(i)) return false;
  return true;
}

function* groupSuffixes(strings: readonly PackedString[]): Work<SuffixGroups> {
  const prefixes = new Set<number>();
  const code3 = (text: string, at: number): number =>
    (text.charCodeAt(at) * 65536 + text.charCodeAt(at + 1)) * 65536 + text.charCodeAt(at + 2);
  let total = 0;
  for (const { inside, text } of strings) {
    if (inside !== undefined) continue;
    total += text.length;
    if (text.length > 3) prefixes.add(code3(text, 0));
  }
  let bits = 12;
  while (1 << bits < 2 * total && bits < 22) bits++;
  const slots = new Int32Array(1 << bits).fill(-1);
  const hashes: number[] = [];
  const widths: number[] = [];
  const first: number[] = [];
  const last: number[] = [];
  const following: number[] = [];
  const owner: number[] = [];
  const slotOf = (hash: number, width: number): number => {
    let slot = Math.imul(hash ^ Math.imul(width, 0x85ebca6b), 0x9e3779b1) >>> (32 - bits);
    while (slots[slot] >= 0 && (hashes[slots[slot]] !== hash || widths[slots[slot]] !== width))
      slot = (slot + 1) & ((1 << bits) - 1);
    return slot;
  };
  for (let s = 0; s < strings.length; s++) {
    if (s % SLICE === 0) yield 0.06;
    const { inside, text } = strings[s];
    if (inside !== undefined || text.length > MAX_SOURCE) continue;
    let hash = 0;
    let power = 1;
    for (let width = 1; width < text.length; width++) {
      const at = text.length - width;
      hash = (Math.imul(text.charCodeAt(at) + 1, power) + hash) | 0;
      power = Math.imul(power, FACTOR);
      if (width >= 3 && !prefixes.has(code3(text, at))) continue;
      // A table that runs full would search for ever: what does not fit is not chained.
      if (hashes.length > (1 << bits) * 0.75) continue;
      const slot = slotOf(hash, width);
      let group = slots[slot];
      if (group < 0) {
        group = hashes.length;
        slots[slot] = group;
        hashes.push(hash);
        widths.push(width);
        first.push(-1);
        last.push(-1);
      }
      const entry = owner.length;
      owner.push(s);
      following.push(-1);
      if (first[group] < 0) first[group] = entry;
      else following[last[group]] = entry;
      last[group] = entry;
    }
  }
  return { find: (hash, width) => slots[slotOf(hash, width)], first, following, owner };
}
