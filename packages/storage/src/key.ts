import { storageError } from './error.ts';

/**
 * Refuses keys that do not mean the same everywhere: `/`-separated segments of `[A-Za-z0-9._@+-]`, not empty, not `.` or
 * `..`, not ending in a dot, at most 512 bytes.
 *
 * @throws ERR_STORAGE_KEY
 */
export function checkKey(adapter: string, key: string): void {
  const ok =
    typeof key === 'string' &&
    key.length <= 512 &&
    key.split('/').every((segment) => /^[A-Za-z0-9._@+-]+$/.test(segment) && !segment.endsWith('.'));
  if (!ok) {
    throw storageError(
      'ERR_STORAGE_KEY',
      adapter,
      `${JSON.stringify(key)} is no storage key: [A-Za-z0-9._@+-] in segments, 512 bytes at most`,
      {
        details: { key },
      },
    );
  }
}

/** Refuses prefixes that no key could have; the empty prefix and one that ends in `/` are fine. @throws ERR_STORAGE_KEY */
export function checkPrefix(adapter: string, prefix: string): void {
  if (prefix !== '') checkKey(adapter, prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
}
