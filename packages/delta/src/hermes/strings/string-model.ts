import { mix3, mix4 } from '../entropy/bits.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import * as SET from '../entropy/weight-sets.ts';

/** Predicts references to strings by the aligned old one, by the next new one, and by the last two. */
export interface StringModel {
  /** `predicted`: the id that an aligned old place suggests, or -1. `context`: 0 to 15. */
  code(predicted: number, context: number): number;
  /** Learns a reference that was not coded. */
  note(id: number): void;
}

/**
 * `newIds`: of the old strings. `count`: strings of the new file. `lane` keeps code and literals apart.
 */
export function createStringModel(
  coder: Coder,
  newIds: Int32Array,
  count: number,
  lane: number,
): StringModel {
  const used = new Uint8Array(count + 1);
  for (let i = 0; i < newIds.length; i++) if (newIds[i] >= 0) used[newIds[i]] = 1;
  let fresh = 0;
  const highBits = Math.max(0, 24 - Math.clz32(count));
  const set = SET.stringId + 2 * lane;
  let [last, before] = [0, 0];
  const note = (id: number): void => {
    before = last;
    last = id;
    used[id] = 1;
    // The next string that is new and was not referred to; `count` when there is none.
    while (used[fresh] === 1) fresh++;
  };
  note(0);
  return {
    code: (predicted, context) => {
      let id = predicted;
      if (predicted < 0 || !coder.is(CONTEXT.stringPredicted + context, predicted)) {
        if (fresh < count && coder.is(CONTEXT.stringIsFresh + context, fresh)) {
          note(fresh);
          return last;
        }
        // Two halves, so that neighbours share what is learnt.
        const half = (bits: number, shift: number, prefix: number): number =>
          coder.symbol(
            bits,
            set + shift / 8,
            [
              mix3(301, lane, prefix),
              mix3(302, context, prefix),
              mix3(303, last, prefix),
              mix4(304, last, before, prefix),
            ],
            (thing) => thing >>> shift,
          );
        const high = half(highBits, 8, -1);
        id = Math.min((high << 8) | half(8, 0, high), count - 1);
        coder.done();
      }
      note(id);
      return id;
    },
    note,
  };
}
