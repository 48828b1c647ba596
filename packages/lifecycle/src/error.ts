import { OtaError } from '@kivyx-ota/core';

/** Every code this package throws. Causes and remedies are in the README. */
export type LifecycleErrorCode =
  | 'ERR_LIFECYCLE_RECORD_CORRUPT'
  | 'ERR_LIFECYCLE_RECORD_NEWER'
  | 'ERR_LIFECYCLE_RECORD_TOO_LARGE';

export function lifecycleError(
  code: LifecycleErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): OtaError<LifecycleErrorCode> {
  return new OtaError(code, message, { details });
}
