import { deltaError } from '../error.ts';
import type { DiffStep } from '../generic/differ.ts';
import { mix, mix3, mix4 } from '../hermes/bits.ts';
import { type Coder, createCoder } from '../hermes/coder.ts';
import { codeCopiedBytes, type Copies } from '../hermes/copies.ts';
import type { RangeCoder } from '../hermes/range-coder.ts';
import { createTextModel } from '../hermes/text-model.ts';

/** What the encoder knows: copies for text, or steps for files whose bytes move and change a little. */
export type ModelledPlan =
  | { readonly target: Uint8Array; readonly copies: Copies }
  | { readonly target: Uint8Array; readonly steps: readonly DiffStep[] };

const [BY_STEPS, STEP_ADD, STEP_EXTRA, STEP_SEEK, GAP, STEP_COUNT] = [1, 2, 3, 4, 5, 6] as const;
const [DIFFERENCE, EXTRA_MAX] = [200, 1] as const;

/**
 * The one routine of `kvm1` (docs/spec/patch-container.md): generic patches in the coder of the structural format. Pieces of the base
 * and new bytes that are predicted from their neighbours; or the steps of `kvd1`, with places, differences and new bytes predicted.
 *
 * @throws ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT
 */
export function codeModelled(
  range: RangeCoder,
  maxDecisions: number,
  base: Uint8Array,
  targetSizeBytes: number,
  plan?: ModelledPlan,
): Uint8Array {
  const coder = createCoder(range, maxDecisions, targetSizeBytes);
  const text = createTextModel(coder, base);
  if (coder.flag(BY_STEPS, plan !== undefined && 'steps' in plan)) {
    return codeSteps(
      coder,
      text,
      base,
      targetSizeBytes,
      plan !== undefined && 'steps' in plan ? plan : undefined,
    );
  }
  const copies =
    plan !== undefined && 'copies' in plan ? { bytes: plan.target, copies: plan.copies } : undefined;
  const { bytes } = codeCopiedBytes(
    coder,
    0,
    base,
    targetSizeBytes,
    (out, from, to, wanted) => {
      for (let at = from; at < to; at++) out[at] = text(out, at, wanted === undefined ? 0 : wanted[at]);
    },
    copies,
  );
  if (bytes.length !== targetSizeBytes)
    throw deltaError('ERR_DELTA_CORRUPT', 'The copies make another size than declared');
  return bytes;
}

function codeSteps(
  coder: Coder,
  text: ReturnType<typeof createTextModel>,
  base: Uint8Array,
  targetSizeBytes: number,
  plan?: { readonly target: Uint8Array; readonly steps: readonly DiffStep[] },
): Uint8Array {
  const target = new Uint8Array(targetSizeBytes);
  const count = coder.number(STEP_COUNT, plan?.steps.length ?? 0);
  if (count > targetSizeBytes + EXTRA_MAX) throw deltaError('ERR_DELTA_CORRUPT', 'More steps than bytes');
  const difference = createDifferenceModel(coder);
  let at = 0;
  let from = 0;
  for (let i = 0; i < count; i++) {
    const step = plan?.steps[i];
    const addLength = coder.number(STEP_ADD, step?.addLength ?? 0);
    const extraLength = coder.number(STEP_EXTRA, step?.extraLength ?? 0);
    const seek = coder.signed(STEP_SEEK, step?.seek ?? 0);
    if (addLength + extraLength > targetSizeBytes - at)
      throw deltaError('ERR_DELTA_CORRUPT', 'The steps make more than the target');
    if (!(from >= 0 && from + addLength <= base.length))
      throw deltaError('ERR_DELTA_CORRUPT', 'A step reads outside the base');
    target.set(base.subarray(from, from + addLength), at);
    for (let done = 0; done < addLength; done++) {
      // How many bytes are as they were; to the end when no other one differs.
      let same = 0;
      if (plan !== undefined)
        while (done + same < addLength && plan.target[at + done + same] === base[from + done + same]) same++;
      same = coder.number(GAP, same);
      if (same > addLength - done)
        throw deltaError('ERR_DELTA_CORRUPT', 'A difference lies outside its step');
      done += same;
      if (done >= addLength) break;
      target[at + done] += difference(
        base[from + done],
        same,
        plan === undefined ? 0 : (plan.target[at + done] - base[from + done]) & 255,
      );
    }
    at += addLength;
    for (let k = 0; k < extraLength; k++, at++)
      target[at] = text(target, at, plan === undefined ? 0 : plan.target[at]);
    from += addLength + seek;
  }
  if (at !== targetSizeBytes) throw deltaError('ERR_DELTA_CORRUPT', 'The steps make less than the target');
  return target;
}

/** What is added to a byte: mostly what was added to the last ones, because all references moved by the same distance. */
function createDifferenceModel(coder: Coder): (before: number, gap: number, value: number) => number {
  const { contexts } = coder;
  let last = 0;
  let second = 0;
  return (before, gap, value) => {
    const near = Math.min(gap, 15);
    contexts[0] = mix(1, last);
    contexts[1] = mix3(2, last, second);
    contexts[2] = mix3(3, last, near);
    contexts[3] = mix(4, before);
    contexts[4] = mix3(5, before, near);
    contexts[5] = mix4(6, last, second, near);
    const byte = coder.symbol(8, DIFFERENCE + Math.min(gap, 3), 6, value);
    second = last;
    last = byte;
    return byte;
  };
}
