import { coseError } from '../error.ts';

/** How much a document may hold before it is looked at any further. */
export interface CborLimits {
  /** Nesting of arrays and maps. Default 16. */
  readonly maxDepth?: number;
  /** Data items in all. Default 200,000. */
  readonly maxItems?: number;
}

const MAX_SAFE = 9007199254740991;

/**
 * Accepts exactly the deterministic profile: RFC 8949 §4.2.1 (definite lengths, shortest heads, sorted unique
 * keys) without floats, tags and simple values other than false, true and null; well-formed UTF-8 without a
 * leading byte order mark. Runs before every decode and after every encode, because decoders are lenient by
 * design. Nothing is allocated for what a length claims: a claim is compared with the bytes that are left.
 *
 * One pass, O(n); `bytes` is untrusted.
 *
 * @throws ERR_CBOR_MALFORMED, ERR_CBOR_NOT_DETERMINISTIC, ERR_CBOR_FORBIDDEN, ERR_CBOR_LIMIT
 */
export function scanCbor(bytes: Uint8Array, limits: CborLimits = {}): void {
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

  const item = (depth: number): void => {
    if (++items > maxItems) throw coseError('ERR_CBOR_LIMIT', `More than ${maxItems} items`);
    if (depth > maxDepth) throw coseError('ERR_CBOR_LIMIT', `Nested deeper than ${maxDepth}`);
    const argument = head();
    const left = end - at;
    switch (major) {
      case 0:
        return;
      case 1:
        if (argument >= MAX_SAFE)
          throw coseError('ERR_CBOR_FORBIDDEN', `Integer below −(2^53−1) before byte ${at}`);
        return;
      case 2:
      case 3:
        if (argument > left)
          throw coseError('ERR_CBOR_MALFORMED', `String of ${argument} bytes, ${left} left`);
        if (major === 3) checkUtf8(bytes, at, at + argument);
        at += argument;
        return;
      case 4:
        if (argument > left)
          throw coseError('ERR_CBOR_MALFORMED', `Array of ${argument} items, ${left} bytes left`);
        for (let i = 0; i < argument; i++) item(depth + 1);
        return;
      case 5:
        if (argument * 2 > left)
          throw coseError('ERR_CBOR_MALFORMED', `Map of ${argument} pairs, ${left} bytes left`);
        map(argument, depth);
        return;
      case 6:
        throw coseError('ERR_CBOR_FORBIDDEN', `Tag ${argument} before byte ${at}`);
      default:
        if (argument < 20 || argument > 22) {
          throw coseError('ERR_CBOR_FORBIDDEN', `Simple value ${argument} before byte ${at}`);
        }
    }
  };

  const map = (pairs: number, depth: number): void => {
    let previousStart = 0;
    let previousEnd = 0;
    for (let i = 0; i < pairs; i++) {
      const start = at;
      item(depth + 1);
      const kind = (bytes[start] as number) >> 5;
      if (kind !== 0 && kind !== 1 && kind !== 3) {
        throw coseError('ERR_CBOR_FORBIDDEN', `Map key at byte ${start} is neither an integer nor text`);
      }
      if (i > 0 && compareRanges(bytes, previousStart, previousEnd, start, at) >= 0) {
        throw coseError('ERR_CBOR_NOT_DETERMINISTIC', `Map keys not sorted or not unique at byte ${start}`);
      }
      previousStart = start;
      previousEnd = at;
      item(depth + 1);
    }
  };

  item(0);
  if (at !== end) throw coseError('ERR_CBOR_MALFORMED', `${end - at} bytes follow the document`);
}

/** Bytewise lexicographic order of encoded keys (RFC 8949 §4.2.1). */
function compareRanges(
  bytes: Uint8Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number,
): number {
  const length = Math.min(aEnd - aStart, bEnd - bStart);
  for (let i = 0; i < length; i++) {
    const difference = (bytes[aStart + i] as number) - (bytes[bStart + i] as number);
    if (difference !== 0) return difference;
  }
  return aEnd - aStart - (bEnd - bStart);
}

/** RFC 3629, without building the string. */
function checkUtf8(bytes: Uint8Array, start: number, end: number): void {
  const bad = (at: number): Error => coseError('ERR_CBOR_MALFORMED', `Text is not UTF-8 at byte ${at}`);
  if (end - start > 2 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) {
    throw coseError('ERR_CBOR_FORBIDDEN', `Text starts with a byte order mark at byte ${start}`);
  }
  let at = start;
  while (at < end) {
    const first = bytes[at++] as number;
    if (first < 0x80) continue;
    const more =
      first >= 0xc2 && first <= 0xdf
        ? 1
        : first >= 0xe0 && first <= 0xef
          ? 2
          : first >= 0xf0 && first <= 0xf4
            ? 3
            : 0;
    if (more === 0 || at + more > end) throw bad(at - 1);
    // The second byte carries what excludes overlong forms, surrogates and values above U+10FFFF.
    const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
    const second = bytes[at] as number;
    if (second < low || second > high) throw bad(at);
    for (let i = 1; i < more; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) throw bad(at + i);
    at += more;
  }
}
