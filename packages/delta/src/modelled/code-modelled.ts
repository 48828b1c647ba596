import { mustHold } from '../error.ts';
import { mix, mix3, mix4 } from '../hermes/bits.ts';
import type { Coder } from '../hermes/coder.ts';
import { codeCopiedBytes } from '../hermes/copies.ts';
import { createTextModel, type TextModel, textRegion } from '../hermes/text-model.ts';
import type { Work } from '../hermes/work.ts';

/** The encoder's side: lays answers ready before they are asked for. A decoder has none. */
export interface ModelledPlan {
  /** A step that adds to `base` from `from` on; the bytes are made from `at` on. */
  step(i: number, from: number, at: number): void;
}

const [BY_STEPS, STEP_ADD, STEP_EXTRA, STEP_SEEK, GAP, STEP_COUNT] = [1, 2, 3, 4, 5, 6] as const;
const [DIFFERENCE, EXTRA_MAX] = [200, 1] as const;
/** Bytes between two yields. */
const SLICE_BYTES = 4096;

/**
 * The one routine of `kvm1` (docs/spec/patch-container.md): generic patches in the coder of the structural format. Pieces of the base
 * and new bytes that are predicted from their neighbours; or the steps of `kvd1`, with places, differences and new bytes predicted.
 *
 * @throws ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT
 */
export function* codeModelled(
  coder: Coder,
  base: Uint8Array,
  targetSizeBytes: number,
  plan?: ModelledPlan,
): Work<Uint8Array> {
  const text = createTextModel(coder, base);
  if (coder.flag(BY_STEPS)) return yield* codeSteps(coder, text, base, targetSizeBytes, plan);
  const { bytes } = codeCopiedBytes(coder, 0, base, targetSizeBytes, textRegion(text));
  mustHold(bytes.length === targetSizeBytes, 'size');
  return bytes;
}

function* codeSteps(
  coder: Coder,
  text: TextModel,
  base: Uint8Array,
  targetSizeBytes: number,
  plan?: ModelledPlan,
): Work<Uint8Array> {
  const target = new Uint8Array(targetSizeBytes);
  const count = coder.number(STEP_COUNT);
  mustHold(count <= targetSizeBytes + EXTRA_MAX, 'steps');
  const difference = createDifferenceModel(coder);
  let at = 0;
  let from = 0;
  let worked = 0;
  for (let i = 0; i < count; i++) {
    plan?.step(i, from, at);
    const addLength = coder.number(STEP_ADD);
    const extraLength = coder.number(STEP_EXTRA);
    const seek = coder.signed(STEP_SEEK);
    mustHold(addLength + extraLength <= targetSizeBytes - at, 'steps');
    mustHold(from >= 0 && from + addLength <= base.length, 'steps');
    target.set(base.subarray(from, from + addLength), at);
    for (let done = 0; done < addLength; done++) {
      // How many bytes are as they were; to the end when no other one differs.
      const same = coder.number(GAP);
      done += same;
      mustHold(done <= addLength, 'steps');
      if (done < addLength) target[at + done] += difference(base[from + done], same);
      if (++worked % SLICE_BYTES === 0) yield at / targetSizeBytes;
    }
    at += addLength;
    for (let k = 0; k < extraLength; k++, at++) {
      target[at] = text(target, at);
      if (++worked % SLICE_BYTES === 0) yield at / targetSizeBytes;
    }
    from += addLength + seek;
  }
  mustHold(at === targetSizeBytes, 'size');
  return target;
}

/** What is added to a byte: mostly what was added to the last ones, because all references moved by the same distance. */
function createDifferenceModel(coder: Coder): (before: number, gap: number) => number {
  const { contexts } = coder;
  let last = 0;
  let second = 0;
  return (before, gap) => {
    const near = Math.min(gap, 15);
    contexts[0] = mix(1, last);
    contexts[1] = mix3(2, last, second);
    contexts[2] = mix3(3, last, near);
    contexts[3] = mix(4, before);
    contexts[4] = mix3(5, before, near);
    contexts[5] = mix4(6, last, second, near);
    const byte = coder.symbol(8, DIFFERENCE + Math.min(gap, 3), 6);
    second = last;
    last = byte;
    return byte;
  };
}
