import { mix } from '../entropy/bits.ts';
import {
  FLAGS,
  FRAME_SIZE,
  FUNCTION_NAME,
  IS_LARGE,
  OFFSET,
  PARAM_COUNT,
  SIZE,
  STRING_STORAGE,
} from '../file/bytecode-layout.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import { readOperand } from '../instructions/operands.ts';
import type { HermesFile } from '../file/parse-hermes.ts';

/** What of a file's functions is compared: nothing that another numbering could change. */
interface Fingerprints {
  /** Of everything in the function. */
  readonly whole: Float64Array;
  readonly names: Int32Array;
  /** Sorted features of a function, for likeness. */
  features(index: number): Int32Array;
}

const MAX_PAIRS = 250_000;
const MAX_DEPTH = 60;

/**
 * Pairs functions: equal ones in order (patience: unique ones as anchors, between them the same again), then the most alike ones
 * in the gaps, then equal ones that moved.
 */
export function matchFunctions(old: HermesFile, target: HermesFile, table: OpcodeTable): Int32Array {
  const before = fingerprints(old, table);
  const after = fingerprints(target, table);
  const a = before.whole;
  const b = after.whole;
  const sources = new Int32Array(b.length).fill(-1);
  const used = new Uint8Array(a.length);
  const gaps: [number, number, number, number][] = [];
  const pair = (i: number, j: number): void => {
    sources[j] = i;
    used[i] = 1;
  };
  const matchRange = (a0: number, a1: number, b0: number, b1: number, depth: number): void => {
    while (a0 < a1 && b0 < b1 && a[a0] === b[b0]) pair(a0++, b0++);
    while (a0 < a1 && b0 < b1 && a[a1 - 1] === b[b1 - 1]) pair(--a1, --b1);
    if (a0 >= a1 || b0 >= b1) {
      if (b0 < b1) gaps.push([a0, a1, b0, b1]);
      return;
    }
    const anchors = depth > MAX_DEPTH ? [] : longestAscending(uniquePairs(a, a0, a1, b, b0, b1));
    if (anchors.length === 0) {
      gaps.push([a0, a1, b0, b1]);
      return;
    }
    let [i0, j0] = [a0, b0];
    for (const [i, j] of anchors) {
      if (i < i0 || j < j0) continue;
      pair(i, j);
      matchRange(i0, i, j0, j, depth + 1);
      [i0, j0] = [i + 1, j + 1];
    }
    matchRange(i0, a1, j0, b1, depth + 1);
  };
  matchRange(0, a.length, 0, b.length, 0);
  for (const gap of gaps) alignGap(gap, before, after, pair);

  const bySignature = new Map<number, number>();
  for (let i = 0; i < a.length; i++) if (used[i] === 0 && !bySignature.has(a[i])) bySignature.set(a[i], i);
  for (let j = 0; j < b.length; j++) {
    if (sources[j] >= 0 || target.functions.fields[SIZE][j] <= 24) continue;
    const i = bySignature.get(b[j]);
    if (i !== undefined && used[i] === 0) pair(i, j);
  }
  return sources;
}

/** Pairs of places whose values occur once on each side, in the order of the second. */
function uniquePairs(
  a: Float64Array,
  a0: number,
  a1: number,
  b: Float64Array,
  b0: number,
  b1: number,
): [number, number][] {
  const inA = new Map<number, number>();
  for (let i = a0; i < a1; i++) inA.set(a[i], inA.has(a[i]) ? -1 : i);
  const inB = new Map<number, number>();
  for (let j = b0; j < b1; j++) inB.set(b[j], inB.has(b[j]) ? -1 : j);
  const pairs: [number, number][] = [];
  for (let j = b0; j < b1; j++) {
    const i = inA.get(b[j]);
    if (inB.get(b[j]) === j && i !== undefined && i >= 0) pairs.push([i, j]);
  }
  return pairs;
}

/** The longest subsequence whose first parts ascend (the second parts do already). */
export function longestAscending(
  pairs: readonly (readonly [number, number])[],
): (readonly [number, number])[] {
  const tails: number[] = [];
  const back = new Int32Array(pairs.length).fill(-1);
  for (let k = 0; k < pairs.length; k++) {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]][0] < pairs[k][0]) low = middle + 1;
      else high = middle;
    }
    back[k] = low > 0 ? tails[low - 1] : -1;
    tails[low] = k;
  }
  const longest: (readonly [number, number])[] = [];
  for (let k = tails.length > 0 ? tails[tails.length - 1] : -1; k >= 0; k = back[k]) longest.push(pairs[k]);
  return longest.reverse();
}

function alignGap(
  [a0, a1, b0, b1]: readonly [number, number, number, number],
  before: Fingerprints,
  after: Fingerprints,
  pair: (i: number, j: number) => void,
): void {
  const n = a1 - a0;
  const m = b1 - b0;
  if (n === 0 || m === 0 || n * m > MAX_PAIRS) return;
  const left = Array.from({ length: n }, (_, i) => before.features(a0 + i));
  const right = Array.from({ length: m }, (_, j) => after.features(b0 + j));
  const width = m + 1;
  const score = new Float64Array((n + 1) * width);
  const step = new Uint8Array((n + 1) * width);
  for (let i = 1; i <= n; i++) {
    for (let j = 1; j <= m; j++) {
      let like = likeness(left[i - 1], right[j - 1]);
      if (before.names[a0 + i - 1] === after.names[b0 + j - 1]) like += 0.1;
      let best = score[(i - 1) * width + j];
      let way = 1;
      if (score[i * width + j - 1] > best) [best, way] = [score[i * width + j - 1], 2];
      const both = score[(i - 1) * width + j - 1] + like - 0.3;
      if (like > 0.4 && both > best) [best, way] = [both, 3];
      score[i * width + j] = best;
      step[i * width + j] = way;
    }
  }
  for (let i = n, j = m; i > 0 && j > 0;) {
    const way = step[i * width + j];
    if (way === 3) pair(a0 + --i, b0 + --j);
    else if (way === 1) i--;
    else j--;
  }
}

/** Share of common features, counted with repetition. */
function likeness(a: Int32Array, b: Int32Array): number {
  let i = 0;
  let j = 0;
  let common = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      common++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
  }
  return (2 * common) / (a.length + b.length + 1e-9);
}

function fingerprints(file: HermesFile, table: OpcodeTable): Fingerprints {
  const { bytes, functions, strings } = file;
  const { fields } = functions;
  const storage = file.sections[STRING_STORAGE];
  const text = new Int32Array(strings.count);
  for (let i = 0; i < strings.count; i++) {
    let h = strings.wide[i] + 17;
    const start = strings.offset[i];
    const end = start + strings.length[i] * (1 + strings.wide[i]);
    for (let at = start; at < end; at++) h = Math.imul(h ^ storage[at], 0x01000193);
    text[i] = h;
  }
  const whole = new Float64Array(functions.count);
  for (let index = 0; index < functions.count; index++) {
    let h = mix(
      mix(mix(fields[PARAM_COUNT][index], fields[FRAME_SIZE][index]), fields[FLAGS][index] & ~IS_LARGE),
      text[fields[FUNCTION_NAME][index]] ?? 0,
    );
    let g = h ^ 0x5bd1e995;
    const add = (value: number): void => {
      h = mix(h, value);
      g = Math.imul(g ^ value, 0x01000193) ^ (g >>> 13);
    };
    const end = fields[OFFSET][index] + fields[SIZE][index];
    for (let at = fields[OFFSET][index]; at < end;) {
      const op = bytes[at];
      if (table.size[op] === 0) break;
      add(table.families[op][0]);
      const kinds = table.kinds[op];
      for (let i = 0; i < kinds.length; i++) {
        const value = readOperand(bytes, at + table.offsets[op][i], table.widths[op][i]);
        if (kinds[i] === 's') add(text[value] ?? 0);
        else add('bhwicmen'.includes(kinds[i]) ? value : 0);
      }
      at += table.size[op];
    }
    whole[index] = (h >>> 0) * 2097152 + ((g >>> 0) & 2097151);
  }
  return {
    features: (index) => {
      const list: number[] = [];
      let [op1, op2] = [0, 0];
      const end = fields[OFFSET][index] + fields[SIZE][index];
      for (let at = fields[OFFSET][index]; at < end;) {
        const op = bytes[at];
        if (table.size[op] === 0) break;
        const family = table.families[op][0];
        list.push(mix(mix(op2, op1), family) & 0xffffff);
        const operand = table.kinds[op].indexOf('s');
        if (operand >= 0) {
          const id = readOperand(bytes, at + table.offsets[op][operand], table.widths[op][operand]);
          list.push(((text[id] ?? 0) & 0xffffff) | 0x1000000);
        }
        op2 = op1;
        op1 = family;
        at += table.size[op];
      }
      return Int32Array.from(list).sort();
    },
    names: Int32Array.from(fields[FUNCTION_NAME], (id) => text[id] ?? 0),
    whole,
  };
}
