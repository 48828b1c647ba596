import { mustHold } from '../../error.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';

/**
 * A list of references to old entries, most of them in old order: runs of successors, new entries (-1), jumps. `lane` keeps the
 * statistics of different lists apart; `successor(-1)` is the first entry, and a negative one says that there is none.
 */
export function codeSequence(
  coder: Coder,
  lane: number,
  length: number,
  oldCount: number,
  successor: (previous: number) => number = successorBelow(oldCount),
): Int32Array {
  const out = new Int32Array(length);
  let previous = -1;
  let j = 0;
  /** So many successors; false when there are not so many. */
  const runOn = (run: number): boolean => {
    for (let left = run; left > 0; left--) {
      const next = successor(previous);
      if (next < 0) return false;
      out[j++] = previous = next;
    }
    return true;
  };
  // Mostly nothing has changed, or something was appended: one decision, and all lists teach each other what it will be.
  if (coder.flag(CONTEXT.sequenceAppended)) {
    runOn(length);
    return out.fill(-1, j);
  }
  while (j < length) {
    mustHold(runOn(coder.number(CONTEXT.sequenceRun + lane, length - j)));
    if (j >= length) break;
    if (coder.flag(CONTEXT.sequenceNew + lane)) {
      const fresh = coder.number(CONTEXT.sequenceNewCount + lane, length - j - 1) + 1;
      out.fill(-1, j, j + fresh);
      j += fresh;
      if (j >= length || !coder.flag(CONTEXT.sequenceMore + lane)) continue;
    }
    previous = coder.near(CONTEXT.sequenceJump + lane, previous, oldCount - 1);
    out[j++] = previous;
  }
  return out;
}

/** Successor for lists in which every old entry counts. */
export function successorBelow(count: number): (previous: number) => number {
  return (previous) => (previous + 1 < count ? previous + 1 : -1);
}
