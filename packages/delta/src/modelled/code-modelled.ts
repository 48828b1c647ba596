import { mustHold } from '../error.ts';
import { mix, mix3, mix4 } from '../hermes/entropy/bits.ts';
import { type Coder, maxDecisions } from '../hermes/entropy/coder.ts';
import { codeCopiedBytes } from '../hermes/file/copies.ts';
import { createTextModel, type TextModel, textRegion } from '../hermes/strings/text-model.ts';
import type { Work } from '../hermes/work.ts';

/** The encoder's side: lays answers ready before they are asked for. A decoder has none. */
export interface ModelledPlan {
  /** A step; its bytes are made from `at` on. */
  step(i: number, at: number): void;
}

const [BY_STEPS, STEP_ADD, STEP_EXTRA, STEP_SEEK, GAP, STEP_COUNT] = [1, 2, 3, 4, 5, 6] as const;
const [DIFFERENCE, GAPS] = [200, 204] as const;
/** A gap is a byte. This one says that a number follows. */
export const GAP_LONG = 254;
/** And this one that nothing differs to the end of the step. */
export const GAP_END = 255;
/**
 * Decisions that a patch may ask for: of what moved regularly there may be much in few bytes, but not more than the target has room
 * for.
 */
export function maxModelledDecisions(lengthBytes: number, targetSizeBytes: number): number {
  return maxDecisions(lengthBytes) + Math.floor(targetSizeBytes / 2);
}

/** More than the structural format has: what nothing is known about fills more slots. */
export const MAX_SLOT_BITS = 20;

/** Bytes between two yields. */
const SLICE_BYTES = 512;

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
  const { bytes } = yield* codeCopiedBytes(coder, 0, base, targetSizeBytes, textRegion(text));
  mustHold(bytes.length === targetSizeBytes);
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
  const count = coder.number(STEP_COUNT, targetSizeBytes + 1);
  const differences = createDifferenceModel(coder);
  let at = 0;
  let from = 0;
  let worked = 0;
  for (let i = 0; i < count; i++) {
    plan?.step(i, at);
    from = coder.near(STEP_SEEK, from, base.length);
    const addLength = coder.number(STEP_ADD, Math.min(targetSizeBytes - at, base.length - from));
    const extraLength = coder.number(STEP_EXTRA, targetSizeBytes - at - addLength);
    target.set(base.subarray(from, from + addLength), at);
    for (let done = 0; done < addLength; done++) {
      done += differences.gap(addLength - done);
      mustHold(done <= addLength);
      if (done < addLength) target[at + done] += differences.difference(base[from + done]);
      if (++worked % SLICE_BYTES === 0) yield at / targetSizeBytes;
    }
    at += addLength;
    for (let k = 0; k < extraLength; k++, at++) {
      target[at] = text(target, at);
      if (++worked % SLICE_BYTES === 0) yield at / targetSizeBytes;
    }
    from += addLength;
  }
  mustHold(at === targetSizeBytes);
  return target;
}

interface DifferenceModel {
  /** How many bytes are as they were, of `left`; all of them when no other one differs. */
  gap(left: number): number;
  /** What is added to the next byte, which is `before` in the base. */
  difference(before: number): number;
}

/**
 * Where bytes differ, and by how much: mostly as before, because all references moved by the same distance and lie in records of
 * one size. What is added to the low byte of a number says whether the next one changes, too: that is the carry.
 */
function createDifferenceModel(coder: Coder): DifferenceModel {
  let [gap1, gap2, gap3, last, second, carry, trace] = [0, 0, 0, 0, 0, 0, 0];
  return {
    difference: (before) => {
      const near = Math.min(gap1, 15);
      const byte = coder.symbol(8, DIFFERENCE + Math.min(gap1, 3), [
        mix(1, last),
        mix3(2, last, second),
        mix3(3, last, near),
        mix3(4, before, near),
        mix4(5, last, second, near),
        mix4(6, gap1, gap2, carry),
        mix(7, trace),
      ]);
      carry = before + byte > 255 ? 1 : 0;
      second = last;
      last = byte;
      trace = (trace << 6) + (mix3(8, byte, carry) & 0x3ffff);
      return byte;
    },
    gap: (left) => {
      const token = coder.symbol(8, GAPS + carry, [
        mix3(11, carry, gap1),
        mix4(12, carry, gap1, gap2),
        mix4(mix(13, carry), gap1, gap2, gap3),
        mix4(14, carry, last, second),
        mix4(mix(15, carry), last, gap1, gap2),
        mix(16, trace),
      ]);
      const gap = token === GAP_END ? left : token === GAP_LONG ? GAP_LONG + coder.number(GAP) : token;
      gap3 = gap2;
      gap2 = gap1;
      gap1 = gap;
      trace = (trace << 6) + (mix(17, gap) & 0x3ffff);
      return gap;
    },
  };
}
