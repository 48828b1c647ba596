export { cached, type CachedOptions } from './cached.ts';
export { type StorageError, type StorageErrorCode, storageError } from './error.ts';
export { checkKey, checkPrefix } from './key.ts';
export { memoryStorage } from './memory-storage.ts';
export { completeMetadata, sliceRange } from './metadata.ts';
export type {
  ByteRange,
  ListPage,
  ObjectInfo,
  ObjectMetadata,
  ObjectStorage,
  PutOptions,
  PutResult,
  StorageCapabilities,
  StoredObject,
} from './object-storage.ts';
export { type Lock, prefixed, withLock } from './wrappers.ts';
