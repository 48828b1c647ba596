import { storageError } from './error.ts';
import { sliceRange } from './metadata.ts';
import type { ObjectStorage, StoredObject } from './object-storage.ts';

/** Options of {@link cached}. */
export interface CachedOptions {
  /** Bytes of objects that are kept at most. An object that is larger than all of it is never kept. */
  readonly maxBytes: number;
  /**
   * Keys under which the bytes never change once they are there; default `objects/`, `patches/` and `manifests/` of the layout. A channel
   * index must not be among them.
   */
  readonly isImmutable?: (key: string) => boolean;
}

const IMMUTABLE = /^(?:objects|patches|manifests)\//;

/**
 * Keeps what was read in memory, the least recently used going first; only immutable keys, so that nothing kept can be outdated. An
 * absent object is asked for again each time, a range of an object that is not kept is fetched alone.
 *
 * For those who read: servers, workers, `verify` of many channels. Others may delete what is kept here, so a publisher, which uploads
 * only what is missing, works on the storage itself.
 *
 * @throws RangeError when `maxBytes` is no positive integer
 */
export function cached(storage: ObjectStorage, options: CachedOptions): ObjectStorage {
  const { maxBytes } = options;
  const isImmutable = options.isImmutable ?? ((key: string) => IMMUTABLE.test(key));
  if (!Number.isSafeInteger(maxBytes) || maxBytes <= 0) {
    throw new RangeError(`cached: maxBytes must be a positive integer, got ${maxBytes}`);
  }
  // In the order of use, oldest first.
  const kept = new Map<string, StoredObject>();
  let keptBytes = 0;
  // Writes so far: a read that a write overtook may have the old bytes, and is not kept.
  let writes = 0;

  const forget = (key: string): void => {
    keptBytes -= kept.get(key)?.body.length ?? 0;
    kept.delete(key);
  };
  const recall = (key: string): StoredObject | undefined => {
    const found = kept.get(key);
    if (found !== undefined) {
      kept.delete(key);
      kept.set(key, found);
    }
    return found;
  };
  const keep = (key: string, object: StoredObject): void => {
    forget(key);
    if (object.body.length > maxBytes) return;
    kept.set(key, { ...object, body: object.body.slice() });
    keptBytes += object.body.length;
    for (const oldest of kept.keys()) {
      if (keptBytes <= maxBytes) return;
      forget(oldest);
    }
  };
  const writing = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    writes++;
    forget(key);
    try {
      return await work();
    } finally {
      writes++;
      forget(key);
    }
  };

  return {
    capabilities: storage.capabilities,
    delete: (key) => writing(key, () => storage.delete(key)),
    get: async (key, given = {}) => {
      const found = recall(key);
      if (found === undefined) {
        const before = writes;
        const object = await storage.get(key, given);
        if (object !== undefined && given.range === undefined && isImmutable(key) && writes === before) {
          keep(key, object);
        }
        return object;
      }
      if (given.maxSizeBytes !== undefined && found.sizeBytes > given.maxSizeBytes) {
        throw storageError(
          'ERR_STORAGE_TOO_LARGE',
          storage.name,
          `${key} has ${found.sizeBytes} bytes, at most ${given.maxSizeBytes} are wanted`,
        );
      }
      return { ...found, body: sliceRange(found.body, given.range) };
    },
    head: async (key) => {
      const found = recall(key);
      if (found === undefined) return storage.head(key);
      const { body: _body, ...info } = found;
      return info;
    },
    list: (prefix, given) => storage.list(prefix, given),
    name: storage.name,
    put: (key, body, given) => writing(key, () => storage.put(key, body, given)),
  };
}
