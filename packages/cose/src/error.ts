import { OtaError } from '@kivyx-ota/core';

/**
 * Why bytes were refused. Cause and remedy of each code: README.md.
 */
export type CoseErrorCode =
  | 'ERR_CBOR_MALFORMED'
  | 'ERR_CBOR_NOT_DETERMINISTIC'
  | 'ERR_CBOR_FORBIDDEN'
  | 'ERR_CBOR_LIMIT'
  | 'ERR_COSE_STRUCTURE'
  | 'ERR_COSE_HEADER'
  | 'ERR_COSE_CRITICAL'
  | 'ERR_COSE_TYPE'
  | 'ERR_COSE_ALGORITHM'
  | 'ERR_COSE_KEY_UNKNOWN'
  | 'ERR_COSE_SIGNATURE'
  | 'ERR_COSE_THRESHOLD'
  | 'ERR_KEY_FORMAT'
  | 'ERR_KEY_CURVE'
  | 'ERR_KEY_POINT';

/** A refusal by this package. No part of the input is returned with it. */
export type CoseError = OtaError<CoseErrorCode>;

/** The error for `code`; `message` says what was expected and what came. */
export function coseError(
  code: CoseErrorCode,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): CoseError {
  return new OtaError(code, message, details === undefined ? {} : { details });
}
