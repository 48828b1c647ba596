import { isBytes } from '@kivyx-ota/core';
import { Encoder } from 'cbor-x/encode';
import { compareBytes } from './compare-bytes.ts';
import { decodeCbor } from './decode.ts';
import type { CborValue } from './value.ts';

const encoder: { encode(value: unknown): Uint8Array } = /* @__PURE__ */ (() =>
  new Encoder({
    mapsAsObjects: false,
    tagUint8Array: false,
    useRecords: false,
    useTag259ForMaps: false,
    variableMapSize: true,
  } as object))();

const MAX_DEPTH = 16;

/**
 * The one deterministic encoding of `value` (RFC 8949 §4.2.1): map entries are sorted here, so the order of
 * insertion does not matter. The result is read back like untrusted input before it is returned.
 *
 * @throws TypeError when `value` holds something the profile cannot (a float, undefined, an object, a lone
 * surrogate …).
 */
export function encodeCbor(value: CborValue): Uint8Array {
  const bytes = encodeRaw(normalise(value, 0));
  decodeCbor(bytes);
  return bytes;
}

// Copied: cbor-x returns views of a slab that it goes on writing to.
const encodeRaw = (value: unknown): Uint8Array => new Uint8Array(encoder.encode(value));

function normalise(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new TypeError(`encodeCbor: nested deeper than ${MAX_DEPTH}`);
  if (value === null || value === true || value === false) return value;
  if (typeof value === 'string') {
    if (hasLoneSurrogate(value)) throw new TypeError('encodeCbor: text holds a lone surrogate');
    return value;
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value))
      throw new TypeError(`encodeCbor: ${value} is not an integer within ±(2^53−1)`);
    // cbor-x writes numbers beyond 32 bits as floats; as BigInt they stay integers. −0 is 0.
    return value > 0xffffffff || value < -0x100000000 ? BigInt(value) : value === 0 ? 0 : value;
  }
  if (isBytes(value)) return value.constructor === Uint8Array ? value : new Uint8Array(value);
  if (Array.isArray(value)) return Array.from(value, (inner) => normalise(inner, depth + 1));
  if (value instanceof Map) {
    const entries: { readonly order: Uint8Array; readonly key: unknown; readonly inner: unknown }[] = [];
    value.forEach((inner: unknown, key: unknown) => {
      if (typeof key !== 'string' && typeof key !== 'number') {
        throw new TypeError(`encodeCbor: a map key is ${typeof key}, expected an integer or text`);
      }
      const plain = normalise(key, depth + 1);
      entries.push({ inner: normalise(inner, depth + 1), key: plain, order: encodeRaw(plain) });
    });
    entries.sort((a, b) => compareBytes(a.order, b.order));
    return new Map(entries.map(({ key, inner }) => [key, inner]));
  }
  throw new TypeError(`encodeCbor: cannot encode ${Object.prototype.toString.call(value)}`);
}

function hasLoneSurrogate(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    i++;
  }
  return false;
}
