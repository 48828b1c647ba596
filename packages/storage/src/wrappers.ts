import type { ObjectStorage, PutOptions } from './object-storage.ts';

/**
 * The same storage below `prefix/`: several projects in one bucket.
 */
export function prefixed(storage: ObjectStorage, prefix: string): ObjectStorage {
  const base = prefix.endsWith('/') ? prefix : `${prefix}/`;
  return {
    capabilities: storage.capabilities,
    name: storage.name,
    delete: (key) => storage.delete(base + key),
    get: (key, options) => storage.get(base + key, options),
    head: (key) => storage.head(base + key),
    list: async (inner, options = {}) => {
      const cursor = options.cursor === undefined ? {} : { cursor: options.cursor };
      const page = await storage.list(base + inner, { ...options, ...cursor });
      return {
        ...page,
        objects: page.objects.map((object) => ({ ...object, key: object.key.slice(base.length) })),
      };
    },
    put: (key, body, options) => storage.put(base + key, body, options),
  };
}

/** Mutual exclusion over everybody who writes: `run` holds the lock called `name` while `work` runs. */
export interface Lock {
  run<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/**
 * Gives a storage without conditional writes the conditions, by a lock that all writers share. Only as good as the lock:
 * a writer that does not take it can still be overwritten.
 */
export function withLock(storage: ObjectStorage, lock: Lock): ObjectStorage {
  return {
    ...storage,
    capabilities: { ...storage.capabilities, conditionalWrites: true },
    put: (key, body, options: PutOptions = {}) => {
      const { ifAbsent, ifMatch, ...rest } = options;
      if (ifAbsent !== true && ifMatch === undefined) return storage.put(key, body, rest);
      return lock.run(key, async () => {
        const present = await storage.head(key);
        const holds = ifAbsent === true ? present === undefined : present?.etag === ifMatch;
        return holds ? storage.put(key, body, rest) : { written: false };
      });
    },
  };
}
