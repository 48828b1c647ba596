import { deflateSync } from 'fflate';
import { createByteWriter } from '../byte-writer.ts';
import type { DiffStep } from './differ.ts';

/**
 * Body of a generic patch (docs/spec/patch-container.md, `kvd1`): steps, where added bytes differ, by how much, and new bytes, each
 * stream deflated by itself because each has statistics of its own.
 */
export function encodeGeneric(
  base: Uint8Array,
  target: Uint8Array,
  diffSteps: readonly DiffStep[],
): Uint8Array {
  const steps = createByteWriter();
  const places = createByteWriter();
  const differences = createByteWriter();
  const extra = createByteWriter();
  let at = 0;
  let from = 0;
  let gap = 0;
  for (const { addLength, extraLength, seek } of diffSteps) {
    steps.varint(addLength);
    steps.varint(extraLength);
    steps.signedVarint(seek);
    for (let i = 0; i < addLength; i++) {
      const difference = ((target[at + i] as number) - (base[from + i] as number)) & 255;
      if (difference === 0) {
        gap++;
        continue;
      }
      places.varint(gap);
      differences.byte(difference);
      gap = 0;
    }
    extra.bytes(target.subarray(at + addLength, at + addLength + extraLength));
    at += addLength + extraLength;
    from += addLength + seek;
  }
  const body = createByteWriter();
  for (const stream of [steps, places, differences, extra]) {
    const raw = stream.finish();
    const packed = deflateSync(raw, { level: 9, mem: 12 });
    // Short streams grow by deflate; a length of its own says which it is.
    const stored = packed.length >= raw.length;
    body.varint(raw.length);
    body.varint(stored ? 0 : packed.length);
    body.bytes(stored ? raw : packed);
  }
  return body.finish();
}
