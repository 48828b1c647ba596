import { sha256Hex } from '@kivyx-ota/core/sha256';
import { storageError } from './error.ts';
import { checkKey, checkPrefix } from './key.ts';
import { completeMetadata, sliceRange } from './metadata.ts';
import type { ObjectInfo, ObjectStorage } from './object-storage.ts';

const NAME = 'memory';

/**
 * An {@link ObjectStorage} in memory: for tests, and for trying things out. Everything is gone with the process.
 */
export function memoryStorage(): ObjectStorage {
  const objects = new Map<string, { readonly info: ObjectInfo; readonly body: Uint8Array }>();
  return {
    capabilities: { conditionalWrites: true },
    name: NAME,
    delete: async (key) => {
      checkKey(NAME, key);
      objects.delete(key);
    },
    get: async (key, { range, maxSizeBytes } = {}) => {
      checkKey(NAME, key);
      const found = objects.get(key);
      if (found === undefined) return undefined;
      if (maxSizeBytes !== undefined && found.info.sizeBytes > maxSizeBytes) {
        throw storageError(
          'ERR_STORAGE_TOO_LARGE',
          NAME,
          `${key} has ${found.info.sizeBytes} bytes, at most ${maxSizeBytes} wanted`,
        );
      }
      return { ...found.info, body: sliceRange(found.body, range) };
    },
    head: async (key) => {
      checkKey(NAME, key);
      return objects.get(key)?.info;
    },
    list: async (prefix, { cursor, limit = 1000 } = {}) => {
      checkPrefix(NAME, prefix);
      const keys = Array.from(objects.keys())
        .filter((key) => key.startsWith(prefix) && (cursor === undefined || key > cursor))
        .sort();
      const page = keys.slice(0, limit).map((key) => {
        const { etag, sizeBytes } = (objects.get(key) as { info: ObjectInfo }).info;
        return { etag, key, sizeBytes };
      });
      const last = page[page.length - 1];
      return keys.length > limit && last !== undefined
        ? { cursor: last.key, objects: page }
        : { objects: page };
    },
    put: async (key, bytes, options = {}) => {
      checkKey(NAME, key);
      const present = objects.get(key);
      if (options.ifAbsent === true && present !== undefined) return { written: false };
      if (options.ifMatch !== undefined && present?.info.etag !== options.ifMatch) return { written: false };
      const body = new Uint8Array(bytes);
      const etag = sha256Hex(body);
      objects.set(key, { body, info: { ...completeMetadata(options), etag, sizeBytes: body.length } });
      return { etag, written: true };
    },
  };
}
