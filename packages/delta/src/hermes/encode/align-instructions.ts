import { mix, mix4 } from '../entropy/bits.ts';
import { allInstructions, type FunctionCode, type Instruction } from '../instructions/function-code.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import { longestAscending } from './match-functions.ts';

const MAX_CELLS = 16_000_000;

/** The aligner for instructions of one table: most agreement first, in one dynamic program or between unique anchors. */
export function createAligner(table: OpcodeTable): (before: FunctionCode, after: FunctionCode) => Int32Array {
  const keyOf = ({ op, values }: Instruction): number =>
    mix(table.families[op][0], (values[table.kinds[op].indexOf('s')] ?? -7) + 7);
  // A jump and its long form stand side by side in the table, and take the same operands but for the first one's width.
  const sameOperation = (a: number, b: number): boolean =>
    table.families[a] === table.families[b] ||
    (table.kinds[a].includes('j') &&
      Math.abs(a - b) === 1 &&
      table.kinds[a] === table.kinds[b] &&
      table.size[a] !== table.size[b]);

  return (before, after) => {
    const [a, b] = [allInstructions(before), allInstructions(after)];
    const aligned = new Int32Array(b.length).fill(-1);
    const ka = Int32Array.from(a, keyOf);
    const kb = Int32Array.from(b, keyOf);
    let start = 0;
    let [endA, endB] = [a.length, b.length];
    while (start < endA && start < endB && ka[start] === kb[start]) {
      aligned[start] = start;
      start++;
    }
    while (endA > start && endB > start && ka[endA - 1] === kb[endB - 1]) aligned[--endB] = --endA;

    const score = (x: number, y: number): number => {
      if (!sameOperation(a[x].op, b[y].op)) return -1;
      let sum = ka[x] === kb[y] ? 2.5 : 1;
      for (let i = 0; i < a[x].values.length && i < b[y].values.length; i++)
        if (a[x].values[i] === b[y].values[i]) sum += 0.3;
      return sum;
    };
    const program = (a0: number, a1: number, b0: number, b1: number): void => {
      const n = a1 - a0;
      const m = b1 - b0;
      if (n === 0 || m === 0 || n * m > MAX_CELLS) return;
      const width = m + 1;
      const best = new Float32Array((n + 1) * width);
      const way = new Uint8Array((n + 1) * width);
      for (let i = 1; i <= n; i++) {
        for (let j = 1; j <= m; j++) {
          let value = best[(i - 1) * width + j];
          let step = 1;
          if (best[i * width + j - 1] > value) [value, step] = [best[i * width + j - 1], 2];
          const gain = score(a0 + i - 1, b0 + j - 1);
          if (gain > 0) {
            const diagonal = (i - 1) * width + j - 1;
            const both = best[diagonal] + gain - 0.2 + (way[diagonal] === 3 ? 0.4 : 0);
            if (both >= value) [value, step] = [both, 3];
          }
          best[i * width + j] = value;
          way[i * width + j] = step;
        }
      }
      for (let i = n, j = m; i > 0 && j > 0;) {
        const step = way[i * width + j];
        if (step === 3) aligned[b0 + --j] = a0 + --i;
        else if (step === 1) i--;
        else j--;
      }
    };
    if ((endA - start) * (endB - start) <= MAX_CELLS) {
      program(start, endA, start, endB);
      return aligned;
    }
    let [a0, b0] = [start, start];
    for (const [i, j] of longestAscending(uniqueWindows(ka, start, endA, kb, start, endB))) {
      if (i < a0 || j < b0) continue;
      program(a0, i, b0, j);
      aligned[j] = i;
      [a0, b0] = [i + 1, j + 1];
    }
    program(a0, endA, b0, endB);
    return aligned;
  };
}

/** Places where four instructions in a row occur once on each side. */
function uniqueWindows(
  ka: Int32Array,
  a0: number,
  a1: number,
  kb: Int32Array,
  b0: number,
  b1: number,
): [number, number][] {
  const window = (keys: Int32Array, i: number): number =>
    mix4(keys[i], keys[i + 1] | 0, keys[i + 2] | 0, keys[i + 3] | 0);
  const inA = new Map<number, number>();
  for (let i = a0; i < a1; i++) inA.set(window(ka, i), inA.has(window(ka, i)) ? -1 : i);
  const inB = new Map<number, number>();
  for (let j = b0; j < b1; j++) inB.set(window(kb, j), inB.has(window(kb, j)) ? -1 : j);
  const pairs: [number, number][] = [];
  for (let j = b0; j < b1; j++) {
    const i = inA.get(window(kb, j));
    if (inB.get(window(kb, j)) === j && i !== undefined && i >= 0) pairs.push([i, j]);
  }
  return pairs;
}
