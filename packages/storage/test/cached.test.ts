import {
  cached,
  type CachedOptions,
  memoryStorage,
  type ObjectStorage,
  sliceRange,
  storageError,
  type StoredObject,
} from '@kivyx-ota/storage';
import { describe, expect, it } from 'vitest';

type Wrap = (storage: ObjectStorage, options: CachedOptions) => ObjectStorage;
const bytes = (length: number, fill = 1): Uint8Array => new Uint8Array(length).fill(fill);

/** A storage that counts what it is asked for. */
function counted(): { readonly storage: ObjectStorage; readonly calls: string[] } {
  const memory = memoryStorage();
  const calls: string[] = [];
  return {
    calls,
    storage: {
      ...memory,
      get: async (key, options) => {
        calls.push(`get ${key}`);
        return memory.get(key, options);
      },
      head: async (key) => {
        calls.push(`head ${key}`);
        return memory.head(key);
      },
    },
  };
}

// What a cache has to do; each case has a broken cache below that fails it and no other.
const CASES: Record<string, (wrap: Wrap) => Promise<void>> = {
  'asks once for an immutable object, and answers head and ranges from it': async (wrap) => {
    const { calls, storage } = counted();
    await storage.put('objects/a', Uint8Array.of(1, 2, 3, 4), { contentType: 'text/plain' });
    const cache = wrap(storage, { maxBytes: 100 });
    for (let i = 0; i < 3; i++) {
      expect((await cache.get('objects/a'))?.body).toEqual(Uint8Array.of(1, 2, 3, 4));
    }
    expect(await cache.get('objects/a', { range: { endByte: 2, startByte: 1 } })).toMatchObject({
      body: Uint8Array.of(2, 3),
      sizeBytes: 4,
    });
    expect(await cache.head('objects/a')).toEqual(await storage.head('objects/a'));
    expect(calls).toEqual(['get objects/a', 'head objects/a']);
  },
  'never keeps the index': async (wrap) => {
    const { storage } = counted();
    const key = 'channels/cafe/android/production/index.cose';
    const cache = wrap(storage, { maxBytes: 100 });
    await storage.put(key, bytes(1, 1));
    await cache.get(key);
    // By another publisher: the cache is not told.
    await storage.put(key, bytes(1, 2));
    expect((await cache.get(key))?.body).toEqual(bytes(1, 2));
    expect((await cache.head(key))?.etag).toBe((await storage.head(key))?.etag);
  },
  'never keeps that something is absent': async (wrap) => {
    const { storage } = counted();
    const cache = wrap(storage, { maxBytes: 100 });
    expect(await cache.get('objects/a')).toBeUndefined();
    await storage.put('objects/a', bytes(1));
    expect(await cache.get('objects/a')).toBeDefined();
  },
  'keeps no more than maxBytes': async (wrap) => {
    const { calls, storage } = counted();
    const cache = wrap(storage, { maxBytes: 100 });
    for (const name of ['a', 'b']) {
      await storage.put(`objects/${name}`, bytes(60));
      await cache.get(`objects/${name}`);
    }
    calls.length = 0;
    await cache.get('objects/a');
    expect(calls).toEqual(['get objects/a']);
  },
  'what was used last goes last': async (wrap) => {
    const { calls, storage } = counted();
    const cache = wrap(storage, { maxBytes: 100 });
    for (const name of ['a', 'b', 'c']) await storage.put(`objects/${name}`, bytes(40));
    for (const name of ['a', 'b', 'a', 'c']) await cache.get(`objects/${name}`);
    calls.length = 0;
    await cache.get('objects/a');
    expect(calls).toEqual([]);
  },
  'a part is not taken for the whole': async (wrap) => {
    const { storage } = counted();
    await storage.put('objects/a', Uint8Array.of(1, 2, 3, 4));
    const cache = wrap(storage, { maxBytes: 100 });
    await cache.get('objects/a', { range: { endByte: 1, startByte: 0 } });
    expect((await cache.get('objects/a'))?.body).toEqual(Uint8Array.of(1, 2, 3, 4));
  },
  'gives out bytes that are nobody else’s': async (wrap) => {
    const { storage } = counted();
    await storage.put('objects/a', bytes(4));
    const cache = wrap(storage, { maxBytes: 100 });
    (await cache.get('objects/a'))?.body.fill(9);
    (await cache.get('objects/a'))?.body.fill(9);
    expect((await cache.get('objects/a'))?.body).toEqual(bytes(4));
  },
  'refuses what is larger than maxSizeBytes from memory too': async (wrap) => {
    const { storage } = counted();
    await storage.put('objects/a', bytes(5));
    const cache = wrap(storage, { maxBytes: 100 });
    await cache.get('objects/a');
    await expect(cache.get('objects/a', { maxSizeBytes: 4 })).rejects.toMatchObject({
      code: 'ERR_STORAGE_TOO_LARGE',
    });
  },
  'forgets what is written or deleted through it': async (wrap) => {
    const { storage } = counted();
    const cache = wrap(storage, { maxBytes: 100 });
    await cache.put('objects/a', bytes(2, 1));
    await cache.get('objects/a');
    await cache.put('objects/a', bytes(3, 2));
    expect((await cache.get('objects/a'))?.body).toEqual(bytes(3, 2));
    await cache.delete('objects/a');
    expect(await cache.get('objects/a')).toBeUndefined();
  },
  'does not keep what a write overtook while it was read': async (wrap) => {
    const { storage } = counted();
    await storage.put('objects/a', bytes(1, 1));
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: ObjectStorage = {
      ...storage,
      get: async (key, options) => {
        const found = await storage.get(key, options);
        await gate;
        return found;
      },
    };
    const cache = wrap(slow, { maxBytes: 100 });
    const reading = cache.get('objects/a');
    await cache.put('objects/a', bytes(1, 2));
    release();
    await reading;
    expect((await cache.get('objects/a'))?.body).toEqual(bytes(1, 2));
  },
};

describe('cached', () => {
  it.each(Object.keys(CASES))('%s', async (name) => CASES[name]?.(cached));

  it.each([0, -1, 1.5, Number.NaN])('refuses maxBytes %s', (maxBytes) => {
    expect(() => cached(memoryStorage(), { maxBytes })).toThrow(RangeError);
  });

  it('an object larger than the cache passes through and drives nothing out', async () => {
    const { calls, storage } = counted();
    await storage.put('objects/small', bytes(10));
    await storage.put('objects/big', bytes(101));
    const cache = cached(storage, { maxBytes: 100 });
    await cache.get('objects/small');
    expect((await cache.get('objects/big'))?.body).toHaveLength(101);
    calls.length = 0;
    await cache.get('objects/small');
    await cache.get('objects/big');
    expect(calls).toEqual(['get objects/big']);
  });
});

// A second cache, written plainly, with one flaw at will; the cases must notice it, and must blame that flaw and no other.
function flawed(flaw: string): Wrap {
  return (storage, { maxBytes }) => {
    const kept = new Map<string, StoredObject | undefined>();
    let writes = 0;
    const size = (): number =>
      Array.from(kept.values()).reduce((sum, one) => sum + (one?.body.length ?? 0), 0);
    const change = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
      const result = await work();
      writes++;
      if (flaw !== 'forgets what is written or deleted through it') kept.delete(key);
      return result;
    };
    return {
      ...storage,
      delete: (key) => change(key, () => storage.delete(key)),
      get: async (key, given = {}) => {
        if (kept.has(key)) {
          const found = kept.get(key);
          if (found === undefined) return undefined;
          if (flaw !== 'what was used last goes last') {
            kept.delete(key);
            kept.set(key, found);
          }
          const { maxSizeBytes = Infinity, range } = given;
          const isTooLarge = found.sizeBytes > maxSizeBytes;
          if (isTooLarge && flaw !== 'refuses what is larger than maxSizeBytes from memory too')
            throw storageError('ERR_STORAGE_TOO_LARGE', 'flawed', key);
          const shared = flaw === 'gives out bytes that are nobody else’s' && range === undefined;
          return shared ? found : { ...found, body: sliceRange(found.body, range) };
        }
        const before = writes;
        const found = await storage.get(key, given);
        const isLate = writes !== before && flaw !== 'does not keep what a write overtook while it was read';
        const isPart = given.range !== undefined && flaw !== 'a part is not taken for the whole';
        const isMutable = key.startsWith('channels/') && flaw !== 'never keeps the index';
        const isAbsent = found === undefined && flaw !== 'never keeps that something is absent';
        if (isLate || isPart || isMutable || isAbsent) return found;
        kept.set(key, found === undefined ? found : { ...found, body: found.body.slice() });
        for (const oldest of kept.keys())
          if (size() > maxBytes && flaw !== 'keeps no more than maxBytes') kept.delete(oldest);
        return found;
      },
      head: async (key) => {
        const found = kept.get(key);
        if (
          found === undefined ||
          flaw === 'asks once for an immutable object, and answers head and ranges from it'
        )
          return storage.head(key);
        const { body: _body, ...info } = found;
        return info;
      },
      put: (key, body, given) => change(key, () => storage.put(key, body, given)),
    };
  };
}

describe('a broken cache fails exactly its own case', () => {
  it.each(['nothing', ...Object.keys(CASES)])('%s', async (flaw) => {
    const failed: string[] = [];
    for (const [title, run] of Object.entries(CASES)) await run(flawed(flaw)).catch(() => failed.push(title));
    expect(failed).toEqual(flaw === 'nothing' ? [] : [flaw]);
  });
});
