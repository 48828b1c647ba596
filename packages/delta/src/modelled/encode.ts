import type { DiffStep } from '../generic/differ.ts';
import { DECISIONS } from '../hermes/decode-hermes.ts';
import { findCopies } from '../hermes/encode/lz-copies.ts';
import { createRangeEncoder } from '../hermes/range-encoder.ts';
import { codeModelled, type ModelledPlan } from './code-modelled.ts';

/** Shorter copies cost more than the bytes they bring. */
const MIN_COPY = 24;

/** Body of a `kvm1` patch: by copies or by steps, whichever is smaller; undefined when it would ask for too much work. */
export function encodeModelled(
  base: Uint8Array,
  target: Uint8Array,
  steps: readonly DiffStep[],
): Uint8Array | undefined {
  const plans: ModelledPlan[] = [
    { copies: findCopies(base, target, MIN_COPY), target },
    { steps, target },
  ];
  const bodies = plans.map((plan) => {
    const range = createRangeEncoder();
    codeModelled(range, Number.POSITIVE_INFINITY, base, target.length, plan);
    const body = range.finish();
    return range.decisions() > DECISIONS.base + DECISIONS.perByte * body.length ? undefined : body;
  });
  const [first, ...others] = bodies.filter((body) => body !== undefined);
  return others.reduce(
    (best, body) => (best === undefined || body.length < best.length ? body : best),
    first,
  );
}
