import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import * as v from 'valibot';
import { manifestError } from '../error.ts';
import type { Codec } from './codec.ts';

/** One kind of document: its keys, its schema, its cap. */
export interface DocumentKind<T> {
  readonly name: string;
  readonly maxSizeBytes: number;
  readonly codec: Codec;
  readonly schema: v.GenericSchema<unknown, T>;
}

/**
 * The document inside `payload` (untrusted).
 *
 * @throws ERR_DOCUMENT_SIZE before anything is parsed
 * @throws ERR_DOCUMENT_VERSION when a newer reader is needed
 * @throws ERR_DOCUMENT_SHAPE, and ERR_CBOR_… of the CBOR profile
 */
export function parseDocument<T>(kind: DocumentKind<T>, payload: Uint8Array): T {
  if (payload.length > kind.maxSizeBytes) {
    throw manifestError(
      'ERR_DOCUMENT_SIZE',
      `${kind.name} of ${payload.length} bytes, at most ${kind.maxSizeBytes}`,
      {
        maxSizeBytes: kind.maxSizeBytes,
        sizeBytes: payload.length,
      },
    );
  }
  const decoded = decodeCbor(payload);
  checkFormatVersion(kind.name, decoded);
  return validate(kind, kind.codec.fromCbor(decoded));
}

/** The payload of `document`, checked with the same schema that the reader uses. */
export function documentToCbor<T>(kind: DocumentKind<T>, document: object): CborValue {
  const withVersion = { ...document, formatVersion: 1 };
  validate(kind, withVersion);
  return kind.codec.toCbor(withVersion);
}

/** @throws ERR_DOCUMENT_SHAPE naming the member */
function validate<T>(kind: DocumentKind<T>, document: unknown): T {
  const result = v.safeParse(kind.schema, document, { abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? 'the document';
  throw manifestError('ERR_DOCUMENT_SHAPE', `${kind.name}: ${where}: ${issue.message}`, { member: where });
}

function checkFormatVersion(name: string, decoded: CborValue): void {
  if (!(decoded instanceof Map)) throw manifestError('ERR_DOCUMENT_SHAPE', `${name}: expected a map`);
  const version: unknown = decoded.get(1);
  if (version !== 1) {
    throw manifestError(
      'ERR_DOCUMENT_VERSION',
      `${name}: format version ${JSON.stringify(version)}, this reader knows 1`,
      { version },
    );
  }
}
