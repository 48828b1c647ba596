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

/**
 * Goes on only where `holds`. Nobody can mend a damaged patch, so a device carries no sentences about it: a word of `where` at most.
 *
 * @throws ERR_DELTA_CORRUPT
 */
export function mustHold(holds: boolean, where = 'structure'): void {
  if (!holds) throw deltaError('ERR_DELTA_CORRUPT', `The patch is damaged: ${where}`);
}
