import { OtaError, type OtaErrorOptions } from '@kivyx-ota/core';

/** What this package throws. A policy that makes no sense is a `RangeError`. */
export type GuardrailErrorCode = 'ERR_GUARDRAIL_COUNTS';

/** An error of the guardrail. */
export type GuardrailError = OtaError<GuardrailErrorCode>;

export function guardrailError(
  code: GuardrailErrorCode,
  message: string,
  options: OtaErrorOptions = {},
): GuardrailError {
  return new OtaError(code, message, options);
}
