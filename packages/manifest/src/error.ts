import { OtaError } from '@kivyx-ota/core';

/** Why a document was refused. Cause and remedy of each code: README.md. */
export type ManifestErrorCode =
  | 'ERR_DOCUMENT_SIZE'
  | 'ERR_DOCUMENT_SHAPE'
  | 'ERR_DOCUMENT_VERSION'
  | 'ERR_DOCUMENT_PATH'
  | 'ERR_DOCUMENT_SCOPE'
  | 'ERR_ROOT_VERSION'
  | 'ERR_ROOT_CHAIN'
  | 'ERR_ROOT_EXPIRED'
  | 'ERR_ROOT_EPOCH'
  | 'ERR_ROOT_ROLE';

/** A refusal by this package. */
export type ManifestError = OtaError<ManifestErrorCode>;

/** The error for `code`. */
export function manifestError(
  code: ManifestErrorCode,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): ManifestError {
  return new OtaError(code, message, details === undefined ? {} : { details });
}
