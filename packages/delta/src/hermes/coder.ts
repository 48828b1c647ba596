import { deltaError } from '../error.ts';
import { mix } from './bits.ts';
import { logistic } from './logistic.ts';
import type { RangeCoder } from './range-coder.ts';

/**
 * What all parts of the format are coded with: binary decisions, predicted by mixing the experience of several contexts
 * (logistic mixing, Mahoney 2005, and counters that slow down as they learn). One and the same code runs in encoder and decoder:
 * every method takes the true value, which the decoder ignores, and returns it.
 */
export interface Coder {
  readonly decoding: boolean;
  /** Tables of experience have 2^tableBits entries; the smaller the target, the smaller they are. */
  readonly tableBits: number;
  /** Contexts of the next {@link Coder.symbol}: hashes, set by the caller. */
  readonly contexts: Int32Array;
  /** A value of `bits` bits, predicted from the first `count` contexts with the weights of `set`. */
  symbol(bits: number, set: number, count: number, value: number): number;
  /** A yes or no that mostly is what it was before in `context`. */
  flag(context: number, value: boolean): boolean;
  /** 0 to 2^32 - 1; small numbers are cheap. */
  number(context: number, value: number): number;
  /** -2^31 to 2^31 - 1; numbers near 0 are cheap. */
  signed(context: number, value: number): number;
  /** While on, values are learnt and not coded: both sides know them. */
  learning(on: boolean): void;
  /** Names what is coded from here on; only a report is interested. */
  section(name: string): void;
}

/** 3 MB of experience for targets of a megabyte and more, less for smaller ones. */
const [MIN_TABLE_BITS, MAX_TABLE_BITS] = [12, 20] as const;
const MAX_INPUTS = 12;
const SETS = 1024;
/** No experience is trusted more than 1/LIMIT per step, so that late changes are followed. */
const LIMIT = 60;

const RATES: Float64Array = /* @__PURE__ */ (() => {
  const table = new Float64Array(256);
  for (let i = 0; i < 256; i++) table[i] = 1 / (Math.min(i, LIMIT) + 1.4);
  return table;
})();
/** How much the word of a context counts that has been met n times. */
const TRUST: Float64Array = /* @__PURE__ */ (() => {
  const table = new Float64Array(256);
  for (let i = 0; i < 256; i++) table[i] = i === 0 ? 0 : (i + 0.8) / (i + 1);
  return table;
})();

/**
 * A coder over a range coder. Memory: at most 4 MB. `maxDecisions` bounds the time that a hostile patch can take.
 *
 * @throws ERR_DELTA_LIMIT when more is decided than `maxDecisions`
 */
export function createCoder(range: RangeCoder, maxDecisions: number, targetSizeBytes: number): Coder {
  const tableBits = Math.min(MAX_TABLE_BITS, Math.max(MIN_TABLE_BITS, 32 - Math.clz32(targetSizeBytes)));
  const { squash, stretch } = logistic();
  const chance = new Uint16Array(1 << tableBits).fill(32768);
  const met = new Uint8Array(1 << tableBits);
  const weights = new Float64Array(SETS * MAX_INPUTS).fill(0.3);
  const uses = new Uint16Array(SETS);
  const contexts = new Int32Array(16);
  const slots = new Int32Array(MAX_INPUTS);
  const inputs = new Float64Array(MAX_INPUTS);
  const history = new Uint8Array(4096);
  let left = maxDecisions;
  let known = false;

  const decide = (set: number, count: number, value: number): number => {
    if (left-- <= 0) throw deltaError('ERR_DELTA_LIMIT', 'The patch asks for more work than its size allows');
    const base = (set & (SETS - 1)) * MAX_INPUTS;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i];
      const input = stretch[chance[slot] >>> 4] * TRUST[met[slot]];
      inputs[i] = input;
      sum += input * weights[base + i];
    }
    const predicted = squash(sum);
    let scaled = (predicted * 65536) | 0;
    if (scaled < 24) scaled = 24;
    else if (scaled > 65512) scaled = 65512;
    const bit = known ? value : range.code(value, scaled);
    const used = uses[set & (SETS - 1)];
    if (used < 65535) uses[set & (SETS - 1)] = used + 1;
    const step = (bit - predicted) * (0.02 + 0.3 / (used + 8));
    for (let i = 0; i < count; i++) {
      weights[base + i] += step * inputs[i];
      const slot = slots[i];
      const n = met[slot];
      const p = chance[slot];
      const next = p + ((bit === 1 ? 65535 : 0) - p) * RATES[n];
      chance[slot] = next < 16 ? 16 : next > 65519 ? 65519 : next;
      if (n < 255) met[slot] = n + 1;
    }
    return bit;
  };

  const symbol = (bits: number, set: number, count: number, value: number): number => {
    let node = 1;
    for (let i = bits - 1; i >= 0; i--) {
      for (let c = 0; c < count; c++) {
        slots[c] = Math.imul(contexts[c] ^ Math.imul(node, 0x2545f491), 0x9e3779b1) >>> (32 - tableBits);
      }
      node = (node << 1) | decide(set, count, (value >>> i) & 1);
    }
    return bits === 32 ? node >>> 0 : node & (2 ** bits - 1);
  };

  const flag = (context: number, value: boolean): boolean => {
    const place = context & 4095;
    contexts[0] = mix(1001, context);
    contexts[1] = mix(mix(1002, context), history[place]);
    const bit = symbol(1, 1, 2, value ? 1 : 0);
    history[place] = ((history[place] << 1) | bit) & 7;
    return bit === 1;
  };

  // Bit length of value + 1, then the bits below the highest; only the first two of those are predictable.
  const number = (context: number, value: number): number => {
    const place = context & 4095;
    const plus = value + 1;
    let length = 0;
    if (!range.decoding) while (plus >= 2 ** (length + 1)) length++;
    contexts[0] = mix(2001, context);
    contexts[1] = mix(mix(2002, context), history[place]);
    length = symbol(6, 2, 2, length);
    if (length > 32) throw deltaError('ERR_DELTA_CORRUPT', 'A number is too large');
    history[place] = length;
    let result = 1;
    for (let i = length - 1; i >= 0; i--) {
      contexts[0] = i >= length - 3 ? mix(mix(2003, context), result + 64 * length) : mix(2004, i);
      const bit = symbol(1, 3, 1, Math.floor(plus / 2 ** i) % 2);
      result = result * 2 + bit;
    }
    return result - 1;
  };

  return {
    contexts,
    decoding: range.decoding,
    flag,
    learning: (on) => {
      known = on;
    },
    number,
    section: () => undefined,
    signed: (context, value) => {
      const coded = number(context, value >= 0 ? value * 2 : -value * 2 - 1);
      return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    },
    symbol,
    tableBits,
  };
}
