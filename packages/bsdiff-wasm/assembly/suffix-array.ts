// Suffix array by induced sorting (Nong, Zhang, Chan 2011), inside the array itself: sorted substrings, their names and the
// reduced text share its n places, so that a level needs only its types (n bits) and one counter per symbol beside it.
import { alloc, mark, releaseTo } from './memory';

/**
 * What a long loop does before its function is entered anew: engines compile a function well while its first, quickly compiled
 * form runs, and take the better one at the next call. Exported, so that it is not put into its only caller.
 */
const PIECE: i32 = 1 << 16;

// @ts-ignore: decorator
@inline
function symbol(text: usize, wide: bool, i: i32): i32 {
  return wide ? load<i32>(text + ((i as usize) << 2)) : (load<u8>(text + (i as usize)) as i32);
}

// @ts-ignore: decorator
@inline
function get(array: usize, i: i32): i32 {
  return load<i32>(array + ((i as usize) << 2));
}

// @ts-ignore: decorator
@inline
function set(array: usize, i: i32, value: i32): void {
  store<i32>(array + ((i as usize) << 2), value);
}

/** Is suffix i smaller than the one after it? */
// @ts-ignore: decorator
@inline
function isS(types: usize, i: i32): bool {
  return ((load<u8>(types + ((i as usize) >> 3)) >> ((i & 7) as u8)) & 1) == 1;
}

/** Left-most of a run of S-types. */
// @ts-ignore: decorator
@inline
function isLms(types: usize, i: i32): bool {
  return i > 0 && isS(types, i) && !isS(types, i - 1);
}

/** Writes the suffix array of `text` (n symbols of 0 … upper) to `suffixes` (n 32-bit places). */
export function sais(text: usize, wide: bool, n: i32, upper: i32, suffixes: usize): void {
  if (n == 0) return;
  if (n == 1) {
    set(suffixes, 0, 0);
    return;
  }
  const before = mark();
  const types = alloc(((n as usize) + 7) >> 3);
  memory.fill(types, 0, ((n as usize) + 7) >> 3);
  let above = false;
  for (let i = n - 1; i > 0; i -= PIECE) above = classify(text, wide, types, i, max(0, i - PIECE), above);
  const buckets = alloc(((upper + 1) as usize) << 2);

  memory.fill(suffixes, 0xff, (n as usize) << 2);
  bucketEnds(text, wide, n, upper, buckets);
  let m = 0;
  for (let i = n - 1; i > 0; i--) {
    if (isLms(types, i)) {
      put(suffixes, buckets, symbol(text, wide, i), i);
      m++;
    }
  }
  induce(text, wide, n, upper, suffixes, types, buckets);
  if (m == 0) {
    releaseTo(before);
    return;
  }

  // The sorted substrings, to the front.
  for (let i = 0, k = 0; k < m; i++) {
    const v = get(suffixes, i);
    if (isLms(types, v)) set(suffixes, k++, v);
  }
  // Their names, by position: never two neighbours, so half as many places do.
  memory.fill(suffixes + ((m as usize) << 2), 0xff, ((n - m) as usize) << 2);
  let name = -1;
  for (let i = 0, last = -1; i < m; i++) {
    const v = get(suffixes, i);
    if (last < 0 || !isSame(text, wide, n, types, last, v)) name++;
    set(suffixes, m + (v >> 1), name);
    last = v;
  }
  // The reduced text, to the end.
  for (let i = n - 1, k = n - 1; i >= m; i--) {
    const v = get(suffixes, i);
    if (v >= 0) set(suffixes, k--, v);
  }
  const reduced = suffixes + (((n - m) as usize) << 2);
  if (name + 1 == m) {
    for (let i = 0; i < m; i++) set(suffixes, get(reduced, i), i);
  } else {
    sais(reduced, true, m, name, suffixes);
  }
  for (let i = 1, k = 0; i < n; i++) {
    if (isLms(types, i)) set(reduced, k++, i);
  }
  for (let i = 0; i < m; i++) set(suffixes, i, get(reduced, get(suffixes, i)));

  memory.fill(suffixes + ((m as usize) << 2), 0xff, ((n - m) as usize) << 2);
  bucketEnds(text, wide, n, upper, buckets);
  for (let i = m - 1; i >= 0; i--) {
    const v = get(suffixes, i);
    set(suffixes, i, -1);
    put(suffixes, buckets, symbol(text, wide, v), v);
  }
  induce(text, wide, n, upper, suffixes, types, buckets);
  releaseTo(before);
}

/** The first free place of the symbol's bucket. */
// @ts-ignore: decorator
@inline
function append(suffixes: usize, buckets: usize, c: i32, suffix: i32): void {
  const at = get(buckets, c);
  set(buckets, c, at + 1);
  set(suffixes, at, suffix);
}

/** The last free place of the symbol's bucket. */
// @ts-ignore: decorator
@inline
function put(suffixes: usize, buckets: usize, c: i32, suffix: i32): void {
  const at = get(buckets, c) - 1;
  set(buckets, c, at);
  set(suffixes, at, suffix);
}

/** Equal, as far as the next left-most S-type? */
function isSame(text: usize, wide: bool, n: i32, types: usize, a: i32, b: i32): bool {
  for (let d = 0; a + d < n && b + d < n && symbol(text, wide, a + d) == symbol(text, wide, b + d); d++) {
    if (d == 0) continue;
    const ends = isLms(types, a + d);
    if (ends != isLms(types, b + d)) return false;
    if (ends) return true;
  }
  return false;
}

/** For each symbol, where its suffixes end. */
function bucketEnds(text: usize, wide: bool, n: i32, upper: i32, buckets: usize): void {
  memory.fill(buckets, 0, ((upper + 1) as usize) << 2);
  for (let i = 0; i < n; i++) {
    const c = symbol(text, wide, i);
    set(buckets, c, get(buckets, c) + 1);
  }
  for (let c = 0, sum = 0; c <= upper; c++) {
    sum += get(buckets, c);
    set(buckets, c, sum);
  }
}

/** The same, where they begin. */
function bucketStarts(text: usize, wide: bool, n: i32, upper: i32, buckets: usize): void {
  bucketEnds(text, wide, n, upper, buckets);
  for (let c = upper; c > 0; c--) set(buckets, c, get(buckets, c - 1));
  set(buckets, 0, 0);
}

/** From the left-most S-types, which lie at the ends of their buckets: all others. */
function induce(
  text: usize,
  wide: bool,
  n: i32,
  upper: i32,
  suffixes: usize,
  types: usize,
  buckets: usize,
): void {
  bucketStarts(text, wide, n, upper, buckets);
  // The end of the text is smaller than all of it.
  append(suffixes, buckets, symbol(text, wide, n - 1), n - 1);
  for (let i = 0; i < n; i += PIECE) {
    induceL(text, wide, suffixes, types, buckets, i, min(n, i + PIECE));
  }
  bucketEnds(text, wide, n, upper, buckets);
  for (let i = n; i > 0; i -= PIECE) {
    induceS(text, wide, suffixes, types, buckets, i, max(0, i - PIECE));
  }
}

/** L-types before the suffixes at `from` to `to`. */
export function induceL(
  text: usize,
  wide: bool,
  suffixes: usize,
  types: usize,
  buckets: usize,
  from: i32,
  to: i32,
): void {
  for (let i = from; i < to; i++) {
    const v = get(suffixes, i) - 1;
    if (v >= 0 && !isS(types, v)) append(suffixes, buckets, symbol(text, wide, v), v);
  }
}

/** S-types before the suffixes at `from - 1` down to `to`. */
export function induceS(
  text: usize,
  wide: bool,
  suffixes: usize,
  types: usize,
  buckets: usize,
  from: i32,
  to: i32,
): void {
  for (let i = from - 1; i >= to; i--) {
    const v = get(suffixes, i) - 1;
    if (v >= 0 && isS(types, v)) put(suffixes, buckets, symbol(text, wide, v), v);
  }
}

/** Is each suffix from `from - 1` down to `to` smaller than the one after it? Gives that of the last one. */
export function classify(
  text: usize,
  wide: bool,
  types: usize,
  from: i32,
  to: i32,
  last: bool,
): bool {
  let above = last;
  for (let i = from - 1; i >= to; i--) {
    const a = symbol(text, wide, i);
    const b = symbol(text, wide, i + 1);
    above = a == b ? above : a < b;
    if (above) {
      const at = types + ((i as usize) >> 3);
      store<u8>(at, load<u8>(at) | (1 << ((i & 7) as u8)));
    }
  }
  return above;
}
