import { mustHold } from '../../error.ts';
import type { CodeBit } from './coder.ts';

/**
 * Carry-less binary range coder (as in lpaq: the interval [low, high] loses its settled top bytes). Reading past the end gives
 * zeros: four for the interval's settling, and up to four that the encoder left off.
 *
 * @throws ERR_DELTA_CORRUPT when more is read than there is
 */
export function createRangeDecoder(bytes: Uint8Array): CodeBit {
  let low = 0;
  let high = 0xffffffff;
  let at = 0;
  let value = 0;
  const next = (): void => {
    mustHold(at < bytes.length + 8);
    value = ((value << 8) | (at < bytes.length ? bytes[at] : 0)) >>> 0;
    at++;
  };
  for (let i = 0; i < 4; i++) next();
  return (probability) => {
    const range = high - low;
    const middle = low + (range >>> 16) * probability + (((range & 0xffff) * probability) >>> 16);
    const bit = value <= middle ? 1 : 0;
    if (bit === 1) high = middle;
    else low = middle + 1;
    while (((low ^ high) & 0xff000000) === 0) {
      low = (low << 8) >>> 0;
      high = ((high << 8) | 255) >>> 0;
      next();
    }
    return bit;
  };
}
