import { OtaError, type OtaErrorOptions } from '@kivyx-ota/core';

/** What an adapter may throw. Everything else is a bug in the adapter. */
export type DatabaseErrorCode = 'ERR_DATABASE_UNAVAILABLE' | 'ERR_DATABASE_CURSOR' | 'ERR_DATABASE_CORRUPT';

/** An error of a database adapter. */
export type DatabaseError = OtaError<DatabaseErrorCode>;

/** Adapters make their errors with this, so that code, wording and `retryable` agree. */
export function databaseError(
  code: DatabaseErrorCode,
  adapter: string,
  message: string,
  options: OtaErrorOptions = {},
): DatabaseError {
  return new OtaError(code, `[${adapter}] ${message}`, {
    retryable: code === 'ERR_DATABASE_UNAVAILABLE',
    ...options,
  });
}
