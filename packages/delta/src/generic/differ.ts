import { buildSuffixArray } from './suffix-array.ts';

/** One step: add `addLength` bytes of the base to differences, then copy `extraLength` new ones, then move in the base. */
export interface DiffStep {
  readonly addLength: number;
  readonly extraLength: number;
  /** Movement of the base position after the added bytes. */
  readonly seek: number;
}

/** Finds the steps that turn `base` into `target`. Replaceable: `@kivyx-ota/bsdiff-wasm` gives the same steps faster. */
export type Differ = (base: Uint8Array, target: Uint8Array) => readonly DiffStep[];

/**
 * Approximate matching over a suffix array (Percival: "Naive differences of executable code", 2003): a match may contain
 * isolated differences, which is what moved code with changed addresses looks like. O(n log n).
 */
export const suffixArrayDiffer: Differ = (base, target) => {
  const suffixes = buildSuffixArray(base);
  const steps: DiffStep[] = [];
  let scan = 0;
  let length = 0;
  let position = 0;
  let lastScan = 0;
  let lastPosition = 0;
  let lastOffset = 0;
  while (scan < target.length) {
    let oldScore = 0;
    scan += length;
    for (let scored = scan; scan < target.length; scan++) {
      [position, length] = longestMatch(suffixes, base, target, scan);
      for (; scored < scan + length; scored++) if (base[scored + lastOffset] === target[scored]) oldScore++;
      if ((length === oldScore && length !== 0) || length > oldScore + 8) break;
      if (base[scan + lastOffset] === target[scan]) oldScore--;
    }
    if (length === oldScore && scan !== target.length) continue;

    const forward = extendForward(base, target, lastPosition, lastScan, scan);
    let backward = scan < target.length ? extendBackward(base, target, position, scan, lastScan) : 0;
    let ahead = forward;
    const overlap = lastScan + ahead - (scan - backward);
    if (overlap > 0) {
      const kept = splitOverlap(base, target, {
        ahead,
        backward,
        lastPosition,
        lastScan,
        overlap,
        position,
        scan,
      });
      ahead += kept - overlap;
      backward -= kept;
    }
    steps.push({
      addLength: ahead,
      extraLength: scan - backward - (lastScan + ahead),
      seek: scan < target.length ? position - backward - (lastPosition + ahead) : 0,
    });
    lastScan = scan - backward;
    lastPosition = position - backward;
    lastOffset = position - scan;
  }
  return steps;
};

/** Position and length of the longest prefix of target[scan…] in base. */
function longestMatch(
  suffixes: Int32Array,
  base: Uint8Array,
  target: Uint8Array,
  scan: number,
): [number, number] {
  let low = 0;
  let high = suffixes.length - 1;
  let best = 0;
  let bestPosition = 0;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const start = suffixes[middle] as number;
    const limit = Math.min(base.length - start, target.length - scan);
    let length = 0;
    while (length < limit && base[start + length] === target[scan + length]) length++;
    if (length > best) {
      best = length;
      bestPosition = start;
    }
    const below =
      length < limit
        ? (base[start + length] as number) < (target[scan + length] as number)
        : start + length === base.length;
    if (below) low = middle + 1;
    else high = middle - 1;
  }
  return [bestPosition, best];
}

function extendForward(
  base: Uint8Array,
  target: Uint8Array,
  lastPosition: number,
  lastScan: number,
  scan: number,
): number {
  let score = 0;
  let bestScore = 0;
  let best = 0;
  for (let i = 0; lastScan + i < scan && lastPosition + i < base.length;) {
    if (base[lastPosition + i] === target[lastScan + i]) score++;
    i++;
    if (score * 2 - i > bestScore * 2 - best) {
      bestScore = score;
      best = i;
    }
  }
  return best;
}

function extendBackward(
  base: Uint8Array,
  target: Uint8Array,
  position: number,
  scan: number,
  lastScan: number,
): number {
  let score = 0;
  let bestScore = 0;
  let best = 0;
  for (let i = 1; scan >= lastScan + i && position >= i; i++) {
    if (base[position - i] === target[scan - i]) score++;
    if (score * 2 - i > bestScore * 2 - best) {
      bestScore = score;
      best = i;
    }
  }
  return best;
}

/** How much of an overlap the earlier match keeps, so that most bytes agree. */
function splitOverlap(
  base: Uint8Array,
  target: Uint8Array,
  at: {
    readonly ahead: number;
    readonly backward: number;
    readonly lastPosition: number;
    readonly lastScan: number;
    readonly overlap: number;
    readonly position: number;
    readonly scan: number;
  },
): number {
  let score = 0;
  let bestScore = 0;
  let kept = 0;
  for (let i = 0; i < at.overlap; i++) {
    if (target[at.lastScan + at.ahead - at.overlap + i] === base[at.lastPosition + at.ahead - at.overlap + i])
      score++;
    if (target[at.scan - at.backward + i] === base[at.position - at.backward + i]) score--;
    if (score > bestScore) {
      bestScore = score;
      kept = i + 1;
    }
  }
  return kept;
}
