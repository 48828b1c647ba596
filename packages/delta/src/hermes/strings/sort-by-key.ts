import { each, type Work } from '../work.ts';

/** Keys are below 2^29, and rows below 2^24: together they are exact in a double. */
const ROWS = 2 ** 24;

/**
 * The rows from 0 to `count` by `key` (an integer, computed once each; a negative one leaves the row out), those of equal keys by their details, and equal ones by number: engines
 * sort numbers by themselves, which takes a tenth of the time that calling back for every pair does.
 */
export function* sortByKey<T extends number | string>(
  count: number,
  key: (row: number) => number,
  detail: (row: number) => T,
): Work<Int32Array> {
  const all = new Float64Array(count);
  let used = 0;
  yield* each(count, (row) => {
    const found = key(row);
    if (found >= 0) all[used++] = found * ROWS + row;
  });
  const keys = all.subarray(0, used).sort();
  yield 0.1;
  const sorted = new Int32Array(used);
  let at = 0;
  yield* each(used, (start) => {
    // Done with those before it.
    if (start < at) return;
    const end = (Math.floor(keys[at] / ROWS) + 1) * ROWS;
    while (keys[at] < end) sorted[at] = keys[at++] % ROWS;
    if (at - start === 1) return;
    const group: { readonly row: number; readonly detail: T }[] = [];
    for (let k = start; k < at; k++) group.push({ detail: detail(sorted[k]), row: sorted[k] });
    group.sort((a, b) => (a.detail < b.detail ? -1 : Number(a.detail > b.detail)));
    group.forEach(({ row }, k) => (sorted[start + k] = row));
  });
  return sorted;
}
