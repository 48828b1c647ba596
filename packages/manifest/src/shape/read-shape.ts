import { bytesToHex, isBytes } from '@kivyx-ota/core';
import type { CborMap, CborValue } from '@kivyx-ota/cose';
import { manifestError } from '../error.ts';
import { isReleasePath } from '../paths.ts';
import type { Shape } from './shape.ts';
import { textSizeBytes } from './text-size.ts';

/**
 * What `value` (untrusted) means in the API, when it has this shape. `where` is its place for the error.
 *
 * @throws ERR_DOCUMENT_SHAPE
 */
export function readShape(shape: Shape, value: CborValue | undefined, where: string): unknown {
  switch (shape.kind) {
    case 'text':
      if (typeof value === 'string' && shape.pattern.test(value)) return value;
      throw mismatch(where, shape.pattern.source);
    case 'line':
      if (typeof value === 'string' && isLine(value, shape.max)) return value;
      throw mismatch(where, `one line of at most ${shape.max} bytes`);
    case 'path':
      if (typeof value === 'string' && isReleasePath(value)) return value;
      break;
    case 'word':
      if (shape.words.includes(value as string)) return value;
      throw mismatch(where, shape.words.join(', '));
    case 'integer':
      if (Number.isSafeInteger(value) && (value as number) >= shape.min && (value as number) <= shape.max)
        return value;
      throw mismatch(where, `an integer from ${shape.min} to ${shape.max}`);
    case 'boolean':
      if (typeof value === 'boolean') return value;
      break;
    case 'hex':
      if (isBytes(value) && value.length === shape.size) return bytesToHex(value);
      throw mismatch(where, `${shape.size} bytes`);
    case 'bytes':
      if (isBytes(value)) return value;
      break;
    case 'json': {
      const json = readJson(value);
      if (shape.holds(json)) return json;
      throw mismatch(where, shape.expected);
    }
    default: {
      const made =
        shape.kind === 'list' ? readList(shape, value, where) : readRecord(shape.members, value, where);
      for (const [holds, expected] of shape.checks) if (!holds(made)) throw mismatch(where, expected);
      return made;
    }
  }
  throw mismatch(where, shape.kind);
}

/** The error for a value that is not as it has to be. */
export function mismatch(where: string, expected: string): Error {
  return manifestError('ERR_DOCUMENT_SHAPE', `${where}: expected ${expected}`, { member: where });
}

function readList(
  { of, min, max }: Shape & { readonly kind: 'list' },
  value: CborValue | undefined,
  where: string,
): unknown[] {
  if (!Array.isArray(value) || value.length < min || value.length > max)
    throw mismatch(where, `a list of ${min} to ${max}`);
  return value.map((one: CborValue, i) => readShape(of, one, `${where}.${i}`));
}

function readRecord(
  members: (Shape & { readonly kind: 'record' })['members'],
  value: CborValue | undefined,
  where: string,
): Record<string, unknown> {
  if (!(value instanceof Map)) throw mismatch(where, 'a map');
  const map = value as CborMap;
  const out: Record<string, unknown> = {};
  let known = 0;
  Object.keys(members).forEach((name) => {
    const [key, shape, presence] = members[name] as readonly [number, Shape, 'optional'?];
    const inner = map.get(key);
    if (inner === undefined && presence !== undefined) return;
    known++;
    out[name] = readShape(shape, inner, `${where}.${name}`);
  });
  if (known !== map.size) throw mismatch(where, 'no other members');
  return out;
}

/** `undefined` for what JSON of ours does not hold. Depth is bounded by the CBOR profile. */
function readJson(value: CborValue | undefined): unknown {
  if (Array.isArray(value)) return value.map((one: CborValue) => readJson(one));
  if (!(value instanceof Map)) return isBytes(value) ? undefined : value;
  const out: Record<string, unknown> = {};
  let isPlain = true;
  (value as CborMap).forEach((inner, key) => {
    // `__proto__` would not become a member but change the object.
    if (typeof key !== 'string' || key === '__proto__') isPlain = false;
    else out[key] = readJson(inner);
  });
  return isPlain ? out : undefined;
}

function isLine(text: string, maxSizeBytes: number): boolean {
  // Control characters, and what has no UTF-8 form.
  // oxlint-disable-next-line no-control-regex
  return text !== '' && !/[\0-\x1f\x7f]/.test(text) && (textSizeBytes(text) ?? Infinity) <= maxSizeBytes;
}
