import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { manifestError } from '../error.ts';
import { readShape } from './read-shape.ts';
import type { Shape } from './shape.ts';

/** One kind of document: its shape (without the format version, key 1) and its cap. */
export interface DocumentKind<T> {
  readonly name: string;
  readonly maxSizeBytes: number;
  readonly shape: Shape;
  /** Only a type: what the shape reads to. */
  readonly document?: T;
}

/**
 * The document inside `payload` (untrusted).
 *
 * @throws ERR_DOCUMENT_SIZE before anything is parsed
 * @throws ERR_DOCUMENT_VERSION when a newer reader is needed
 * @throws ERR_DOCUMENT_SHAPE, and ERR_CBOR_… of the CBOR profile
 */
export function parseDocument<T>(kind: DocumentKind<T>, payload: Uint8Array): T {
  const { maxSizeBytes, name } = kind;
  const sizeBytes = payload.length;
  if (sizeBytes > maxSizeBytes) {
    throw manifestError('ERR_DOCUMENT_SIZE', `${name} of ${sizeBytes} bytes, at most ${maxSizeBytes}`, {
      maxSizeBytes,
      sizeBytes,
    });
  }
  return readDocument(kind, decodeCbor(payload));
}

/** {@link parseDocument} on what CBOR holds. */
export function readDocument<T>({ name, shape }: DocumentKind<T>, decoded: CborValue): T {
  if (!(decoded instanceof Map)) throw manifestError('ERR_DOCUMENT_SHAPE', `${name}: expected a map`);
  const members = new Map(decoded as ReadonlyMap<number | string, CborValue>);
  const version = members.get(1);
  if (version !== 1) {
    throw manifestError(
      'ERR_DOCUMENT_VERSION',
      `${name}: format version ${JSON.stringify(version)}, this reader knows 1`,
      { version },
    );
  }
  members.delete(1);
  return readShape(shape, members, name) as T;
}
