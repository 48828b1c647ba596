import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import { codeSequence } from './sequence.ts';
import { each, type Work } from '../work.ts';

/** Entries between two yields. */
const SLICE = 512;

/** A table of two words an entry, and where old entries went. */
export interface CodedPairs {
  readonly words: Uint32Array;
  /** Old entry → new entry, or -1. */
  readonly newIds: Int32Array;
  /** Entries without an old one, ascending. */
  readonly fresh: readonly number[];
}

/**
 * Codes a table of pairs (strings, shapes, regular expressions, function sources). `moved`: the old pairs with what is known about
 * their new values; an entry is one of these, in old order mostly, or new. A first word of {@link GONE} is never one.
 */
export function* codePairs(
  coder: Coder,
  lane: number,
  moved: Uint32Array,
  maxBytes: number,
): Work<CodedPairs> {
  const oldCount = moved.length / 2;
  const count = coder.near(CONTEXT.countChange, oldCount, maxBytes / 4);
  const words = new Uint32Array(2 * count);
  const newIds = new Int32Array(oldCount).fill(-1);
  const fresh: number[] = [];
  // The next old entry that is still there.
  const following = new Int32Array(oldCount + 1).fill(-1);
  for (let i = oldCount - 1; i >= 0; i--) following[i] = moved[2 * i] === GONE ? following[i + 1] : i;
  const sources = codeSequence(coder, lane, count, oldCount, (previous) => following[previous + 1]);
  yield* each(
    count,
    (j) => {
      const i = sources[j];
      if (i >= 0) {
        words[2 * j] = moved[2 * i];
        words[2 * j + 1] = moved[2 * i + 1];
        if (newIds[i] < 0) newIds[i] = j;
      } else {
        fresh.push(j);
        // What begins where the entry before ends, mostly.
        const end = j > 0 ? words[2 * j - 2] + words[2 * j - 1] : 0;
        words[2 * j] = coder.near(CONTEXT.pairFirst + lane, end);
        words[2 * j + 1] = coder.number(CONTEXT.pairSecond + lane);
      }
    },
    SLICE,
  );
  return { fresh, newIds, words };
}

/** Marks a pair that went. */
export const GONE = 0xffffffff;
