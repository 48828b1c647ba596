import { OtaError, type OtaErrorOptions } from '@kivyx-ota/core';

/** What an adapter may throw. Everything else is a bug in the adapter. */
export type StorageErrorCode =
  | 'ERR_STORAGE_KEY'
  | 'ERR_STORAGE_UNAVAILABLE'
  | 'ERR_STORAGE_FULL'
  | 'ERR_STORAGE_DENIED'
  | 'ERR_STORAGE_CORRUPT'
  | 'ERR_STORAGE_TOO_LARGE'
  | 'ERR_STORAGE_UNSUPPORTED';

/** An error of a storage adapter. */
export type StorageError = OtaError<StorageErrorCode>;

/** Adapters make their errors with this, so that code, wording and `retryable` agree. */
export function storageError(
  code: StorageErrorCode,
  adapter: string,
  message: string,
  options: OtaErrorOptions = {},
): StorageError {
  return new OtaError(code, `[${adapter}] ${message}`, {
    retryable: code === 'ERR_STORAGE_UNAVAILABLE',
    ...options,
  });
}
