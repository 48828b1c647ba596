import { type StorageError, storageError } from '@kivyx-ota/storage';

const NAME = 's3';

/** What the SDK throws, as far as it says what happened. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** HTTP status of an SDK error, 0 when there was no answer. */
export function statusOf(error: unknown): number {
  return (error as SdkError).$metadata?.httpStatusCode ?? 0;
}

/** True when a conditional write lost: S3 says 412, or 409 when two writers met; other servers choose either. */
export function lostTheRace(error: unknown): boolean {
  return statusOf(error) === 412 || statusOf(error) === 409;
}

/** An SDK error in the storage contract's words. */
export function toStorageError(what: string, error: unknown): StorageError {
  const { message = String(error), name = 'Error' } = error as SdkError;
  const status = statusOf(error);
  const text = `${what}: ${name}${status === 0 ? '' : ` (${status})`}: ${message}`;
  // No credentials, before anything was asked: no retry finds them.
  if (status === 403 || status === 401 || name === 'CredentialsProviderError')
    return storageError('ERR_STORAGE_DENIED', NAME, text, { cause: error });
  if (status === 507) return storageError('ERR_STORAGE_FULL', NAME, text, { cause: error });
  return storageError('ERR_STORAGE_UNAVAILABLE', NAME, text, { cause: error });
}
