import type { Copies } from '../copies.ts';
import { sameBytes } from '../bits.ts';
import { successorBelow } from '../sequence.ts';
import type { Tell } from './answering-coder.ts';

/** Tells what `codeSequence` asks for to give `wanted`. */
export function tellSequence(
  tell: Tell,
  wanted: Int32Array,
  oldCount: number,
  successor: (previous: number) => number = successorBelow(oldCount),
): void {
  const whole = runAt(wanted, 0, -1, successor) === wanted.length;
  tell(whole ? 1 : 0);
  if (whole) return;
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
  tell(wanted.length, copies.length / 3);
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
