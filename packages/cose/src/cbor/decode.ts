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

  // Reads one head; gives its argument and leaves the major type in `major`.
  const head = (): number => {
    if (at >= end) throw coseError('ERR_CBOR_MALFORMED', `CBOR ends in the middle of an item, at byte ${at}`);
    const first = bytes[at++] as number;
    major = first >> 5;
    const info = first & 31;
    if (info < 24) return info;
    if (info === 31) throw coseError('ERR_CBOR_NOT_DETERMINISTIC', `Indefinite length at byte ${at - 1}`);
    if (info > 27)
      throw coseError('ERR_CBOR_MALFORMED', `Reserved additional information ${info} at byte ${at - 1}`);
    const size = 1 << (info - 24);
    if (size > end - at)
      throw coseError('ERR_CBOR_MALFORMED', `CBOR ends in the middle of a head, at byte ${at}`);
    if (major === 7) throw coseError('ERR_CBOR_FORBIDDEN', `Float or simple value at byte ${at - 1}`);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + (bytes[at++] as number);
    const least = size === 1 ? 24 : size === 2 ? 0x100 : size === 4 ? 0x10000 : 0x100000000;
    if (value < least)
      throw coseError('ERR_CBOR_NOT_DETERMINISTIC', `Head longer than needed before byte ${at}`);
    // Arithmetic above is exact up to 2^53, and rounds to a larger number beyond it, never below.
    if (value > MAX_SAFE)
      throw coseError('ERR_CBOR_FORBIDDEN', `Integer or length above 2^53−1 before byte ${at}`);
    return value;
  };

  const item = (depth: number): CborValue => {
    if (++items > maxItems) throw coseError('ERR_CBOR_LIMIT', `More than ${maxItems} items`);
    if (depth > maxDepth) throw coseError('ERR_CBOR_LIMIT', `Nested deeper than ${maxDepth}`);
    const argument = head();
    switch (major) {
      case 0:
        return argument;
      case 1:
        if (argument >= MAX_SAFE)
          throw coseError('ERR_CBOR_FORBIDDEN', `Integer below −(2^53−1) before byte ${at}`);
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
        throw coseError('ERR_CBOR_FORBIDDEN', `Tag ${argument} before byte ${at}`);
      default:
        if (argument === 20) return false;
        if (argument === 21) return true;
        if (argument === 22) return null;
        throw coseError('ERR_CBOR_FORBIDDEN', `Simple value ${argument} before byte ${at}`);
    }
  };

  const string = (size: number): Uint8Array => {
    if (size > end - at) throw coseError('ERR_CBOR_MALFORMED', `String of ${size} bytes, ${end - at} left`);
    at += size;
    return bytes.subarray(at - size, at);
  };

  const text = (size: number): string => {
    const start = at;
    let decoded: string;
    try {
      decoded = bytesToUtf8(string(size));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw coseError('ERR_CBOR_MALFORMED', `Text at byte ${start} is not UTF-8`);
    }
    if (decoded.charCodeAt(0) === 0xfeff)
      throw coseError('ERR_CBOR_FORBIDDEN', `Text starts with a byte order mark at byte ${start}`);
    return decoded;
  };

  const array = (length: number, depth: number): CborValue[] => {
    if (length > end - at)
      throw coseError('ERR_CBOR_MALFORMED', `Array of ${length} items, ${end - at} bytes left`);
    const out: CborValue[] = [];
    for (let i = 0; i < length; i++) out.push(item(depth + 1));
    return out;
  };

  const map = (pairs: number, depth: number): CborMap => {
    if (pairs * 2 > end - at)
      throw coseError('ERR_CBOR_MALFORMED', `Map of ${pairs} pairs, ${end - at} bytes left`);
    const out = new Map<number | string, CborValue>();
    let previous: Uint8Array | undefined;
    for (let i = 0; i < pairs; i++) {
      const start = at;
      const key = item(depth + 1);
      if (typeof key !== 'number' && typeof key !== 'string') {
        throw coseError('ERR_CBOR_FORBIDDEN', `Map key at byte ${start} is neither an integer nor text`);
      }
      const encoded = bytes.subarray(start, at);
      if (previous !== undefined && compareBytes(previous, encoded) >= 0) {
        throw coseError('ERR_CBOR_NOT_DETERMINISTIC', `Map keys not sorted or not unique at byte ${start}`);
      }
      previous = encoded;
      out.set(key, item(depth + 1));
    }
    return out;
  };

  const value = item(0);
  if (at !== end) throw coseError('ERR_CBOR_MALFORMED', `${end - at} bytes follow the document`);
  return value;
}
