import { HASH_FACTOR, mix, mix3, mix4 } from '../entropy/bits.ts';
import type { Coder } from '../entropy/coder.ts';
import type { RegionCoder } from '../file/copies.ts';
import * as SET from '../entropy/weight-sets.ts';
import { each } from '../work.ts';

/** Bytes before an index of the old text pays. */
const FEW = 24;
const HASH_BITS = 16;
/** Bytes between two yields. */
const SLICE = 32;

/** Gives the byte at `at` of a text of which everything before is in `out`. */
export type TextModel = (out: ArrayLike<number>, at: number) => number;

/** Codes bytes of text: orders 0 to 5, and what followed the same four bytes in new text or in `old`. */
export function createTextModel(coder: Coder, old: Uint8Array): TextModel {
  let oldPlaces: Int32Array | undefined;
  let coded = 0;
  // Most sections have no new text.
  let newPlaces: Int32Array | undefined;
  // The place that is being followed: in the new text, else in the old one.
  let match = -1;
  let inNew = false;
  let matched = 0;
  /** `word`: the last four bytes, the last one lowest. */
  const slotOf = (word: number): number => (word * HASH_FACTOR) >>> (32 - HASH_BITS);
  const index = (): Int32Array => {
    const table = new Int32Array(1 << HASH_BITS).fill(-1);
    const { length } = old;
    for (let i = 0, word = 0; i < length; i++) {
      if (i >= 4) table[(word * HASH_FACTOR) >>> (32 - HASH_BITS)] = i;
      word = (word << 8) | old[i];
    }
    return table;
  };
  return (out, at) => {
    newPlaces ??= new Int32Array(1 << HASH_BITS).fill(-1);
    if (coded++ === FEW) oldPlaces = index();
    const a = out[at - 1] ?? 0;
    const b = out[at - 2] ?? 0;
    const c = out[at - 3] ?? 0;
    const d = out[at - 4] ?? 0;
    const e = out[at - 5] ?? 0;
    const slot = slotOf(a | (b << 8) | (c << 16) | (d << 24));
    if (match < 0 && at >= 4) {
      inNew = newPlaces[slot] >= 0;
      match = inNew ? newPlaces[slot] : (oldPlaces?.[slot] ?? -1);
      matched = match >= 0 ? 1 : 0;
    }
    if (at >= 4) newPlaces[slot] = at;
    const expected = match < 0 ? -1 : inNew ? out[match] : match < old.length ? old[match] : -1;
    const byte = coder.symbol(8, SET.text + (expected < 0 ? 0 : 1 + Math.min(matched, 3)), [
      1,
      mix(2, a),
      mix3(3, a, b),
      mix4(4, a, b, c),
      mix(mix4(5, a, b, c), d),
      mix3(mix4(6, a, b, c), d, e),
      mix3(7, expected, Math.min(matched, 15)),
      mix3(8, expected, a),
    ]);
    if (expected >= 0) {
      if (expected === byte) {
        match++;
        matched++;
      } else {
        match = -1;
        matched = 0;
      }
    }
    return byte;
  };
}

/** Fills a region of text. */
export function textRegion(model: TextModel): RegionCoder {
  return (out, start, end) => each(end - start, (i) => (out[start + i] = model(out, start + i)), SLICE);
}
