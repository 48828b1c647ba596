import { isOtaError } from '@kivyx-ota/core';
import { type StorageErrorCode, storageError } from '@kivyx-ota/storage';

const CODES: Readonly<Record<string, readonly [StorageErrorCode, string]>> = {
  EACCES: ['ERR_STORAGE_DENIED', 'access denied'],
  EDQUOT: ['ERR_STORAGE_FULL', 'the quota is used up'],
  EEXIST: ['ERR_STORAGE_UNSUPPORTED', 'a key cannot be both an object and the folder of others'],
  EFBIG: ['ERR_STORAGE_FULL', 'the file is too large for the file system'],
  EISDIR: ['ERR_STORAGE_UNSUPPORTED', 'a key cannot be both an object and the folder of others'],
  ENAMETOOLONG: ['ERR_STORAGE_KEY', 'a segment of the key is too long for the file system'],
  ENOSPC: ['ERR_STORAGE_FULL', 'the disk is full'],
  ENOTDIR: ['ERR_STORAGE_UNSUPPORTED', 'a key cannot be both an object and the folder of others'],
  EPERM: ['ERR_STORAGE_DENIED', 'not permitted'],
  EROFS: ['ERR_STORAGE_DENIED', 'the file system is read-only'],
};

const WHERE: readonly StorageErrorCode[] = ['ERR_STORAGE_DENIED', 'ERR_STORAGE_FULL'];

/** Runs `work` and gives its system errors the codes of the contract. */
export async function withTypedErrors<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, path, syscall } = error as NodeJS.ErrnoException;
    if (isOtaError(error) || typeof code !== 'string' || syscall === undefined) throw error;
    const [mapped, words] = CODES[code] ?? ['ERR_STORAGE_UNAVAILABLE', `${code} in ${syscall}`];
    // Whose rights, which disk: the key alone does not tell.
    const where = path !== undefined && WHERE.includes(mapped) ? `, ${path}` : '';
    throw storageError(mapped, 'fs', `${what}: ${words}${where}`, {
      cause: error,
      details: { code, syscall },
    });
  }
}
