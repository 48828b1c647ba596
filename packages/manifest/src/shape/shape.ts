import { LIMITS } from '../limits.ts';

/**
 * What a value of a document looks like, as data: integer keys, byte strings and counts in CBOR; names, hex and numbers in the API.
 * Readers, writers and the published JSON Schemas are made from this one description.
 */
export type Shape =
  /** Text that matches `pattern`, which allows ASCII only. */
  | { readonly kind: 'text'; readonly pattern: RegExp }
  /** Text for people or exact comparison: printable, one line, 1 … `max` bytes of UTF-8. */
  | { readonly kind: 'line'; readonly max: number }
  | { readonly kind: 'path' }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'boolean' }
  /** A byte string of `size`, lower-case hex in the API. */
  | { readonly kind: 'hex'; readonly size: number }
  | { readonly kind: 'bytes' }
  /** Maps with text keys, arrays, text, integers and booleans, of which `holds` is true. */
  | { readonly kind: 'json'; readonly holds: (value: unknown) => boolean; readonly expected: string }
  | {
      readonly kind: 'list';
      readonly of: Shape;
      readonly min: number;
      readonly max: number;
      readonly checks: readonly Check[];
    }
  /** Unknown members refuse a record; a newer format version would announce them. */
  | {
      readonly kind: 'record';
      readonly members: Readonly<Record<string, Member | OptionalMember>>;
      readonly checks: readonly Check[];
    };

/** Key in CBOR, and what is there. */
export type Member = readonly [key: number, shape: Shape];
export type OptionalMember = readonly [key: number, shape: Shape, presence: 'optional'];

/** What no shape of a single value can say, and the words for it. */
// oxlint-disable-next-line typescript/no-explicit-any -- a check sees only what has just been read in its shape
export type Check<T = any> = readonly [holds: (value: T) => boolean, expected: string];

export function record<T>(
  members: { readonly [K in keyof T]-?: {} extends Pick<T, K> ? OptionalMember : Member },
  ...checks: readonly Check<T>[]
): Shape {
  return { checks, kind: 'record', members };
}

export function list<T>(
  of: Shape,
  min: number,
  max: number,
  ...checks: readonly Check<readonly T[]>[]
): Shape {
  return { checks, kind: 'list', max, min, of };
}

export function text(pattern: RegExp): Shape {
  return { kind: 'text', pattern };
}

export function line(max: number): Shape {
  return { kind: 'line', max };
}

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Shape {
  return { kind: 'integer', max, min };
}

export function word(...words: readonly string[]): Shape {
  return { kind: 'word', words };
}

/** Parts of storage keys and scopes: no separators, no leading dot. */
export const identifier: Shape = /* @__PURE__ */ text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);

/** `embedded` is how a way down names the bundle inside the binary. */
export const releaseId: Shape = /* @__PURE__ */ text(/^(?!embedded$)[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);

export const platform: Shape = /* @__PURE__ */ word('android', 'ios');

export const sha256: Shape = { kind: 'hex', size: 32 };

export const objectSize: Shape = /* @__PURE__ */ integer(0, LIMITS.objectSizeBytes);
