import { DECISIONS } from '../hermes/decode-hermes.ts';
import { createRangeDecoder } from '../hermes/range-coder.ts';
import { codeModelled } from './code-modelled.ts';

/** The target that `body` (untrusted) of a `kvm1` patch makes from `base`. @throws ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT */
export function decodeModelled(base: Uint8Array, body: Uint8Array, targetSizeBytes: number): Uint8Array {
  const maxDecisions = DECISIONS.base + DECISIONS.perByte * body.length;
  return codeModelled(createRangeDecoder(body), maxDecisions, base, targetSizeBytes);
}
