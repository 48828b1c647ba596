import { Decoder } from 'cbor-x/decode-no-eval';
import { type CborLimits, scanCbor } from './scan.ts';
import type { CborValue } from './value.ts';

// `no-eval`: Hermes and workerd refuse `new Function`. Maps stay maps, integers stay numbers, and byte strings
// are copied so that no result keeps its document alive.
const decoder: { decode(bytes: Uint8Array): unknown } = /* @__PURE__ */ (() =>
  new Decoder({
    copyBuffers: true,
    int64AsNumber: true,
    mapsAsObjects: false,
    useRecords: false,
  } as object))();

/**
 * The value of `bytes` (untrusted), accepted only in the deterministic profile (docs/spec/cose.md).
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
  scanCbor(bytes, limits);
  // A plain Uint8Array of its own: given a Buffer, the decoder would hand Buffers out.
  return own(decoder.decode(bytes.slice())) as CborValue;
}

/** Where Buffer exists cbor-x may return it for byte strings; results are plain `Uint8Array` everywhere. */
function own(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return value.constructor === Uint8Array ? value : new Uint8Array(value);
  }
  if (Array.isArray(value)) return value.map(own);
  if (value instanceof Map) {
    const out = new Map<unknown, unknown>();
    value.forEach((inner, key) => out.set(key, own(inner)));
    return out;
  }
  return value;
}
