import { bytesToUtf8 } from '@kivyx-ota/core';
import { coseError } from '../error.ts';
import { compareBytes } from './compare-bytes.ts';
import type { CborMap, CborValue } from './value.ts';

/** How much a document may hold before it is looked at any further. */
export interface CborLimits {
  /** Nesting of arrays and maps. Default 16. */
  readonly maxDepth?: number;
  /** Data items in all. Default 200,000. */
  readonly maxItems?: number;
}

const MAX_SAFE = 9007199254740991;

/**
 * The value of `bytes` (untrusted), accepted only in the deterministic profile (docs/spec/cose.md): RFC 8949 §4.2.1 (definite
 * lengths, shortest heads, sorted unique keys) without floats, tags and simple values other than false, true and null; well-formed
 * UTF-8 without a leading byte order mark. Maps stay `Map`; byte strings are copies, so that no result keeps its document alive.
 *
 * One pass, O(n). Nothing is allocated for what a length claims: a claim is compared with the bytes that are left.
 *
 * @throws ERR_CBOR_MALFORMED when the bytes are not CBOR or have something behind them.
 * @throws ERR_CBOR_NOT_DETERMINISTIC when the same value has another, the one allowed, spelling.
 * @throws ERR_CBOR_FORBIDDEN when the value is outside the profile (float, tag, large integer …).
 * @throws ERR_CBOR_LIMIT when it is too deep or has too many items.
 *
 * @example
 * ```ts
 * import { decodeCbor } from '@kivyx-ota/cose';
 * import { hexToBytes } from '@kivyx-ota/core';
 *
 * decodeCbor(hexToBytes('a10102')); // Map { 1 => 2 }
 * ```
 */
export function decodeCbor(bytes: Uint8Array, limits: CborLimits = {}): CborValue {
  const maxDepth = limits.maxDepth ?? 16;
  const maxItems = limits.maxItems ?? 200_000;
  const end = bytes.length;
  let at = 0;
  let items = 0;
  let major = 0;

  const refusal = (code: 'MALFORMED' | 'NOT_DETERMINISTIC' | 'FORBIDDEN' | 'LIMIT', what: string): Error =>
    coseError(`ERR_CBOR_${code}`, `CBOR, before byte ${at}: ${what}`);

  /** An item, and a byte of a string, takes at least a byte. */
  const claim = (sizeBytes: number): void => {
    if (sizeBytes > end - at)
      throw refusal('MALFORMED', `${sizeBytes} bytes or items claimed, ${end - at} bytes left`);
  };

  // Reads one head; gives its argument and leaves the major type in `major`.
  const head = (): number => {
    if (at >= end) throw refusal('MALFORMED', 'ends in the middle of an item');
    const first = bytes[at++] as number;
    major = first >> 5;
    const info = first & 31;
    if (info < 24) return info;
    if (info === 31) throw refusal('NOT_DETERMINISTIC', 'an indefinite length');
    if (info > 27) throw refusal('MALFORMED', `reserved additional information ${info}`);
    const size = 1 << (info - 24);
    claim(size);
    if (major === 7) throw refusal('FORBIDDEN', 'a float or simple value');
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (bytes[at++] as number);
    const least = size === 1 ? 24 : size === 2 ? 0x100 : size === 4 ? 0x10000 : 0x100000000;
    if (value < least) throw refusal('NOT_DETERMINISTIC', 'a head longer than needed');
    // Arithmetic above is exact up to 2^53, and rounds to a larger number beyond it, never below.
    if (value > MAX_SAFE) throw refusal('FORBIDDEN', 'a number outside ±(2^53−1)');
    return value;
  };

  const item = (depth: number): CborValue => {
    if (++items > maxItems) throw refusal('LIMIT', `more than ${maxItems} items`);
    if (depth > maxDepth) throw refusal('LIMIT', `nested deeper than ${maxDepth}`);
    const argument = head();
    switch (major) {
      case 0:
        return argument;
      case 1:
        if (argument >= MAX_SAFE) throw refusal('FORBIDDEN', 'a number outside ±(2^53−1)');
        return -1 - argument;
      case 2:
        return new Uint8Array(string(argument));
      case 3:
        return text(argument);
      case 4:
        return array(argument, depth);
      case 5:
        return map(argument, depth);
      case 6:
        throw refusal('FORBIDDEN', `tag ${argument}`);
      default:
        if (argument === 20) return false;
        if (argument === 21) return true;
        if (argument === 22) return null;
        throw refusal('FORBIDDEN', 'a float or simple value');
    }
  };

  const string = (size: number): Uint8Array => {
    claim(size);
    at += size;
    return bytes.subarray(at - size, at);
  };

  const text = (size: number): string => {
    let decoded: string;
    try {
      decoded = bytesToUtf8(string(size));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw refusal('MALFORMED', 'text that is not UTF-8');
    }
    if (decoded.charCodeAt(0) === 0xfeff) throw refusal('FORBIDDEN', 'text with a byte order mark');
    return decoded;
  };

  const array = (length: number, depth: number): CborValue[] => {
    claim(length);
    const out: CborValue[] = [];
    for (let i = 0; i < length; i++) out.push(item(depth + 1));
    return out;
  };

  const map = (pairs: number, depth: number): CborMap => {
    claim(pairs * 2);
    const out = new Map<number | string, CborValue>();
    let previous: Uint8Array | undefined;
    for (let i = 0; i < pairs; i++) {
      const start = at;
      const key = item(depth + 1);
      if (typeof key !== 'number' && typeof key !== 'string') {
        throw refusal('FORBIDDEN', 'a map key that is neither an integer nor text');
      }
      const encoded = bytes.subarray(start, at);
      if (previous !== undefined && compareBytes(previous, encoded) >= 0) {
        throw refusal('NOT_DETERMINISTIC', 'map keys not sorted or not unique');
      }
      previous = encoded;
      out.set(key, item(depth + 1));
    }
    return out;
  };

  const value = item(0);
  if (at !== end) throw refusal('MALFORMED', `${end - at} more bytes behind the document`);
  return value;
}
