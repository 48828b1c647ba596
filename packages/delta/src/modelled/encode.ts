import type { DiffStep } from '../generic/differ.ts';
import { type AnsweringCoder, createAnsweringCoder } from '../hermes/encode/answering-coder.ts';
import { slotBitsFor } from '../hermes/entropy/coder.ts';
import { findCopies } from '../hermes/encode/lz-copies.ts';
import { padForWork } from '../hermes/encode/pad-for-work.ts';
import { createRangeEncoder } from '../hermes/encode/range-encoder.ts';
import { tellCopies } from '../hermes/encode/tell.ts';
import { finish } from '../hermes/work.ts';
import {
  codeModelled,
  GAP_END,
  GAP_LONG,
  MAX_SLOT_BITS,
  maxModelledDecisions,
  type ModelledPlan,
} from './code-modelled.ts';

/** Shorter copies cost more than the bytes they bring. */
const MIN_COPY = 24;

/** Body of a `kvm1` patch: by copies or by steps, whichever is smaller. */
export function encodeModelled(base: Uint8Array, target: Uint8Array, steps: readonly DiffStep[]): Uint8Array {
  const byCopies = encodeWith(base, target, (answering) => planCopies(answering, base, target));
  const bySteps = encodeWith(base, target, (answering) => planSteps(answering, base, target, steps));
  return byCopies.length <= bySteps.length ? byCopies : bySteps;
}

function encodeWith(
  base: Uint8Array,
  target: Uint8Array,
  createPlan: (answering: AnsweringCoder) => ModelledPlan,
): Uint8Array {
  const range = createRangeEncoder();
  const answering = createAnsweringCoder(range, slotBitsFor(target.length, MAX_SLOT_BITS));
  finish(codeModelled(answering.coder, base, target.length, createPlan(answering)));
  return padForWork(range.finish(), range.decisions(), (length) =>
    maxModelledDecisions(length, target.length),
  );
}

function planCopies({ tell, tellAll }: AnsweringCoder, base: Uint8Array, target: Uint8Array): ModelledPlan {
  tell(0);
  tellCopies(
    tell,
    base,
    target,
    () => findCopies(base, target, MIN_COPY),
    (from, to) => tellAll(target.subarray(from, to)),
  );
  return { step: () => undefined };
}

function planSteps(
  { tell, tellAll }: AnsweringCoder,
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
      tellAll(target.subarray(at + addLength, at + addLength + extraLength));
    },
  };
}
