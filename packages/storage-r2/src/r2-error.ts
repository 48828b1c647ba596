import { type StorageError, type StorageErrorCode, storageError } from '@kivyx-ota/storage';

/** The name of the adapter in messages. */
export const NAME = 'r2';

// https://developers.cloudflare.com/r2/api/error-codes: the number stands at the end of the message.
const CODES: Readonly<Record<number, StorageErrorCode>> = {
  10_002: 'ERR_STORAGE_DENIED',
  10_003: 'ERR_STORAGE_DENIED',
  10_042: 'ERR_STORAGE_DENIED',
  100_100: 'ERR_STORAGE_TOO_LARGE',
};

/** The number that R2 puts at the end of its messages; 0 when there is none. */
function numberOf(error: unknown): number {
  return Number(/\((\d{5,6})\)\s*$/.exec(error instanceof Error ? error.message : '')?.[1] ?? 0);
}

/** What the binding threw, in the storage contract's words. */
export function toStorageError(what: string, error: unknown): StorageError {
  const message = error instanceof Error ? error.message : String(error);
  return storageError(CODES[numberOf(error)] ?? 'ERR_STORAGE_UNAVAILABLE', NAME, `${what}: ${message}`, {
    cause: error,
  });
}
