import { deltaError } from '../error.ts';

/** Codes one binary decision; the other half of a {@link createCoder}. */
export interface RangeCoder {
  readonly decoding: boolean;
  /** `probability`: that the bit is 1, in 1/65536, 1 to 65535. Gives the bit. */
  code(bit: number, probability: number): number;
}

/**
 * Carry-less binary range coder (as in lpaq: the interval [low, high] loses its settled top bytes). Reading past the end gives
 * zeros: four for the interval's settling, and up to four that the encoder left off.
 *
 * @throws ERR_DELTA_CORRUPT when more is read than there is
 */
export function createRangeDecoder(bytes: Uint8Array): RangeCoder {
  let low = 0;
  let high = 0xffffffff;
  let at = 0;
  let value = 0;
  const next = (): number => {
    if (at >= bytes.length + 8) throw deltaError('ERR_DELTA_CORRUPT', 'The patch ends too early');
    return at < bytes.length ? bytes[at++] : (at++, 0);
  };
  for (let i = 0; i < 4; i++) value = ((value << 8) | next()) >>> 0;
  return {
    code: (_bit, probability) => {
      const range = high - low;
      const middle = low + (range >>> 16) * probability + (((range & 0xffff) * probability) >>> 16);
      let bit = 0;
      if (value <= middle) {
        bit = 1;
        high = middle;
      } else {
        low = middle + 1;
      }
      while (((low ^ high) & 0xff000000) === 0) {
        low = (low << 8) >>> 0;
        high = ((high << 8) | 255) >>> 0;
        value = ((value << 8) | next()) >>> 0;
      }
      return bit;
    },
    decoding: true,
  };
}
