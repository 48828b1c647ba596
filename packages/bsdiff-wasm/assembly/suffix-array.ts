// Suffix array by induced sorting (Nong, Zhang, Chan 2011): packages/delta/src/generic/suffix-array.ts, line by line, over raw
// memory. `wide` texts hold 32-bit symbols (the recursion), others bytes.
import { alloc, mark, releaseTo } from './memory';

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

// @ts-ignore: decorator
@inline
function isLms(isS: usize, i: i32): bool {
  return i > 0 && load<u8>(isS + (i as usize)) == 1 && load<u8>(isS + (i as usize) - 1) == 0;
}

/** Writes the suffix array of `text` (n symbols of 0 … upper) to `suffixes` (n 32-bit places). */
export function sais(text: usize, wide: bool, n: i32, upper: i32, suffixes: usize): void {
  if (n == 0) return;
  if (n == 1) {
    set(suffixes, 0, 0);
    return;
  }
  const before = mark();
  const isS = alloc(n as usize);
  memory.fill(isS, 0, n as usize);
  for (let i = n - 2; i >= 0; i--) {
    const a = symbol(text, wide, i);
    const b = symbol(text, wide, i + 1);
    store<u8>(isS + (i as usize), a == b ? load<u8>(isS + (i as usize) + 1) : a < b ? 1 : 0);
  }
  const bucketBytes = ((upper + 2) as usize) << 2;
  const sumL = alloc(bucketBytes);
  const sumS = alloc(bucketBytes);
  const cursor = alloc(bucketBytes);
  memory.fill(sumL, 0, bucketBytes);
  memory.fill(sumS, 0, bucketBytes);
  for (let i = 0; i < n; i++) {
    const c = symbol(text, wide, i);
    if (load<u8>(isS + (i as usize)) == 0) set(sumS, c, get(sumS, c) + 1);
    else set(sumL, c + 1, get(sumL, c + 1) + 1);
  }
  for (let c = 0; c <= upper; c++) {
    set(sumS, c, get(sumS, c) + get(sumL, c));
    set(sumL, c + 1, get(sumL, c + 1) + get(sumS, c));
  }

  // Left-most S-types are never neighbours: half as many places hold the rank of each.
  const rankOf = alloc((((n >> 1) + 1) as usize) << 2);
  let m = 0;
  for (let i = 1; i < n; i++) {
    if (isLms(isS, i)) set(rankOf, i >> 1, m++);
  }
  const lms = alloc((m as usize) << 2);
  for (let i = 1, k = 0; i < n; i++) {
    if (isLms(isS, i)) set(lms, k++, i);
  }
  induce(text, wide, n, upper, suffixes, isS, sumL, sumS, cursor, lms, m);
  if (m == 0) {
    releaseTo(before);
    return;
  }

  const sorted = alloc((m as usize) << 2);
  for (let i = 0, k = 0; i < n; i++) {
    const v = get(suffixes, i);
    if (v >= 0 && isLms(isS, v)) set(sorted, k++, v);
  }
  const names = alloc((m as usize) << 2);
  let name = 0;
  set(names, get(rankOf, get(sorted, 0) >> 1), 0);
  for (let i = 1; i < m; i++) {
    let l = get(sorted, i - 1);
    let r = get(sorted, i);
    const nextL = get(rankOf, l >> 1) + 1;
    const nextR = get(rankOf, r >> 1) + 1;
    const endL = nextL < m ? get(lms, nextL) : n;
    const endR = nextR < m ? get(lms, nextR) : n;
    const current = get(sorted, i);
    let same = endL - l == endR - r;
    if (same) {
      while (l < endL && symbol(text, wide, l) == symbol(text, wide, r)) {
        l++;
        r++;
      }
      if (l == n || symbol(text, wide, l) != symbol(text, wide, r)) same = false;
    }
    if (!same) name++;
    set(names, get(rankOf, current >> 1), name);
  }
  const order = alloc((m as usize) << 2);
  if (name + 1 == m) {
    for (let i = 0; i < m; i++) set(order, get(names, i), i);
  } else {
    sais(names, true, m, name, order);
  }
  for (let i = 0; i < m; i++) set(sorted, i, get(lms, get(order, i)));
  induce(text, wide, n, upper, suffixes, isS, sumL, sumS, cursor, sorted, m);
  releaseTo(before);
}

function induce(
  text: usize,
  wide: bool,
  n: i32,
  upper: i32,
  suffixes: usize,
  isS: usize,
  sumL: usize,
  sumS: usize,
  cursor: usize,
  lms: usize,
  count: i32,
): void {
  const bucketBytes = ((upper + 2) as usize) << 2;
  memory.fill(suffixes, 0xff, (n as usize) << 2);
  memory.copy(cursor, sumS, bucketBytes);
  for (let i = 0; i < count; i++) {
    const d = get(lms, i);
    if (d == n) continue;
    const c = symbol(text, wide, d);
    const at = get(cursor, c);
    set(cursor, c, at + 1);
    set(suffixes, at, d);
  }
  memory.copy(cursor, sumL, bucketBytes);
  const last = symbol(text, wide, n - 1);
  const first = get(cursor, last);
  set(cursor, last, first + 1);
  set(suffixes, first, n - 1);
  for (let i = 0; i < n; i++) {
    const v = get(suffixes, i) - 1;
    if (v < 0 || load<u8>(isS + (v as usize)) == 1) continue;
    const c = symbol(text, wide, v);
    const at = get(cursor, c);
    set(cursor, c, at + 1);
    set(suffixes, at, v);
  }
  memory.copy(cursor, sumL, bucketBytes);
  for (let i = n - 1; i >= 0; i--) {
    const v = get(suffixes, i) - 1;
    if (v < 0 || load<u8>(isS + (v as usize)) == 0) continue;
    const c = symbol(text, wide, v) + 1;
    const at = get(cursor, c) - 1;
    set(cursor, c, at);
    set(suffixes, at, v);
  }
}
