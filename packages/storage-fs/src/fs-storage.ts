import {
  checkKey,
  checkPrefix,
  completeMetadata,
  type ObjectInfo,
  type ObjectMetadata,
  type ObjectStorage,
  type PutOptions,
  type PutResult,
  storageError,
} from '@kivyx-ota/storage';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, lstat, mkdir, open, readdir, readFile, realpath, unlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { replaceFile, syncFolder, writeNewFile } from './durable-write.ts';
import { withFileLock } from './file-lock.ts';
import { withTypedErrors } from './fs-error.ts';

/** Options of {@link fsStorage}. */
export interface FsStorageOptions {
  /** Made when it does not exist. Objects are plain files below it; `.kivyx` holds headers, locks and unfinished writes. */
  readonly directory: string;
}

const NAME = 'fs';
const PRIVATE = '.kivyx';

/**
 * An {@link ObjectStorage} in a folder: every object is a plain file under its key. Writes are flushed (file and folder)
 * and appear by rename or link, so a reader or a power cut meets the old object or the new one. Conditional writes hold
 * between processes on one machine; over a network file system only as well as its `link` and `open(O_EXCL)` do.
 */
export function fsStorage({ directory }: FsStorageOptions): ObjectStorage {
  // Content hashes of unchanged files (inode, size, times), so that `head` does not read a file twice.
  const known = new Map<string, { readonly stamp: string; readonly etag: string }>();
  let prepared:
    | Promise<{
        readonly root: string;
        readonly temporary: string;
        readonly headers: string;
        readonly locks: string;
      }>
    | undefined;

  const prepare = (): NonNullable<typeof prepared> =>
    (prepared ??= (async () => {
      const [temporary, headers, locks] = ['tmp', 'headers', 'locks'].map((name) =>
        join(directory, PRIVATE, name),
      ) as [string, string, string];
      for (const folder of [temporary, headers, locks]) await mkdir(folder, { recursive: true });
      return { headers, locks, root: await realpath(directory), temporary };
    })().catch((error: unknown) => {
      prepared = undefined;
      throw error;
    }));

  const pathOf = (key: string): string => {
    checkKey(NAME, key);
    if (key === PRIVATE || key.startsWith(`${PRIVATE}/`))
      throw storageError('ERR_STORAGE_KEY', NAME, `${key} is reserved`);
    return join(directory, ...key.split('/'));
  };

  /** The file behind a key, or undefined. A link out of the folder, or anything that is no file, is not an object. */
  const locate = async (
    path: string,
  ): Promise<{ readonly sizeBytes: number; readonly stamp: string } | undefined> => {
    const found = await lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (found === undefined || !found.isFile()) return undefined;
    const { root } = await prepare();
    const parent = await realpath(dirname(path));
    if (parent !== root && !parent.startsWith(root + sep)) return undefined;
    return {
      sizeBytes: Number(found.size),
      stamp: `${found.ino}-${found.size}-${found.mtimeNs}-${found.ctimeNs}`,
    };
  };

  const etagOf = async (path: string, stamp: string): Promise<string> => {
    const cached = known.get(path);
    if (cached?.stamp === stamp) return cached.etag;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
    const etag = hash.digest('hex');
    known.set(path, { etag, stamp });
    return etag;
  };

  // Headers are stored per key and content: written before the object appears, they always belong to the bytes.
  const headersPath = async (key: string, etag: string): Promise<string> =>
    join(
      (await prepare()).headers,
      `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.${etag.slice(0, 32)}.json`,
    );

  const readHeaders = async (key: string, etag: string): Promise<ObjectMetadata> => {
    try {
      return completeMetadata(
        JSON.parse(await readFile(await headersPath(key, etag), 'utf8')) as Partial<ObjectMetadata>,
      );
    } catch (error) {
      // A file somebody put here by hand has none.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError)
        return completeMetadata({});
      throw error;
    }
  };

  const info = async (key: string): Promise<ObjectInfo | undefined> => {
    const path = pathOf(key);
    const found = await locate(path);
    if (found === undefined) return undefined;
    const etag = await etagOf(path, found.stamp);
    return { ...(await readHeaders(key, etag)), etag, sizeBytes: found.sizeBytes };
  };

  const writeTemporary = async (bytes: Uint8Array): Promise<string> => {
    const path = join((await prepare()).temporary, randomUUID());
    await writeNewFile(path, bytes);
    return path;
  };

  const put = async (key: string, bytes: Uint8Array, options: PutOptions): Promise<PutResult> => {
    const path = pathOf(key);
    // Before the first await: the caller may reuse its buffer (clause 13).
    const body = new Uint8Array(bytes);
    const { locks } = await prepare();
    const etag = createHash('sha256').update(body).digest('hex');
    const temporary = await writeTemporary(body);
    let moved = false;
    try {
      await mkdir(dirname(path), { recursive: true });
      const headers = await writeTemporary(Buffer.from(JSON.stringify(completeMetadata(options))));
      await replaceFile(headers, await headersPath(key, etag));
      if (options.ifAbsent === true) {
        try {
          await link(temporary, path);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'EEXIST') return { written: false };
          throw error;
        }
        await syncFolder(dirname(path));
        return { etag, written: true };
      }
      const lock = join(locks, createHash('sha256').update(key).digest('hex').slice(0, 32));
      return await withFileLock(lock, async () => {
        if (options.ifMatch !== undefined && (await info(key))?.etag !== options.ifMatch)
          return { written: false };
        await replaceFile(temporary, path);
        moved = true;
        return { etag, written: true };
      });
    } finally {
      if (!moved) await unlink(temporary).catch(() => undefined);
    }
  };

  const listKeys = async (folder: string, prefix: string, into: string[]): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
      throw error;
    });
    for (const entry of entries) {
      const key = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      if (key === PRIVATE) continue;
      if (entry.isDirectory()) await listKeys(join(folder, entry.name), key, into);
      else if (entry.isFile()) into.push(key);
    }
  };

  return {
    capabilities: { conditionalWrites: true },
    name: NAME,
    delete: (key) =>
      withTypedErrors(`delete ${key}`, async () => {
        const path = pathOf(key);
        const found = await locate(path);
        if (found === undefined) return;
        await unlink(path).catch((error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error;
        });
        await syncFolder(dirname(path));
      }),
    get: (key, { range, maxSizeBytes } = {}) =>
      withTypedErrors(`get ${key}`, async () => {
        const path = pathOf(key);
        if ((await locate(path)) === undefined) return undefined;
        // One handle: whatever replaces the file meanwhile, these are the bytes of one version.
        const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        });
        if (handle === undefined) return undefined;
        try {
          const { size } = await handle.stat();
          if (maxSizeBytes !== undefined && size > maxSizeBytes) {
            throw storageError(
              'ERR_STORAGE_TOO_LARGE',
              NAME,
              `${key} has ${size} bytes, at most ${maxSizeBytes} wanted`,
            );
          }
          const whole = new Uint8Array(await handle.readFile());
          const etag = createHash('sha256').update(whole).digest('hex');
          const body = range === undefined ? whole : whole.slice(range.startByte, range.endByte + 1);
          return { ...(await readHeaders(key, etag)), body, etag, sizeBytes: size };
        } finally {
          await handle.close();
        }
      }),
    head: (key) => withTypedErrors(`head ${key}`, () => info(key)),
    list: (prefix, { cursor, limit = 1000 } = {}) =>
      withTypedErrors(`list ${prefix}`, async () => {
        checkPrefix(NAME, prefix);
        const folder = prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : '';
        const keys: string[] = [];
        await listKeys(join(directory, ...folder.split('/')), folder, keys);
        const wanted = keys
          .filter((key) => key.startsWith(prefix) && (cursor === undefined || key > cursor))
          .sort();
        const objects: { key: string; sizeBytes: number; etag: string }[] = [];
        for (const key of wanted.slice(0, limit)) {
          const found = await info(key);
          if (found !== undefined) objects.push({ etag: found.etag, key, sizeBytes: found.sizeBytes });
        }
        const last = wanted[limit - 1];
        return wanted.length > limit && last !== undefined ? { cursor: last, objects } : { objects };
      }),
    put: (key, bytes, options = {}) => withTypedErrors(`put ${key}`, () => put(key, bytes, options)),
  };
}
