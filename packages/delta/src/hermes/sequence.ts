import { deltaError } from '../error.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';

/**
 * A list of references to old entries, most of them in old order: runs of successors, new entries (-1), jumps. `lane` keeps the
 * statistics of different lists apart; `successor(-1)` is the first entry, and a negative one says that there is none.
 */
export function codeSequence(
  coder: Coder,
  lane: number,
  length: number,
  oldCount: number,
  successor: (previous: number) => number,
  wanted?: Int32Array,
): Int32Array {
  const out = new Int32Array(length);
  let previous = -1;
  let j = 0;
  // Mostly nothing has changed at all: one decision, and all lists teach each other what it will be.
  if (coder.flag(CONTEXT.sequenceUnchanged, wanted !== undefined && isWhole(wanted, successor))) {
    for (; j < length; j++) {
      previous = successor(previous);
      if (previous < 0) throw deltaError('ERR_DELTA_CORRUPT', 'A run goes on past the last entry');
      out[j] = previous;
    }
    return out;
  }
  const jump = (): void => {
    const distance = coder.signed(
      CONTEXT.sequenceJump + lane,
      wanted === undefined ? 0 : wanted[j] - previous,
    );
    previous += distance;
    if (!(previous >= 0 && previous < oldCount))
      throw deltaError('ERR_DELTA_CORRUPT', 'A list refers to an entry that is not there');
    out[j++] = previous;
  };
  while (j < length) {
    let run = 0;
    if (wanted !== undefined) {
      for (let p = previous; j + run < length; run++) {
        const expected = successor(p);
        if (expected < 0 || wanted[j + run] !== expected) break;
        p = expected;
      }
    }
    run = coder.number(CONTEXT.sequenceRun + lane, run);
    if (run > length - j) throw deltaError('ERR_DELTA_CORRUPT', 'A run is longer than its list');
    for (let i = 0; i < run; i++) {
      previous = successor(previous);
      if (previous < 0) throw deltaError('ERR_DELTA_CORRUPT', 'A run goes on past the last entry');
      out[j++] = previous;
    }
    if (j >= length) break;
    if (!coder.flag(CONTEXT.sequenceNew + lane, wanted !== undefined && wanted[j] < 0)) {
      jump();
      continue;
    }
    let fresh = 1;
    if (wanted !== undefined) while (j + fresh < length && wanted[j + fresh] < 0) fresh++;
    fresh = coder.number(CONTEXT.sequenceNewCount + lane, fresh - 1) + 1;
    if (fresh > length - j) throw deltaError('ERR_DELTA_CORRUPT', 'A run is longer than its list');
    out.fill(-1, j, j + fresh);
    j += fresh;
    if (j >= length) break;
    if (coder.flag(CONTEXT.sequenceMore + lane, wanted !== undefined && wanted[j] !== successor(previous)))
      jump();
  }
  return out;
}

/** Successor for lists in which every old entry counts. */
export function successorBelow(count: number): (previous: number) => number {
  return (previous) => (previous + 1 < count ? previous + 1 : -1);
}

function isWhole(wanted: Int32Array, successor: (previous: number) => number): boolean {
  let previous = -1;
  for (let j = 0; j < wanted.length; j++) {
    previous = successor(previous);
    if (previous < 0 || wanted[j] !== previous) return false;
  }
  return true;
}
