import type { Copies } from '../file/copies.ts';
import { sameBytes } from '../entropy/bits.ts';
import { GONE } from '../file/pairs.ts';
import { successorBelow } from '../file/sequence.ts';
import type { Tell } from './answering-coder.ts';

/** Tells what `codeSequence` asks for to give `wanted`. */
export function tellSequence(
  tell: Tell,
  wanted: Int32Array,
  oldCount: number,
  successor: (previous: number) => number = successorBelow(oldCount),
): void {
  const first = runAt(wanted, 0, -1, successor);
  const isEnd = first === wanted.length || successor(first > 0 ? wanted[first - 1] : -1) < 0;
  const appended = isEnd && wanted.subarray(first).every((source) => source < 0);
  tell(appended ? 1 : 0);
  if (appended) return;
  let previous = -1;
  for (let j = 0; j < wanted.length;) {
    const run = runAt(wanted, j, previous, successor);
    tell(run);
    j += run;
    if (run > 0) previous = wanted[j - 1];
    if (j >= wanted.length) break;
    tell(wanted[j] < 0 ? 1 : 0);
    if (wanted[j] < 0) {
      let fresh = 1;
      while (j + fresh < wanted.length && (wanted[j + fresh] as number) < 0) fresh++;
      tell(fresh - 1);
      j += fresh;
      if (j >= wanted.length) break;
      const jumps = wanted[j] !== successor(previous);
      tell(jumps ? 1 : 0);
      if (!jumps) continue;
    }
    previous = wanted[j++];
    tell(previous);
  }
}

function runAt(
  wanted: Int32Array,
  start: number,
  before: number,
  successor: (previous: number) => number,
): number {
  let j = start;
  for (let previous = before; j < wanted.length; j++) {
    previous = successor(previous);
    if (previous < 0 || wanted[j] !== previous) break;
  }
  return j - start;
}

/** Tells what `codeCopiedBytes` asks for; `region`: what its regions ask for. */
export function tellCopies(
  tell: Tell,
  old: Uint8Array,
  wanted: Uint8Array,
  findCopies: () => Copies,
  region: (from: number, to: number) => void,
): void {
  const unchanged = sameBytes(wanted, old);
  tell(unchanged ? 1 : 0);
  if (unchanged) return;
  const copies = findCopies();
  const appended = copies.length === 3 && copies[0] + copies[1] === 0 && copies[2] === old.length;
  tell(appended ? 1 : 0, wanted.length);
  if (appended) return region(old.length, wanted.length);
  tell(copies.length / 3);
  let at = 0;
  for (let i = 0; i < copies.length; i += 3) {
    const [to, from, size] = copies.subarray(i, i + 3) as unknown as [number, number, number];
    const full = size === Math.min(wanted.length - to, old.length - from);
    tell(to - at, from, full ? 1 : 0);
    if (!full) tell(size);
    at = to + size;
  }
  at = 0;
  for (let i = 0; i <= copies.length; i += 3) {
    const until = i < copies.length ? copies[i] : wanted.length;
    if (at < until) region(at, until);
    at = until + (copies[i + 2] ?? 0);
  }
}

/**
 * Tells what `codePairs` asks for to make `wanted` of `moved`. Entries are the same when their keys are; by default these are the pairs.
 */
export function tellPairs(
  tell: Tell,
  moved: Uint32Array,
  wanted: Uint32Array,
  oldKey: (i: number) => string = (i) => `${moved[2 * i]} ${moved[2 * i + 1]}`,
  newKey: (j: number) => string = (j) => `${wanted[2 * j]} ${wanted[2 * j + 1]}`,
): void {
  const oldCount = moved.length / 2;
  const places = new Map<string, number[]>();
  const following = new Int32Array(oldCount + 1).fill(-1);
  for (let i = oldCount - 1; i >= 0; i--) {
    following[i] = moved[2 * i] === GONE ? following[i + 1] : i;
    if (moved[2 * i] === GONE) continue;
    const list = places.get(oldKey(i));
    if (list === undefined) places.set(oldKey(i), [i]);
    else list.push(i);
  }
  const sources = Int32Array.from(
    { length: wanted.length / 2 },
    (_, j) => places.get(newKey(j))?.pop() ?? -1,
  );
  tell(sources.length);
  tellSequence(tell, sources, oldCount, (previous) => following[previous + 1]);
  sources.forEach((source, j) => {
    if (source < 0) tell(wanted[2 * j], wanted[2 * j + 1]);
  });
}
