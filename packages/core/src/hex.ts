import { isBytes } from './bytes.ts';

/** A SHA-256 as 64 lower-case hex digits: how hashes appear in every API, key and log line. */
export type Sha256Hex = string;

const DIGITS = '0123456789abcdef';
/** Written at once: a text that grows digit by digit is a tree to engines, which the first look-up with it has to walk. */
const PIECE_BYTES = 64;

/**
 * Lower-case hex of `bytes`.
 */
export function bytesToHex(bytes: Uint8Array): string {
  if (!isBytes(bytes)) throw new TypeError(`bytesToHex: expected a Uint8Array, got ${typeof bytes}`);
  let out = '';
  for (let start = 0; start < bytes.length; start += PIECE_BYTES) {
    const codes: number[] = [];
    for (let i = start; i < Math.min(bytes.length, start + PIECE_BYTES); i++) {
      const byte = bytes[i] as number;
      codes.push(DIGITS.charCodeAt(byte >> 4), DIGITS.charCodeAt(byte & 15));
    }
    out += String.fromCharCode(...codes);
  }
  return out;
}

/**
 * The bytes of `hex` (either case, no prefix, no blanks).
 *
 * @throws RangeError when the length is odd or a character is no hex digit.
 */
export function hexToBytes(hex: string): Uint8Array {
  if (hex.length % 2 !== 0) throw new RangeError(`hexToBytes: odd length ${hex.length}`);
  const out = new Uint8Array(hex.length / 2);
  for (let i = 0; i < out.length; i++) {
    out[i] = (digit(hex, 2 * i) << 4) | digit(hex, 2 * i + 1);
  }
  return out;
}

function digit(hex: string, index: number): number {
  const code = hex.charCodeAt(index);
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 97 && code <= 102) return code - 87;
  if (code >= 65 && code <= 70) return code - 55;
  throw new RangeError(`hexToBytes: no hex digit at index ${index}`);
}

/**
 * True when `value` is exactly 64 lower-case hex digits.
 */
export function isSha256Hex(value: unknown): value is Sha256Hex {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
