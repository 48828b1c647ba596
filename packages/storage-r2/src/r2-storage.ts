import {
  checkKey,
  checkPrefix,
  completeMetadata,
  type ObjectInfo,
  type ObjectStorage,
  storageError,
} from '@kivyx-ota/storage';
import type { R2Body, R2BucketBinding, R2Condition, R2Head } from './r2-bucket-binding.ts';
import { NAME, toStorageError } from './r2-error.ts';

/** R2 lists no more at once. */
const PAGE = 1000;

/** Options of {@link r2Storage}. */
export interface R2StorageOptions {
  /** The binding: `env.BUCKET` of a Worker, or `getR2Bucket` of Miniflare. */
  readonly bucket: R2BucketBinding;
}

/**
 * Storage on an R2 bucket, over the Workers binding: conditions are R2's own and atomic, one operation per call. R2 takes about one
 * write per second and key; what it refuses beyond that is ERR_STORAGE_UNAVAILABLE, which is retryable.
 *
 * @example
 * ```ts
 * import { r2Storage, type R2BucketBinding } from '@kivyx-ota/storage-r2';
 * import { createStaticHandler } from '@kivyx-ota/storage/http';
 *
 * export const worker = {
 *   fetch: (request: Request, env: { BUCKET: R2BucketBinding }): Promise<Response> =>
 *     createStaticHandler(r2Storage({ bucket: env.BUCKET }))(request),
 * };
 * ```
 */
export function r2Storage({ bucket }: R2StorageOptions): ObjectStorage {
  const head = async (key: string): Promise<ObjectInfo | undefined> => {
    checkKey(NAME, key);
    const found = await attempt(`head ${key}`, () => bucket.head(key));
    return found === null ? undefined : infoOf(found);
  };

  return {
    capabilities: { conditionalWrites: true },
    delete: async (key) => {
      checkKey(NAME, key);
      await attempt(`delete ${key}`, () => bucket.delete(key));
    },
    get: async (key, { maxSizeBytes, range } = {}) => {
      checkKey(NAME, key);
      let found: R2Body | null;
      try {
        found = await bucket.get(
          key,
          range === undefined
            ? {}
            : { range: { length: range.endByte - range.startByte + 1, offset: range.startByte } },
        );
      } catch (error) {
        // A start behind the end is an error of R2 (10039, in the simulator another), and nothing to us.
        const info = range === undefined ? undefined : await head(key).catch(() => undefined);
        if (range !== undefined && info !== undefined && range.startByte >= info.sizeBytes) {
          return { ...info, body: new Uint8Array(0) };
        }
        throw toStorageError(`get ${key}`, error);
      }
      if (found === null) return undefined;
      if (maxSizeBytes !== undefined && found.size > maxSizeBytes) {
        await found.body.cancel();
        throw storageError(
          'ERR_STORAGE_TOO_LARGE',
          NAME,
          `${key} has ${found.size} bytes, at most ${maxSizeBytes} are wanted`,
        );
      }
      const present = found;
      const body = await attempt(`get ${key}`, () => present.arrayBuffer());
      return { ...infoOf(found), body: new Uint8Array(body) };
    },
    head,
    list: async (prefix, { cursor, limit = PAGE } = {}) => {
      checkPrefix(NAME, prefix);
      const page = await attempt(`list ${prefix}`, () =>
        bucket.list({
          limit: Math.min(limit, PAGE),
          prefix,
          ...(cursor === undefined ? {} : { cursor }),
        }),
      );
      return {
        objects: page.objects.map(({ etag, key, size }) => ({ etag, key, sizeBytes: size })),
        ...(page.truncated && page.cursor !== undefined ? { cursor: page.cursor } : {}),
      };
    },
    name: NAME,
    put: async (key, body, options = {}) => {
      checkKey(NAME, key);
      // Before the first await: the caller may reuse its buffer.
      const copy = new Uint8Array(body);
      const onlyIf: R2Condition = {
        ...(options.ifAbsent === true ? { etagDoesNotMatch: '*' } : {}),
        ...(options.ifMatch === undefined ? {} : { etagMatches: options.ifMatch }),
      };
      const conditional = Object.keys(onlyIf).length > 0;
      const written = await attempt(`put ${key}`, () =>
        bucket.put(key, copy, {
          httpMetadata: completeMetadata(options),
          ...(conditional ? { onlyIf } : {}),
        }),
      );
      return written === null ? { written: false } : { etag: written.etag, written: true };
    },
  };
}

async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toStorageError(what, error);
  }
}

function infoOf({ etag, httpMetadata = {}, size }: R2Head): ObjectInfo {
  const { cacheControl, contentEncoding, contentType } = httpMetadata;
  return {
    ...completeMetadata({
      ...(contentType === undefined ? {} : { contentType }),
      ...(cacheControl === undefined ? {} : { cacheControl }),
      ...(contentEncoding === undefined ? {} : { contentEncoding }),
    }),
    etag,
    sizeBytes: size,
  };
}
