import { isBytes, isSha256Hex, type Sha256Hex } from '@kivyx-ota/core';
import { sha256Hex as plainSha256Hex } from '@kivyx-ota/core/sha256';
import { lifecycleError } from './error.ts';
import { RECORD_MAX_BYTES } from './limits.ts';

/** A SHA-256 that returns lower-case hex: by default the plain ECMAScript one of `@kivyx-ota/core`. */
export type HashHex = (bytes: Uint8Array) => Sha256Hex;

/** How one value is written. `parse` gives `undefined` for every spelling that `format` would not produce. */
export interface FieldType<T> {
  readonly parse: (text: string) => T | undefined;
  readonly format: (value: T) => string | undefined;
}

/** One line of a record: its key in the file and the property of the typed record. */
export type RecordField<R> = {
  [P in keyof R & string]: { readonly key: string; readonly property: P; readonly type: FieldType<R[P]> };
}[keyof R & string];

export interface TextRecordShape<R> {
  /** Four letters, e.g. `OTAB`; the schema version follows them on the first line. */
  readonly magic: string;
  readonly version: number;
  readonly fields: readonly RecordField<R>[];
  /** Rules between fields. Returns what is wrong, or nothing. */
  readonly check?: (record: R) => string | undefined;
}

/** What one slot file holds. */
export type SlotReading<R> =
  | { readonly kind: 'record'; readonly record: R }
  | { readonly kind: 'corrupt'; readonly why: string }
  | { readonly kind: 'newer'; readonly version: string };

const SEAL_LENGTH = 7 + 64 + 1;
const MAX_INTEGER_TEXT = '9007199254740991';

export const integerField: FieldType<number> = {
  // By text, so that 2^53 (which a double rounds into range) is refused in every language alike.
  parse: (text) => {
    if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
    return text.length === 16 && text > MAX_INTEGER_TEXT ? undefined : Number(text);
  },
  format: (value) => (Number.isSafeInteger(value) && value >= 0 ? String(value) : undefined),
};

export const hashField: FieldType<string> = {
  parse: (text) => (text === '' || isSha256Hex(text) ? text : undefined),
  format: (value) => (value === '' || isSha256Hex(value) ? value : undefined),
};

const BINARY_ID = /^[A-Za-z0-9._:+-]{0,128}$/;

export const binaryIdField: FieldType<string> = {
  parse: (text) => (BINARY_ID.test(text) ? text : undefined),
  format: (value) => (typeof value === 'string' && BINARY_ID.test(value) ? value : undefined),
};

/**
 * Writes a record. Fixed key order, one line each, closed by the hash of everything before it.
 *
 * @throws RangeError naming the property that has no spelling.
 * @throws ERR_LIFECYCLE_RECORD_TOO_LARGE
 */
export function encodeTextRecord<R>(
  shape: TextRecordShape<R>,
  record: R,
  hashHex: HashHex = plainSha256Hex,
): Uint8Array {
  let text = `${shape.magic}${shape.version}\n`;
  for (const { key, property, type } of shape.fields) {
    const value = (type as FieldType<R[keyof R]>).format(record[property]);
    if (value === undefined) {
      throw new RangeError(
        `${shape.magic} record: ${property} cannot be written: ${String(record[property])}`,
      );
    }
    text += `${key}=${value}\n`;
  }
  const problem = shape.check?.(record);
  if (problem !== undefined) throw new RangeError(`${shape.magic} record: ${problem}`);
  const sealed = asciiBytes(`${text}sha256=${hashHex(asciiBytes(text))}\n`);
  if (sealed.length > RECORD_MAX_BYTES) {
    throw lifecycleError(
      'ERR_LIFECYCLE_RECORD_TOO_LARGE',
      `A ${shape.magic} record of ${sealed.length} bytes; at most ${RECORD_MAX_BYTES}.`,
      { sizeBytes: sealed.length },
    );
  }
  return sealed;
}

/**
 * Reads a record (untrusted bytes). Never throws: a slot that cannot be read is an expected outcome.
 *
 * A first line with the right letters and a higher version is `newer`, whatever follows: its checksum rule
 * may be another one.
 */
export function readTextRecord<R>(
  shape: TextRecordShape<R>,
  bytes: Uint8Array,
  hashHex: HashHex = plainSha256Hex,
): SlotReading<R> {
  if (!isBytes(bytes)) throw new TypeError('readTextRecord: expected a Uint8Array');
  const version = schemaVersion(shape.magic, bytes);
  if (version === undefined) return corrupt('the first line is not its magic');
  if (version !== String(shape.version)) {
    const newer = version.length > 1 || Number(version) > shape.version;
    return newer ? { kind: 'newer', version } : corrupt(`schema ${version} never existed`);
  }
  if (bytes.length > RECORD_MAX_BYTES) return corrupt(`longer than ${RECORD_MAX_BYTES} bytes`);
  const text = asciiText(bytes);
  if (text === undefined) return corrupt('a byte that is neither a line feed nor printable ASCII');
  const sealAt = text.length - SEAL_LENGTH;
  if (sealAt < 0 || text.charAt(text.length - 1) !== '\n') return corrupt('the last line is not complete');
  if (text.charAt(sealAt - 1) !== '\n' || text.slice(sealAt, sealAt + 7) !== 'sha256=') {
    return corrupt('the last line is not the checksum');
  }
  if (text.slice(sealAt + 7, -1) !== hashHex(bytes.subarray(0, sealAt))) return corrupt('wrong checksum');

  const lines = text.slice(0, sealAt - 1).split('\n');
  if (lines.length !== shape.fields.length + 1) return corrupt('a line too many or too few');
  const record: Record<string, unknown> = {};
  for (let i = 0; i < shape.fields.length; i++) {
    const { key, property, type } = shape.fields[i] as RecordField<R>;
    const line = lines[i + 1] as string;
    if (line.slice(0, key.length + 1) !== `${key}=`) return corrupt(`line ${i + 2} is not ${key}`);
    const value = type.parse(line.slice(key.length + 1));
    if (value === undefined) return corrupt(`${key} has a value that is not allowed`);
    record[property] = value;
  }
  const problem = shape.check?.(record as R);
  return problem === undefined ? { kind: 'record', record: record as R } : corrupt(problem);
}

/** {@link readTextRecord} for callers who want an exception. */
export function parseTextRecord<R>(shape: TextRecordShape<R>, bytes: Uint8Array, hashHex?: HashHex): R {
  const reading = readTextRecord(shape, bytes, hashHex);
  if (reading.kind === 'record') return reading.record;
  if (reading.kind === 'newer') {
    throw lifecycleError(
      'ERR_LIFECYCLE_RECORD_NEWER',
      `A ${shape.magic} record of schema ${reading.version}; this version reads ${shape.version}.`,
    );
  }
  throw lifecycleError('ERR_LIFECYCLE_RECORD_CORRUPT', `Not a ${shape.magic} record: ${reading.why}.`);
}

/** The digits between `magic` and the first line feed. */
function schemaVersion(magic: string, bytes: Uint8Array): string | undefined {
  for (let i = 0; i < magic.length; i++) if (bytes[i] !== magic.charCodeAt(i)) return undefined;
  let digits = '';
  for (let i = magic.length; i < bytes.length && digits.length < 10; i++) {
    const byte = bytes[i] as number;
    if (byte === 10) return /^[1-9][0-9]*$/.test(digits) ? digits : undefined;
    digits += String.fromCharCode(byte);
  }
  return undefined;
}

function corrupt(why: string): { kind: 'corrupt'; why: string } {
  return { kind: 'corrupt', why };
}

/** Only printable ASCII and line feeds: there is nothing to normalise, so no two parsers can differ. */
function asciiText(bytes: Uint8Array): string | undefined {
  let text = '';
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte !== 10 && (byte < 32 || byte > 126)) return undefined;
    text += String.fromCharCode(byte);
  }
  return text;
}

function asciiBytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}
