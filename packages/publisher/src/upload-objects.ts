import { sha256Hex } from '@kivyx-ota/core/sha256';
import { objectKey } from '@kivyx-ota/manifest';
import type { ObjectStorage } from '@kivyx-ota/storage';
import type { PublisherOptions } from './options.ts';

/** A file with its address. */
export interface AddressedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly sha256Hex: string;
}

/** What immutable objects are served with. */
export const IMMUTABLE = 'public, max-age=31536000, immutable';
const SUFFIX = { br: '.br', gzip: '.gz' } as const;

/** Gives a file its address. */
export function addressFile(path: string, bytes: Uint8Array, mediaType: string): AddressedFile {
  return { bytes, mediaType, path, sha256Hex: sha256Hex(bytes) };
}

/** The files whose object is not in the storage yet, each object once. */
export async function missingObjects(
  storage: ObjectStorage,
  files: readonly AddressedFile[],
): Promise<readonly AddressedFile[]> {
  const missing: AddressedFile[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    if (seen.has(file.sha256Hex)) continue;
    seen.add(file.sha256Hex);
    const present = await storage.head(objectKey(file.sha256Hex));
    // Another size under a content address can only be damage; writing it again heals it.
    if (present?.sizeBytes !== file.bytes.length) missing.push(file);
  }
  return missing;
}

/**
 * Uploads what is missing, compressed variants first, so that an object that is there has its variants too. Gives the
 * smallest stored size of every file.
 */
export async function uploadObjects(
  options: PublisherOptions,
  files: readonly AddressedFile[],
): Promise<ReadonlyMap<string, number>> {
  const { storage, compress, onEvent } = options;
  const missing = new Set((await missingObjects(storage, files)).map(({ sha256Hex: hash }) => hash));
  const smallest = new Map<string, number>();
  for (const [done, file] of files.entries()) {
    const upload = missing.has(file.sha256Hex);
    missing.delete(file.sha256Hex);
    const variants = (await compress?.(file.bytes, file.mediaType)) ?? [];
    smallest.set(
      file.sha256Hex,
      variants.reduce((least, { bytes }) => Math.min(least, bytes.length), file.bytes.length),
    );
    if (upload) {
      const key = objectKey(file.sha256Hex);
      for (const { bytes, encoding } of variants) {
        if (bytes.length >= file.bytes.length) continue;
        await storage.put(key + SUFFIX[encoding], bytes, {
          cacheControl: IMMUTABLE,
          contentEncoding: encoding,
          contentType: file.mediaType,
        });
      }
      await storage.put(key, file.bytes, { cacheControl: IMMUTABLE, contentType: file.mediaType });
    }
    onEvent?.({
      done: done + 1,
      path: file.path,
      sha256Hex: file.sha256Hex,
      sizeBytes: file.bytes.length,
      total: files.length,
      type: 'object',
      uploaded: upload,
    });
  }
  return smallest;
}
