import { type ConformanceCase, storageCases } from '@kivyx-ota/conformance';
import {
  cached,
  memoryStorage,
  type ObjectStorage,
  prefixed,
  storageError,
  withLock,
} from '@kivyx-ota/storage';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

describe('memory', () => {
  it.each(storageCases({ create: memoryStorage }))('$title', async ({ run }: ConformanceCase) => run());
});

describe('memory below a prefix', () => {
  it.each(storageCases({ create: () => prefixed(memoryStorage(), 'team') }))(
    '$title',
    async ({ run }: ConformanceCase) => run(),
  );
});

describe('memory behind a cache that keeps everything', () => {
  it.each(
    storageCases({
      create: () => cached(memoryStorage(), { isImmutable: () => true, maxBytes: 1_000_000 }),
    }),
  )('$title', async ({ run }: ConformanceCase) => run());
});

describe('a storage without conditions, behind a lock', () => {
  const create = (): ObjectStorage => {
    const plain = memoryStorage();
    const blind: ObjectStorage = {
      ...plain,
      capabilities: { conditionalWrites: false },
      put: (key, body, { ifAbsent: _a, ifMatch: _m, ...rest } = {}) => plain.put(key, body, rest),
    };
    let last: Promise<unknown> = Promise.resolve();
    return withLock(blind, {
      run: (_name, work) => {
        const next = last.then(work);
        last = next.catch(() => undefined);
        return next;
      },
    });
  };
  it('says that it has them', () => {
    expect(create().capabilities.conditionalWrites).toBe(true);
  });
  it.each(storageCases({ create }))('$title', async ({ run }: ConformanceCase) => run());
});

// Each breaks one clause; the kit must notice, and must blame that clause and no other.
type Break = (good: ObjectStorage) => Partial<ObjectStorage>;
const BROKEN: Record<string, Break> = {
  'storage/1-absent': (good) => ({
    head: async (key) =>
      key === 'objects/never'
        ? { cacheControl: '', contentType: '', etag: '', sizeBytes: 0 }
        : good.head(key),
  }),
  'storage/2-bytes': (good) => ({
    put: (key, body, options) =>
      good.put(key, body.length > 60_000 && body[0] !== body[1] ? body.slice(0, 65_536) : body, options),
  }),
  'storage/2-encoded': (good) => ({
    // As `fetch` and some SDKs do by themselves.
    get: async (key, options) => {
      const found = await good.get(key, options);
      return found?.contentEncoding === 'gzip'
        ? { ...found, body: new Uint8Array(gunzipSync(found.body)) }
        : found;
    },
  }),
  'storage/3-metadata': (good) => ({
    put: (key, body, { contentEncoding: _lost, ...options } = {}) => good.put(key, body, options),
  }),
  'storage/3-metadata-defaults': (good) => ({
    put: (key, body, options) => good.put(key, body, { cacheControl: 'max-age=60', ...options }),
  }),
  'storage/4-atomic': (good) => ({
    put: async (key, body, options) => {
      if (body.length > 40_000 && body[0] === body[1]) {
        await good.put(key, body.slice(0, 100), options);
        for (let i = 0; i < 5; i++) await Promise.resolve();
      }
      return good.put(key, body, options);
    },
  }),
  'storage/5-etag': (good) => ({
    list: async (prefix, options) => {
      const page = await good.list(prefix, options);
      return { ...page, objects: page.objects.map((object) => ({ ...object, etag: 'x' })) };
    },
  }),
  'storage/6-if-absent': (good) => ({
    put: async (key, body, options) => {
      const result = await good.put(key, body, options);
      // Writes although it says it did not, as servers do that ignore If-None-Match; races and empty objects aside.
      if (!result.written && options?.ifAbsent === true && body[0] === 50) await good.put(key, body);
      return result;
    },
  }),
  'storage/7-if-match': (good) => ({
    put: (key, body, options = {}) => good.put(key, body, body[0] === 51 && body.length === 1 ? {} : options),
  }),
  'storage/7-if-match-absent': (good) => ({
    put: (key, body, options = {}) => good.put(key, body, options.ifMatch === 'abc' ? {} : options),
  }),
  'storage/8-race-absent': (good) => ({
    put: async (key, body, options) => {
      if (options?.ifAbsent !== true || body[0] !== 119) return good.put(key, body, options);
      if ((await good.get(key)) !== undefined) return { written: false };
      return good.put(key, body);
    },
  }),
  'storage/8-race-match': (good) => ({
    put: async (key, body, options = {}) => {
      if (options.ifMatch === undefined || body[1] !== 32) return good.put(key, body, options);
      if ((await good.head(key))?.etag !== options.ifMatch) return { written: false };
      return good.put(key, body);
    },
  }),
  'storage/9-range': (good) => ({
    get: (key, options = {}) =>
      good.get(
        key,
        options.range === undefined
          ? options
          : { ...options, range: { ...options.range, endByte: options.range.endByte - 1 } },
      ),
  }),
  'storage/10-list': (good) => ({
    list: async (prefix, options = {}) => {
      const page = await good.list(prefix, options);
      return options.cursor === undefined ? page : { ...page, objects: page.objects.slice(1) };
    },
  }),
  'storage/11-delete': (good) => ({
    delete: async (key) => {
      if ((await good.head(key)) === undefined) {
        const { checkKey } = await import('@kivyx-ota/storage');
        checkKey('broken', key);
        throw storageError('ERR_STORAGE_UNAVAILABLE', 'broken', 'no such object');
      }
      return good.delete(key);
    },
  }),
  'storage/12-keys': (good) => ({ head: async (key) => (key.includes('..') ? undefined : good.head(key)) }),
  'storage/13-ownership': (good) => ({
    put: async (key, body, options) => {
      const copied = Object.hasOwn(body, 'slice') ? new Uint8Array(body) : body;
      await Promise.resolve();
      return good.put(key, copied, options);
    },
  }),
  'storage/13-ownership-buffer': (good) => ({
    put: async (key, body, options) => {
      const copy = body.slice();
      await Promise.resolve();
      return good.put(key, copy, options);
    },
  }),
  'storage/14-empty': (good) => ({
    head: async (key) => {
      const found = await good.head(key);
      return found?.sizeBytes === 0 ? undefined : found;
    },
  }),
  'storage/16-max-size': (good) => ({
    get: (key, { maxSizeBytes: _ignored, ...options } = {}) => good.get(key, options),
  }),
};

describe('a broken adapter fails exactly its own case', () => {
  it('there is one for every case', () => {
    expect(Object.keys(BROKEN).toSorted()).toEqual(
      storageCases({ create: memoryStorage })
        .map(({ id }) => id)
        .toSorted(),
    );
  });
  it.each(Object.keys(BROKEN))('%s', async (id) => {
    const cases = storageCases({
      create: () => {
        const good = memoryStorage();
        return { ...good, ...(BROKEN[id] as Break)(good) };
      },
    });
    const failed: string[] = [];
    for (const one of cases) await one.run().catch(() => failed.push(one.id));
    expect(failed).toEqual([id]);
  });
});
