import { createCoder, slotBitsFor } from '../hermes/entropy/coder.ts';
import { createRangeDecoder } from '../hermes/entropy/range-coder.ts';
import type { Work } from '../hermes/work.ts';
import { codeModelled, MAX_SLOT_BITS, maxModelledDecisions } from './code-modelled.ts';

/** The target that `body` (untrusted) of a `kvm1` patch makes from `base`. @throws ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT */
export function decodeModelled(
  base: Uint8Array,
  body: Uint8Array,
  targetSizeBytes: number,
): Work<Uint8Array> {
  const coder = createCoder(
    createRangeDecoder(body),
    maxModelledDecisions(body.length, targetSizeBytes),
    slotBitsFor(targetSizeBytes, MAX_SLOT_BITS),
  );
  return codeModelled(coder, base, targetSizeBytes);
}
