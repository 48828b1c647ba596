import { Inflate } from 'fflate';
import { type ByteReader, createByteReader } from '../byte-reader.ts';
import { deltaError } from '../error.ts';

/**
 * Rebuilds the target from `base` and the body of a generic patch (untrusted). Time and memory are bounded by the sizes: every
 * stream is at most as long as the target could need, before it is unpacked.
 *
 * @throws ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT
 */
export function decodeGeneric(base: Uint8Array, body: Uint8Array, targetSizeBytes: number): Uint8Array {
  const reader = createByteReader(body);
  // Each step makes at least one byte or is an empty one that only moves: those are refused below, but for the first.
  const steps = createByteReader(readStream(reader, 24 * targetSizeBytes + 24));
  const places = createByteReader(readStream(reader, 5 * targetSizeBytes + 5));
  const differences = readStream(reader, targetSizeBytes);
  const extra = createByteReader(readStream(reader, targetSizeBytes));
  if (reader.left() > 0) throw deltaError('ERR_DELTA_CORRUPT', 'Bytes follow the last stream');

  const target = new Uint8Array(targetSizeBytes);
  let at = 0;
  let from = 0;
  let nextDifference = differences.length > 0 ? places.varint() : Number.POSITIVE_INFINITY;
  let used = 0;
  let moved = false;
  while (steps.left() > 0) {
    const addLength = steps.varint();
    const extraLength = steps.varint();
    const seek = steps.signedVarint();
    if (addLength + extraLength === 0 && (at > 0 || moved))
      throw deltaError('ERR_DELTA_CORRUPT', 'A step makes nothing');
    if (addLength + extraLength > targetSizeBytes - at)
      throw deltaError('ERR_DELTA_CORRUPT', 'The steps make more than the target');
    if (from < 0 || from + addLength > base.length)
      throw deltaError('ERR_DELTA_CORRUPT', 'A step reads outside the base');
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
  }
  if (at !== targetSizeBytes || extra.left() > 0 || places.left() > 0 || used !== differences.length) {
    throw deltaError('ERR_DELTA_CORRUPT', 'The streams do not fit each other');
  }
  return target;
}

function readStream(reader: ByteReader, maxSizeBytes: number): Uint8Array {
  const rawSize = reader.varint();
  const packedSize = reader.varint();
  if (rawSize > maxSizeBytes)
    throw deltaError(
      'ERR_DELTA_LIMIT',
      `A stream claims ${rawSize} bytes, at most ${maxSizeBytes} make sense`,
    );
  return packedSize === 0 ? reader.take(rawSize) : inflate(reader.take(packedSize), rawSize);
}

/** Inflates to exactly `size` bytes; stops as soon as there are more. */
function inflate(packed: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  let filled = 0;
  let ended = false;
  try {
    const stream = new Inflate((chunk, final) => {
      if (chunk.length > size - filled) throw new RangeError('more than declared');
      out.set(chunk, filled);
      filled += chunk.length;
      ended = ended || final;
    });
    // In small pieces, so that a bomb is noticed after 32 KB of output and not at its end.
    for (let at = 0; at < packed.length; at += 512)
      stream.push(packed.subarray(at, at + 512), at + 512 >= packed.length);
  } catch (error) {
    throw deltaError(
      'ERR_DELTA_CORRUPT',
      `A stream cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (!ended || filled !== size)
    throw deltaError('ERR_DELTA_CORRUPT', `A stream has ${filled} bytes, ${size} are declared`);
  return out;
}
