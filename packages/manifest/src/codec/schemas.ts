// Schemas shared by the three documents. Each stands in a function of its own, marked pure: a valibot schema
// at top level cannot be dropped by bundlers (measured: 59 bytes became 3.3 kB).
import * as v from 'valibot';
import { LIMITS } from '../limits.ts';
import { isReleasePath } from '../paths.ts';
import { textSizeBytes } from './text-size.ts';

type Text = v.GenericSchema<string>;
type Count = v.GenericSchema<number>;

/** Parts of storage keys and scopes: no separators, no leading dot. */
export const identifier: Text = /* @__PURE__ */ (() =>
  v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'expected [A-Za-z0-9][A-Za-z0-9._-]{0,127}'),
  ))();

/** `embedded` is how a way down names the bundle inside the binary. */
export const releaseId: Text = /* @__PURE__ */ (() =>
  v.pipe(identifier, v.notValue('embedded', 'no release may be called embedded')))();

/** Text for people or exact comparison: printable, one line, 1 … `maxSizeBytes` of UTF-8. */
export function line(maxSizeBytes: number): Text {
  return v.pipe(
    v.string(),
    v.check(
      (text) => text !== '' && (textSizeBytes(text) ?? Infinity) <= maxSizeBytes && isPrintable(text),
      `expected one line of text, at most ${maxSizeBytes} bytes`,
    ),
  );
}

function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 32 || unit === 127) return false;
  }
  return true;
}

export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): Count {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));
}

export const sha256: Text = /* @__PURE__ */ (() =>
  v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'expected a SHA-256')))();

export const kid: Text = /* @__PURE__ */ (() =>
  v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/, 'expected a key id of 16 bytes')))();

export const platform: v.GenericSchema<'android' | 'ios'> = /* @__PURE__ */ (() =>
  v.picklist(['android', 'ios']))();

export const path: Text = /* @__PURE__ */ (() =>
  v.pipe(
    v.string(),
    v.check(isReleasePath, 'expected a relative path of [A-Za-z0-9._@+/-] without . or .. segments'),
  ))();

export const objectSize: Count = /* @__PURE__ */ (() => integer(0, LIMITS.objectSizeBytes))();

export const mediaType: Text = /* @__PURE__ */ (() =>
  v.pipe(
    v.string(),
    v.maxLength(127),
    v.regex(/^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+$/, 'expected a media type in lower case'),
  ))();

/** A release says in exactly one of two ways which binaries it runs in. */
export function hasOneRuntime(value: {
  readonly runtimeVersion?: string | undefined;
  readonly binaryVersion?: string | undefined;
}): boolean {
  return (value.runtimeVersion === undefined) !== (value.binaryVersion === undefined);
}
