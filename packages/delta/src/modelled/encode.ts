import type { DiffStep } from '../generic/differ.ts';
import { type AnsweringCoder, createAnsweringCoder } from '../hermes/encode/answering-coder.ts';
import { findCopies } from '../hermes/encode/lz-copies.ts';
import { createRangeEncoder } from '../hermes/encode/range-encoder.ts';
import { tellCopies } from '../hermes/encode/tell.ts';
import { finish } from '../hermes/work.ts';
import { codeModelled, GAP_END, GAP_LONG, maxModelledDecisions, type ModelledPlan } from './code-modelled.ts';

/** Shorter copies cost more than the bytes they bring. */
const MIN_COPY = 24;

/** Body of a `kvm1` patch: by copies or by steps, whichever is smaller; undefined when it would ask for too much work. */
export function encodeModelled(
  base: Uint8Array,
  target: Uint8Array,
  steps: readonly DiffStep[],
): Uint8Array | undefined {
  const bodies = [
    encodeWith(base, target, (answering) => planCopies(answering, base, target)),
    encodeWith(base, target, (answering) => planSteps(answering, base, target, steps)),
  ].filter((body) => body !== undefined);
  return bodies.sort((a, b) => a.length - b.length)[0];
}

function encodeWith(
  base: Uint8Array,
  target: Uint8Array,
  createPlan: (answering: AnsweringCoder) => ModelledPlan,
): Uint8Array | undefined {
  const range = createRangeEncoder();
  const answering = createAnsweringCoder(range, target.length);
  finish(codeModelled(answering.coder, base, target.length, createPlan(answering)));
  const body = range.finish();
  return range.decisions() > maxModelledDecisions(body.length, target.length) ? undefined : body;
}

function planCopies({ tell }: AnsweringCoder, base: Uint8Array, target: Uint8Array): ModelledPlan {
  tell(0);
  tellCopies(
    tell,
    base,
    target,
    () => findCopies(base, target, MIN_COPY),
    (from, to) => target.subarray(from, to).forEach((byte) => tell(byte)),
  );
  return { step: () => undefined };
}

function planSteps(
  { tell }: AnsweringCoder,
  base: Uint8Array,
  target: Uint8Array,
  steps: readonly DiffStep[],
): ModelledPlan {
  tell(1, steps.length);
  let next = 0;
  return {
    step: (i, at) => {
      const { addLength, extraLength, seek } = steps[i];
      const from = next;
      tell(from, addLength, extraLength);
      next += addLength + seek;
      for (let done = 0; done < addLength; done++) {
        let same = 0;
        while (done + same < addLength && target[at + done + same] === base[from + done + same]) same++;
        if (done + same === addLength) tell(GAP_END);
        else if (same < GAP_LONG) tell(same);
        else tell(GAP_LONG, same - GAP_LONG);
        done += same;
        if (done < addLength) tell((target[at + done] - base[from + done]) & 255);
      }
      for (let k = at + addLength; k < at + addLength + extraLength; k++) tell(target[k]);
    },
  };
}
