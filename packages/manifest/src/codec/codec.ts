import { bytesToHex, hexToBytes, isBytes } from '@kivyx-ota/core';
import type { CborValue } from '@kivyx-ota/cose';
import { manifestError } from '../error.ts';

/**
 * How a value looks in CBOR and in our API: compact integer keys there, names here; byte strings there, hex here.
 * Types and ranges are not checked here but by the schema of the document, on the value with names.
 */
export interface Codec {
  fromCbor(value: CborValue): unknown;
  toCbor(value: unknown): CborValue;
}

/** Text, integers, booleans and byte strings: the same on both sides. */
export const plain: Codec = { fromCbor: (value) => value, toCbor: (value) => value as CborValue };

/** A byte string there, lower-case hex here. */
export const hexBytes: Codec = {
  fromCbor: (value) => {
    if (!isBytes(value)) throw manifestError('ERR_DOCUMENT_SHAPE', 'A hash or key id is not a byte string');
    return bytesToHex(value);
  },
  toCbor: (value) => hexToBytes(value as string),
};

/** An array of what `inner` codes. */
export function list(inner: Codec): Codec {
  return {
    fromCbor: (value) => {
      if (!Array.isArray(value)) throw manifestError('ERR_DOCUMENT_SHAPE', 'Expected an array');
      return value.map((one: CborValue) => inner.fromCbor(one));
    },
    toCbor: (value) => (value as unknown[]).map((one) => inner.toCbor(one)),
  };
}

/** Member name → integer key, or [integer key, codec]. */
export type RecordKeys = Readonly<Record<string, number | readonly [number, Codec]>>;

/** A map with integer keys there, an object here. Absent members stay absent; unknown keys are refused. */
export function record(keys: RecordKeys): Codec {
  const members = Object.entries(keys).map(([name, entry]) => {
    const [key, codec] = typeof entry === 'number' ? [entry, plain] : entry;
    return { codec, key, name };
  });
  return {
    fromCbor: (value) => {
      if (!(value instanceof Map))
        throw manifestError('ERR_DOCUMENT_SHAPE', 'Expected a map with integer keys');
      const map = value as ReadonlyMap<number | string, CborValue>;
      const out: Record<string, unknown> = {};
      let known = 0;
      for (const { codec, key, name } of members) {
        const inner = map.get(key);
        if (inner === undefined) continue;
        known++;
        out[name] = codec.fromCbor(inner);
      }
      if (known !== map.size) {
        const stranger = Array.from(map.keys()).find((key) => !members.some((member) => member.key === key));
        throw manifestError(
          'ERR_DOCUMENT_SHAPE',
          `Unknown key ${JSON.stringify(stranger)}; a newer format version would say so`,
          { key: stranger },
        );
      }
      return out;
    },
    toCbor: (value) => {
      const out = new Map<number, CborValue>();
      for (const { codec, key, name } of members) {
        const inner = (value as Record<string, unknown>)[name];
        if (inner !== undefined) out.set(key, codec.toCbor(inner));
      }
      return out;
    },
  };
}

/** JSON without fractions: objects are maps with text keys. Depth is bounded by the CBOR profile. */
export const json: Codec = {
  fromCbor: (value): unknown => {
    if (Array.isArray(value)) return value.map((one: CborValue) => json.fromCbor(one));
    if (value instanceof Map) {
      const out: Record<string, unknown> = {};
      (value as ReadonlyMap<number | string, CborValue>).forEach((inner, key) => {
        // `__proto__` would not become a member but change the object.
        if (typeof key !== 'string' || key === '__proto__') {
          throw manifestError('ERR_DOCUMENT_SHAPE', `Key ${JSON.stringify(key)} may not stand here`, { key });
        }
        out[key] = json.fromCbor(inner);
      });
      return out;
    }
    if (isBytes(value)) throw manifestError('ERR_DOCUMENT_SHAPE', 'A byte string may not stand here');
    return value;
  },
  toCbor: (value): CborValue => {
    if (Array.isArray(value)) return value.map((one) => json.toCbor(one));
    if (typeof value === 'object' && value !== null) {
      return new Map(Object.entries(value).map(([key, inner]) => [key, json.toCbor(inner)]));
    }
    return value as CborValue;
  },
};
