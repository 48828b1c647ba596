import { hexToBytes } from '@kivyx-ota/core';
import type { CborValue } from '@kivyx-ota/cose';
import { mismatch } from '../shape/read-shape.ts';
import type { Shape } from '../shape/shape.ts';

const MAX_DEPTH = 16;

/**
 * `value` of the API as it stands in CBOR. Only what has no CBOR form of this shape is refused here; what comes out is judged by
 * {@link readShape}, as on a device.
 *
 * @throws ERR_DOCUMENT_SHAPE
 */
export function writeShape(shape: Shape, value: unknown, where: string): CborValue {
  switch (shape.kind) {
    case 'hex':
      if (typeof value !== 'string' || !/^([0-9a-f]{2})*$/.test(value))
        throw mismatch(where, 'lower-case hex');
      return hexToBytes(value);
    case 'list':
      if (!Array.isArray(value)) throw mismatch(where, 'a list');
      return value.map((one, i) => writeShape(shape.of, one, `${where}.${i}`));
    case 'record': {
      if (typeof value !== 'object' || value === null) throw mismatch(where, 'an object');
      const out = new Map<number, CborValue>();
      for (const [name, inner] of Object.entries(value)) {
        const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
        if (member === undefined) throw mismatch(where, `no member ${JSON.stringify(name)}`);
        if (inner !== undefined) out.set(member[0], writeShape(member[1], inner, `${where}.${name}`));
      }
      return out;
    }
    case 'json':
      return writeJson(value, where, 0);
    default:
      return value as CborValue;
  }
}

function writeJson(value: unknown, where: string, depth: number): CborValue {
  if (depth > MAX_DEPTH) throw mismatch(where, `at most ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return value.map((one) => writeJson(one, where, depth + 1));
  if (typeof value !== 'object' || value === null) return value as CborValue;
  return new Map(Object.entries(value).map(([key, inner]) => [key, writeJson(inner, where, depth + 1)]));
}
