import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { isOtaError } from '@kivyx-ota/core';
import {
  checkKey,
  completeMetadata,
  type ObjectInfo,
  type ObjectStorage,
  type PutOptions,
  type PutResult,
  storageError,
  type StoredObject,
} from '@kivyx-ota/storage';
import { lostTheRace, statusOf, toStorageError } from './s3-error.ts';

const NAME = 's3';
const PAGE = 1000;
/** Of a conditional write that is answered with 500. */
const ATTEMPTS = 4;

/** Options of {@link s3Storage}. */
export interface S3StorageOptions {
  /** The official SDK's client: region, credentials, endpoint and retries are its business. */
  readonly client: S3Client;
  readonly bucket: string;
  /**
   * Some servers accept `If-None-Match` and `If-Match` and ignore them; then eight of eight racers win. `probe` (default) finds out
   * before the first conditional write, with three requests. `trust` does not ask. `none`: they do not work here, bring a lock
   * (`withLock` of `@kivyx-ota/storage`).
   */
  readonly conditionalWrites?: 'probe' | 'trust' | 'none';
}

/**
 * Storage on S3, and on R2, Ceph and others that speak its protocol. One request per call, besides the probe.
 *
 * @example
 * ```ts
 * import { S3Client } from '@aws-sdk/client-s3';
 * import { s3Storage } from '@kivyx-ota/storage-s3';
 *
 * export const storage = s3Storage({ client: new S3Client({ region: 'eu-central-1' }), bucket: 'acme-ota' });
 * ```
 */
export function s3Storage({ bucket, client, conditionalWrites = 'probe' }: S3StorageOptions): ObjectStorage {
  let probed: Promise<void> | undefined;

  const send = async (
    key: string,
    body: Uint8Array,
    options: PutOptions,
    attempt = 1,
  ): Promise<PutResult> => {
    const { cacheControl, contentEncoding, contentType } = completeMetadata(options);
    try {
      const { ETag } = await client.send(
        new PutObjectCommand({
          Body: body,
          Bucket: bucket,
          CacheControl: cacheControl,
          ContentLength: body.length,
          ContentType: contentType,
          Key: key,
          ...(contentEncoding === undefined ? {} : { ContentEncoding: contentEncoding }),
          ...(options.ifAbsent === true ? { IfNoneMatch: '*' } : {}),
          // Without quotes: S3 takes both, Ceph only this.
          ...(options.ifMatch === undefined ? {} : { IfMatch: options.ifMatch }),
        }),
      );
      return { etag: unquoted(ETag), written: true };
    } catch (error) {
      const conditional = options.ifAbsent === true || options.ifMatch !== undefined;
      if (conditional && lostTheRace(error)) return { written: false };
      if (options.ifMatch !== undefined && statusOf(error) === 404) return { written: false };
      // Ceph says 500 to some of many who race for one version, and the SDK leaves it at that. Asked again, it tells who lost.
      if (conditional && statusOf(error) === 500 && attempt < ATTEMPTS)
        return send(key, body, options, attempt + 1);
      throw toStorageError(`put ${key}`, error);
    }
  };

  /** @throws ERR_STORAGE_UNSUPPORTED when the server ignores conditions */
  const probe = async (): Promise<void> => {
    const key = `kivyx-probe/${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
    const first = await send(key, Uint8Array.of(1), { ifAbsent: true });
    const second = await send(key, Uint8Array.of(2), { ifAbsent: true });
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    if (!first.written || second.written) {
      throw storageError(
        'ERR_STORAGE_UNSUPPORTED',
        NAME,
        `The server of bucket ${bucket} ignores If-None-Match: two publishers would overwrite each other. Use conditionalWrites: 'none' with a lock (withLock), or another server`,
      );
    }
  };

  return {
    capabilities: { conditionalWrites: conditionalWrites !== 'none' },
    delete: async (key) => {
      checkKey(NAME, key);
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })).catch((error: unknown) => {
        if (statusOf(error) !== 404) throw toStorageError(`delete ${key}`, error);
      });
    },
    get: async (key, { maxSizeBytes, range } = {}): Promise<StoredObject | undefined> => {
      checkKey(NAME, key);
      let answer: GetObjectCommandOutput;
      try {
        answer = await client.send(
          new GetObjectCommand({
            Bucket: bucket,
            Key: key,
            ...(range === undefined ? {} : { Range: `bytes=${range.startByte}-${range.endByte}` }),
          }),
        );
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        if (statusOf(error) === 416) {
          // A start beyond the end: nothing, of an object that is there.
          const info = await head(key);
          return info === undefined ? undefined : { ...info, body: new Uint8Array(0) };
        }
        throw toStorageError(`get ${key}`, error);
      }
      const sizeBytes = Number(answer.ContentRange?.split('/')[1] ?? answer.ContentLength ?? 0);
      const body = answer.Body as unknown as AsyncIterable<Uint8Array> & { destroy?: () => void };
      if (maxSizeBytes !== undefined && sizeBytes > maxSizeBytes) {
        body.destroy?.();
        throw storageError(
          'ERR_STORAGE_TOO_LARGE',
          NAME,
          `${key} has ${sizeBytes} bytes, at most ${maxSizeBytes} are wanted`,
        );
      }
      return { ...infoOf(answer, sizeBytes), body: await readAll(key, body, answer.ContentLength ?? 0) };
    },
    head,
    list: async (prefix, { cursor, limit = PAGE } = {}) => {
      if (prefix !== '') checkKey(NAME, prefix.replace(/\/$/, ''));
      try {
        const { Contents = [], NextContinuationToken } = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            MaxKeys: Math.min(limit, PAGE),
            Prefix: prefix,
            ...(cursor === undefined ? {} : { ContinuationToken: cursor }),
          }),
        );
        return {
          objects: Contents.map(({ ETag, Key = '', Size = 0 }) => ({
            etag: unquoted(ETag),
            key: Key,
            sizeBytes: Size,
          })),
          ...(NextContinuationToken === undefined ? {} : { cursor: NextContinuationToken }),
        };
      } catch (error) {
        throw toStorageError(`list ${prefix}`, error);
      }
    },
    name: NAME,
    put: async (key, body, options = {}) => {
      checkKey(NAME, key);
      // Before the first await: the caller may reuse its buffer.
      const copy = new Uint8Array(body);
      const conditional = options.ifAbsent === true || options.ifMatch !== undefined;
      if (conditional && conditionalWrites === 'none') {
        throw storageError(
          'ERR_STORAGE_UNSUPPORTED',
          NAME,
          'Conditional writes are switched off for this bucket; wrap the storage with withLock',
        );
      }
      if (conditional && conditionalWrites === 'probe') {
        probed ??= probe();
        await probed.catch((error: unknown) => {
          // What may heal is asked again the next time.
          if (!isOtaError(error, 'ERR_STORAGE_UNSUPPORTED')) probed = undefined;
          throw error;
        });
      }
      return send(key, copy, options);
    },
  };

  async function head(key: string): Promise<ObjectInfo | undefined> {
    checkKey(NAME, key);
    try {
      const answer = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return infoOf(answer, answer.ContentLength ?? 0);
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw toStorageError(`head ${key}`, error);
    }
  }
}

function unquoted(etag: string | undefined): string {
  return (etag ?? '').replace(/^"|"$/g, '');
}

function infoOf(
  { CacheControl, ContentEncoding, ContentType, ETag }: HeadObjectCommandOutput | GetObjectCommandOutput,
  sizeBytes: number,
): ObjectInfo {
  return {
    ...completeMetadata({
      ...(ContentType === undefined ? {} : { contentType: ContentType }),
      ...(CacheControl === undefined ? {} : { cacheControl: CacheControl }),
      ...(ContentEncoding === undefined || ContentEncoding === ''
        ? {}
        : { contentEncoding: ContentEncoding }),
    }),
    etag: unquoted(ETag),
    sizeBytes,
  };
}

async function readAll(key: string, stream: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  try {
    for await (const chunk of stream) {
      if (chunk.length > length - at)
        throw storageError('ERR_STORAGE_CORRUPT', NAME, `${key}: more bytes than announced`);
      bytes.set(chunk, at);
      at += chunk.length;
    }
  } catch (error) {
    throw isOtaError(error) ? error : toStorageError(`get ${key}`, error);
  }
  if (at !== length)
    throw storageError('ERR_STORAGE_UNAVAILABLE', NAME, `${key}: ${at} of ${length} bytes came`);
  return bytes;
}
