/** What an {@link OtaError} is made from. */
export interface OtaErrorOptions {
  /** True when the same call may succeed later without anything being changed (network, lost race, throttling). */
  readonly retryable?: boolean;
  /** Facts for a log or a bug report. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The error underneath. */
  readonly cause?: unknown;
}

/**
 * The one error class of the toolkit. `code` is from a closed union per package (`ERR_<AREA>_<WHAT>`) and is
 * stable; `message` is for people and says what was expected, what came and what to do.
 *
 * Wrong arguments by the programmer are `TypeError` / `RangeError` instead, and expected outcomes
 * (no update, not in the rollout) are values.
 *
 * @example
 * ```ts
 * import { OtaError } from '@kivyx-ota/core';
 *
 * const error = new OtaError('ERR_STORAGE_UNAVAILABLE', 'The bucket did not answer; try again.', { retryable: true });
 * ```
 */
export class OtaError<Code extends string = string> extends Error {
  override readonly name: string = 'OtaError';
  readonly code: Code;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: Code, message: string, options: OtaErrorOptions = {}) {
    super(message);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
    // Assigned by hand: the two-argument Error constructor is younger than some engines this runs on.
    if (options.cause !== undefined) this.cause = options.cause;
  }
}

/**
 * True when `value` is an {@link OtaError} (of any copy of this package, so it survives duplicated installs),
 * and, if given, has that `code`.
 */
export function isOtaError(value: unknown): value is OtaError;
export function isOtaError<Code extends string>(value: unknown, code: Code): value is OtaError<Code>;
export function isOtaError(value: unknown, code?: string): boolean {
  if (!(value instanceof Error) || value.name !== 'OtaError') return false;
  const actual = (value as { code?: unknown }).code;
  return typeof actual === 'string' && (code === undefined || actual === code);
}
