import { sha256Hex } from '@kivyx-ota/core/sha256';
import { objectKey } from '@kivyx-ota/manifest';
import { inParallel } from '../in-parallel.ts';
import type { PublisherOptions } from '../options.ts';

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
const CONCURRENCY = 16;

/** Gives a file its address. */
export function addressFile(path: string, bytes: Uint8Array, mediaType: string): AddressedFile {
  return { bytes, mediaType, path, sha256Hex: sha256Hex(bytes) };
}

/** The files whose object is not in the storage yet, each object once. */
export async function missingObjects(
  { storage, uploadConcurrency = CONCURRENCY }: PublisherOptions,
  files: readonly AddressedFile[],
): Promise<readonly AddressedFile[]> {
  const unique = Array.from(new Map(files.map((file) => [file.sha256Hex, file])).values());
  const present = await inParallel(unique, uploadConcurrency, ({ sha256Hex: hash }) =>
    storage.head(objectKey(hash)),
  );
  // Another size under a content address can only be damage; writing it again heals it.
  return unique.filter(({ bytes }, i) => present[i]?.sizeBytes !== bytes.length);
}

/**
 * Uploads what is missing, compressed variants first, so that an object that is there has its variants too.
 */
export async function uploadObjects(
  options: PublisherOptions,
  files: readonly AddressedFile[],
): Promise<void> {
  const { onEvent, uploadConcurrency = CONCURRENCY } = options;
  const missing = new Set((await missingObjects(options, files)).map(({ sha256Hex: hash }) => hash));
  const totalBytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  let [done, doneBytes] = [0, 0];
  await inParallel(files, uploadConcurrency, async (file) => {
    const uploaded = missing.delete(file.sha256Hex);
    if (uploaded) await uploadObject(options, file);
    done++;
    doneBytes += file.bytes.length;
    onEvent?.({
      done,
      doneBytes,
      path: file.path,
      sha256Hex: file.sha256Hex,
      sizeBytes: file.bytes.length,
      total: files.length,
      totalBytes,
      type: 'object',
      uploaded,
    });
  });
}

async function uploadObject({ compress, storage }: PublisherOptions, file: AddressedFile): Promise<void> {
  const key = objectKey(file.sha256Hex);
  for (const { bytes, encoding } of (await compress?.(file.bytes, file.mediaType)) ?? []) {
    if (bytes.length >= file.bytes.length) continue;
    await storage.put(key + SUFFIX[encoding], bytes, {
      cacheControl: IMMUTABLE,
      contentEncoding: encoding,
      contentType: file.mediaType,
    });
  }
  await storage.put(key, file.bytes, { cacheControl: IMMUTABLE, contentType: file.mediaType });
}

/** What a device would download for an object that is stored: its smallest variant. */
export async function smallestStoredBytes(
  { compress, storage }: PublisherOptions,
  file: AddressedFile,
): Promise<number> {
  if (compress === undefined) return file.bytes.length;
  const variants = await Promise.all(
    Object.values(SUFFIX).map((suffix) => storage.head(objectKey(file.sha256Hex) + suffix)),
  );
  return variants.reduce((least, variant) => Math.min(least, variant?.sizeBytes ?? least), file.bytes.length);
}
