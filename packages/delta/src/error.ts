import { OtaError } from '@kivyx-ota/core';

/** Why a patch was not applied. Cause and remedy of each code: README.md. */
export type DeltaErrorCode =
  | 'ERR_DELTA_FORMAT'
  | 'ERR_DELTA_UNKNOWN_FORMAT'
  | 'ERR_DELTA_CORRUPT'
  | 'ERR_DELTA_LIMIT'
  | 'ERR_DELTA_BASE'
  | 'ERR_DELTA_TARGET'
  | 'ERR_DELTA_ABORTED';

/** A refusal by this package: nothing was made. */
export type DeltaError = OtaError<DeltaErrorCode>;

/** The error for `code`. */
export function deltaError(
  code: DeltaErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): DeltaError {
  return new OtaError(code, message, { details });
}
