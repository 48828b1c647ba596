import { Inflate } from 'fflate';
import { type ByteReader, createByteReader } from '../byte-reader.ts';
import { deltaError, mustHold } from '../error.ts';
import type { Work } from '../hermes/work.ts';

/** Steps between two yields. */
const SLICE_STEPS = 1024;
const PIECE_BYTES = 512;

/**
 * Rebuilds the target from `base` and the body of a generic patch (untrusted). Time and memory are bounded by the sizes: every
 * stream is at most as long as the target could need, before it is unpacked.
 *
 * @throws ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT
 */
export function* decodeGeneric(
  base: Uint8Array,
  body: Uint8Array,
  targetSizeBytes: number,
): Work<Uint8Array> {
  const reader = createByteReader(body);
  // Each step makes at least one byte or is an empty one that only moves: those are refused below, but for the first.
  const steps = createByteReader(yield* readStream(reader, 24 * targetSizeBytes + 24));
  const places = createByteReader(yield* readStream(reader, 5 * targetSizeBytes + 5));
  const differences = yield* readStream(reader, targetSizeBytes);
  const extra = createByteReader(yield* readStream(reader, targetSizeBytes));
  mustHold(reader.left() === 0, 'its end');

  const target = new Uint8Array(targetSizeBytes);
  let at = 0;
  let from = 0;
  let nextDifference = differences.length > 0 ? places.varint() : Number.POSITIVE_INFINITY;
  let used = 0;
  let moved = false;
  let worked = 0;
  while (steps.left() > 0) {
    const addLength = steps.varint();
    const extraLength = steps.varint();
    const seek = steps.signedVarint();
    mustHold(addLength + extraLength > 0 || (at === 0 && !moved), 'steps');
    mustHold(addLength + extraLength <= targetSizeBytes - at, 'steps');
    mustHold(from >= 0 && from + addLength <= base.length, 'steps');
    // One bulk copy, then the few bytes that differ: thousands of times fewer operations than byte by byte.
    target.set(base.subarray(from, from + addLength), at);
    let done = 0;
    while (nextDifference < addLength - done) {
      done += nextDifference;
      target[at + done] = ((target[at + done] as number) + (differences[used++] as number)) & 255;
      done += 1;
      nextDifference = used < differences.length ? places.varint() : Number.POSITIVE_INFINITY;
    }
    nextDifference -= addLength - done;
    at += addLength;
    target.set(extra.take(extraLength), at);
    at += extraLength;
    from += addLength + seek;
    moved = true;
    if (++worked % SLICE_STEPS === 0) yield at / targetSizeBytes;
  }
  mustHold(at === targetSizeBytes && extra.left() + places.left() === 0, 'size');
  mustHold(used === differences.length, 'differences');
  return target;
}

function* readStream(reader: ByteReader, maxSizeBytes: number): Work<Uint8Array> {
  const rawSize = reader.varint();
  const packedSize = reader.varint();
  if (rawSize > maxSizeBytes)
    throw deltaError(
      'ERR_DELTA_LIMIT',
      `A stream claims ${rawSize} bytes, at most ${maxSizeBytes} make sense`,
    );
  return packedSize === 0 ? reader.take(rawSize) : yield* inflate(reader.take(packedSize), rawSize);
}

/** Inflates to exactly `size` bytes; stops as soon as there are more. */
function* inflate(packed: Uint8Array, size: number): Work<Uint8Array> {
  const out = new Uint8Array(size);
  let filled = 0;
  let ended = false;
  const stream = new Inflate((chunk, final) => {
    if (chunk.length > size - filled) throw new RangeError('more than declared');
    out.set(chunk, filled);
    filled += chunk.length;
    ended = ended || final;
  });
  // In small pieces, so that a bomb is noticed after 32 KB of output and not at its end.
  for (let at = 0; at < packed.length; at += PIECE_BYTES) {
    try {
      stream.push(packed.subarray(at, at + PIECE_BYTES), at + PIECE_BYTES >= packed.length);
    } catch (error) {
      throw deltaError('ERR_DELTA_CORRUPT', `The patch is damaged: ${String(error)}`);
    }
    yield 0.1;
  }
  mustHold(ended && filled === size, 'stream');
  return out;
}
