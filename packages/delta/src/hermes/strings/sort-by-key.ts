import { inPieces, type Work } from '../work.ts';

/** Keys are below 2^29, and places in a list below 2^24: together they are exact in a double. */
const PLACES = 2 ** 24;
/** Entries between two yields. */
const SLICE = 1024;

/**
 * Sorts by `key` (an integer, computed once each), entries of equal keys by `compare`, and equal ones in the order in which they stand: engines sort
 * numbers by themselves, which takes a tenth of the time that calling back for every pair does.
 */
export function* sortByKey<T>(
  list: readonly T[],
  key: (one: T) => number,
  compare: (a: T, b: T) => number,
): Work<T[]> {
  const keys = new Float64Array(list.length);
  yield* inPieces(keys.length, SLICE, 0.1, (from, to) => {
    for (let i = from; i < to; i++) keys[i] = key(list[i]) * PLACES + i;
  });
  keys.sort();
  yield 0.1;
  const sorted: T[] = [];
  let at = 0;
  yield* inPieces(keys.length, SLICE, 0.1, (_from, to) => {
    while (at < to) {
      const end = (Math.floor(keys[at] / PLACES) + 1) * PLACES;
      const group: T[] = [];
      while (keys[at] < end) group.push(list[keys[at++] % PLACES]);
      if (group.length > 1) group.sort(compare);
      group.forEach((one) => sorted.push(one));
    }
  });
  return sorted;
}
