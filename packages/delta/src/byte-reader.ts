import { deltaError } from './error.ts';

/** Reads numbers and bytes in order, never beyond the end. */
export interface ByteReader {
  byte(): number;
  /** Unsigned LEB128, at most 2^53−1, shortest form only. */
  varint(): number;
  /** Zigzag-coded. */
  signedVarint(): number;
  /** A view of the next `length` bytes. */
  take(length: number): Uint8Array;
  left(): number;
}

/** A reader over `bytes` (untrusted). @throws ERR_DELTA_CORRUPT at the end, and for numbers with no or two spellings */
export function createByteReader(bytes: Uint8Array): ByteReader {
  let at = 0;
  const byte = (): number => {
    if (at >= bytes.length) throw deltaError('ERR_DELTA_CORRUPT', `The patch ends too early, at byte ${at}`);
    return bytes[at++] as number;
  };
  const varint = (): number => {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const next = byte();
      value += (next & 127) * scale;
      if (next < 128) {
        if ((next === 0 && i > 0) || value > 9007199254740991) break;
        return value;
      }
      scale *= 128;
    }
    throw deltaError('ERR_DELTA_CORRUPT', `Malformed number before byte ${at}`);
  };
  return {
    byte,
    left: () => bytes.length - at,
    signedVarint: () => {
      const coded = varint();
      return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    },
    take: (length) => {
      if (length > bytes.length - at)
        throw deltaError(
          'ERR_DELTA_CORRUPT',
          `The patch ends too early: ${length} bytes wanted, ${bytes.length - at} left`,
        );
      at += length;
      return bytes.subarray(at - length, at);
    },
    varint,
  };
}
