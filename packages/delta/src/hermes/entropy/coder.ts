import { deltaError, mustHold } from '../../error.ts';
import { HASH_FACTOR, mix, mix3 } from './bits.ts';
import { logistic } from './logistic.ts';

/**
 * What all parts of the format are coded with: binary decisions, predicted by mixing the experience of several contexts
 * (logistic mixing, Mahoney 2005, and counters that slow down as they learn).
 *
 * One and the same code runs in decoder and encoder. It always asks: the decoder answers from the patch; the encoder's coder
 * (`encode/answering-coder`) answers from what it was told to come next (a *thing*), and writes the answer. `find` helps it where the
 * answer is not the thing itself but, for instance, its place in a list; a decoder never calls it. A question without `find` uses
 * the thing up, and so does {@link Coder.is} when the answer is yes.
 */
export interface Coder {
  /** A value of `bits` bits, predicted from up to 10 contexts (hashes) with the weights of `set`. */
  symbol(bits: number, set: number, contexts: readonly number[], find?: (thing: number) => number): number;
  /** A yes or no that mostly is what it was before in `context`. */
  flag(context: number): boolean;
  /** Whether the next thing is `candidate`. */
  is(context: number, candidate: number): boolean;
  /** 0 to `max`, at most 2^32 - 1; small numbers are cheap. */
  number(context: number, max?: number): number;
  /** 0 to `max`; numbers near `expected` are cheap. */
  near(context: number, expected: number, max?: number): number;
  /** The thing that was asked about with `find` is done. */
  done(): void;
}

/** Gives one binary decision. `probability`: that the bit is 1, in 1/65536, 1 to 65535. */
export type CodeBit = (probability: number) => number;

/** Bits of a slot's number. 2^18 slots: patches of ten thousand bytes do not fill them, and more memory than they take a device does not have to have. */
const [MIN_SLOT_BITS, MAX_SLOT_BITS] = [12, 18] as const;
const MAX_INPUTS = 12;
const MAX_NUMBER = 0xffffffff;
/** Weights come in two parts: one for each set, one for each set and node of a symbol, in four times as many slots. */
const SETS = 1024;
/** No experience is trusted more than 1/LIMIT per step, so that late changes are followed. */
const LIMIT = 15;

/** Decisions that a patch of `lengthBytes` may ask for: so many to begin with, and so many for each byte of it. */
export function maxDecisions(lengthBytes: number): number {
  return 65_536 + 2048 * lengthBytes;
}

/** Bits of a slot's number for a target of `sizeBytes`. */
export function slotBitsFor(sizeBytes: number, most: number = MAX_SLOT_BITS): number {
  return Math.min(most, 32 - Math.clz32(sizeBytes | (2 ** (MIN_SLOT_BITS - 1))));
}

/**
 * A coder over single bits. Memory: 3 bytes for each of 2^`slotBits` slots, and 0.4 MB. `limit` bounds the decisions, and so the time that a hostile patch can take.
 *
 * @throws ERR_DELTA_LIMIT when more is decided than that
 */
export function createCoder(codeBit: CodeBit, limit: number, slotBits: number): Coder {
  const { squash, stretch } = logistic();
  // 0: one half. What is never met takes no memory: engines get such tables as pages of zeros.
  const chance = new Int16Array(1 << slotBits);
  // Stays at 255.
  const met = new Uint8ClampedArray(1 << slotBits);
  // How fast the word of a context that has been met n times changes, and how much it counts.
  const rates = Float64Array.from({ length: 256 }, (_, n) => 1 / (Math.min(n, LIMIT) + 1.4));
  const trust = Float64Array.from({ length: 256 }, (_, n) => (n === 0 ? 0 : (n + 0.8) / (n + 1)));
  const weights = new Float32Array(5 * SETS * MAX_INPUTS).fill(0.15);
  const uses = new Uint32Array(SETS);
  const slots = new Int32Array(MAX_INPUTS);
  const inputs = new Float64Array(MAX_INPUTS);
  const history = new Uint8Array(512);
  let left = limit;

  const symbol = (bits: number, set: number, contexts: readonly number[]): number => {
    const count = contexts.length;
    const base = set * MAX_INPUTS;
    const shift = 32 - slotBits;
    let node = 1;
    for (let b = bits - 1; b >= 0; b--) {
      if (left-- <= 0) throw deltaError('ERR_DELTA_LIMIT', 'The patch asks for too much work');
      const branch = node * HASH_FACTOR;
      const fine = (SETS + (((set * 256 + node) * HASH_FACTOR) >>> 20)) * MAX_INPUTS;
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const slot = ((contexts[i] ^ branch) * HASH_FACTOR) >>> shift;
        const input = stretch[(chance[slot] + 32768) >>> 4] * trust[met[slot]];
        slots[i] = slot;
        inputs[i] = input;
        sum += input * (weights[base + i] + weights[fine + i]);
      }
      const predicted = squash(sum);
      const bit = codeBit(Math.max(24, Math.min(65512, (predicted * 65536) | 0)));
      const step = (bit - predicted) * (0.01 + 0.3 / (uses[set]++ + 8));
      const goal = bit * 65535 - 32768;
      for (let i = 0; i < count; i++) {
        weights[base + i] += step * inputs[i];
        weights[fine + i] += step * inputs[i];
        const slot = slots[i];
        const n = met[slot];
        const p = chance[slot];
        chance[slot] = p + (goal - p) * rates[n];
        met[slot] = n + 1;
      }
      node = (node << 1) | bit;
    }
    return node & (2 ** bits - 1);
  };

  const flag = (context: number): boolean => {
    const bit = symbol(1, 1, [mix(1001, context), mix3(1002, context, history[context])]);
    history[context] = ((history[context] << 1) | bit) & 7;
    return bit === 1;
  };

  // Bit length of value + 1, then the bits below the highest; only the first few of those are predictable.
  const number = (context: number, max = MAX_NUMBER): number => {
    const length = symbol(6, 2, [mix(2001, context), mix3(2002, context, history[context])]);
    mustHold(length <= 32);
    history[context] = length;
    let result = 1;
    for (let i = length - 1; i >= 0; i--)
      result =
        result * 2 +
        symbol(1, 3, [i >= length - 3 ? mix3(2003, context, result + 64 * length) : mix(2004, i)]);
    mustHold(--result <= max);
    return result;
  };

  return {
    done: () => undefined,
    flag,
    is: flag,
    near: (context, expected, max = MAX_NUMBER) => {
      const coded = number(context);
      const result = expected + (coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2);
      mustHold(result >= 0 && result <= max);
      return result;
    },
    number,
    symbol,
  };
}
