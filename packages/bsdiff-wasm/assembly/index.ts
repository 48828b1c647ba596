// The differ of packages/delta/src/generic/differ.ts over raw memory: the same steps, number for number.
import { alloc, reset as resetMemory } from './memory';
import { sais } from './suffix-array';

let base: usize = 0;
let baseLength: i32 = 0;
let target: usize = 0;
let targetLength: i32 = 0;
let steps: usize = 0;
let matchPosition: i32 = 0;

export function reset(): void {
  resetMemory();
}

/** Room for the base; fill it before `diff`. */
export function allocBase(length: i32): usize {
  baseLength = length;
  base = alloc(length as usize);
  return base;
}

/** Room for the target; fill it before `diff`. */
export function allocTarget(length: i32): usize {
  targetLength = length;
  target = alloc(length as usize);
  return target;
}

/** Where the steps lie: three 32-bit integers each. */
export function stepsPointer(): usize {
  return steps;
}

// @ts-ignore: decorator
@inline
function equalAt(i: i32, j: i32): bool {
  return i >= 0 && i < baseLength && load<u8>(base + (i as usize)) == load<u8>(target + (j as usize));
}

/** Finds the steps; gives their number. */
export function diff(): i32 {
  const suffixes = alloc((baseLength as usize) << 2);
  sais(base, false, baseLength, 255, suffixes);

  steps = alloc(0);
  let count = 0;
  let scan = 0;
  let length = 0;
  let position = 0;
  let lastScan = 0;
  let lastPosition = 0;
  let lastOffset = 0;
  while (scan < targetLength) {
    let oldScore = 0;
    scan += length;
    for (let scored = scan; scan < targetLength; scan++) {
      length = longestMatch(suffixes, scan);
      position = matchPosition;
      for (; scored < scan + length; scored++) {
        if (equalAt(scored + lastOffset, scored)) oldScore++;
      }
      if ((length == oldScore && length != 0) || length > oldScore + 8) break;
      if (equalAt(scan + lastOffset, scan)) oldScore--;
    }
    if (length == oldScore && scan != targetLength) continue;

    let ahead = extendForward(lastPosition, lastScan, scan);
    let backward = scan < targetLength ? extendBackward(position, scan, lastScan) : 0;
    const overlap = lastScan + ahead - (scan - backward);
    if (overlap > 0) {
      const kept = splitOverlap(ahead, backward, lastPosition, lastScan, overlap, position, scan);
      ahead += kept - overlap;
      backward -= kept;
    }
    const step = alloc(12);
    if (count == 0) steps = step;
    store<i32>(steps + (count as usize) * 12, ahead);
    store<i32>(steps + (count as usize) * 12, scan - backward - (lastScan + ahead), 4);
    store<i32>(steps + (count as usize) * 12, scan < targetLength ? position - backward - (lastPosition + ahead) : 0, 8);
    count++;
    lastScan = scan - backward;
    lastPosition = position - backward;
    lastOffset = position - scan;
  }
  return count;
}

/** Exported like the pieces of `sais`, and for the same reason. */
export function longestMatch(suffixes: usize, scan: i32): i32 {
  let low = 0;
  let high = baseLength - 1;
  let best = 0;
  matchPosition = 0;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const start = load<i32>(suffixes + ((middle as usize) << 2));
    const limit = min(baseLength - start, targetLength - scan);
    let length = 0;
    const left = base + (start as usize);
    const right = target + (scan as usize);
    while (length + 8 <= limit && load<u64>(left + (length as usize)) == load<u64>(right + (length as usize))) length += 8;
    while (length < limit && load<u8>(left + (length as usize)) == load<u8>(right + (length as usize))) length++;
    if (length > best) {
      best = length;
      matchPosition = start;
    }
    const below =
      length < limit
        ? load<u8>(left + (length as usize)) < load<u8>(right + (length as usize))
        : start + length == baseLength;
    if (below) low = middle + 1;
    else high = middle - 1;
  }
  return best;
}

function extendForward(lastPosition: i32, lastScan: i32, scan: i32): i32 {
  let score = 0;
  let bestScore = 0;
  let best = 0;
  for (let i = 0; lastScan + i < scan && lastPosition + i < baseLength; ) {
    if (equalAt(lastPosition + i, lastScan + i)) score++;
    i++;
    if (score * 2 - i > bestScore * 2 - best) {
      bestScore = score;
      best = i;
    }
  }
  return best;
}

function extendBackward(position: i32, scan: i32, lastScan: i32): i32 {
  let score = 0;
  let bestScore = 0;
  let best = 0;
  for (let i = 1; scan >= lastScan + i && position >= i; i++) {
    if (equalAt(position - i, scan - i)) score++;
    if (score * 2 - i > bestScore * 2 - best) {
      bestScore = score;
      best = i;
    }
  }
  return best;
}

function splitOverlap(
  ahead: i32,
  backward: i32,
  lastPosition: i32,
  lastScan: i32,
  overlap: i32,
  position: i32,
  scan: i32,
): i32 {
  let score = 0;
  let bestScore = 0;
  let kept = 0;
  for (let i = 0; i < overlap; i++) {
    if (equalAt(lastPosition + ahead - overlap + i, lastScan + ahead - overlap + i)) score++;
    if (equalAt(position - backward + i, scan - backward + i)) score--;
    if (score > bestScore) {
      bestScore = score;
      kept = i + 1;
    }
  }
  return kept;
}
