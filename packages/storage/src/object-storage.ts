/** What is stored beside the bytes. */
export interface ObjectMetadata {
  readonly contentType: string;
  readonly cacheControl: string;
  /** `br` or `gzip` when the bytes are a compressed form of what the key names. */
  readonly contentEncoding?: string;
}

/** What is known of an object without its bytes. */
export interface ObjectInfo extends ObjectMetadata {
  /** Opaque; changes exactly when the object is written. Without quotes. */
  readonly etag: string;
  readonly sizeBytes: number;
}

/** An object with its bytes (all, or the range that was asked for). */
export interface StoredObject extends ObjectInfo {
  readonly body: Uint8Array;
}

/** Part of an object: `endByte` is included, as in HTTP. */
export interface ByteRange {
  readonly startByte: number;
  readonly endByte: number;
}

/** Options of {@link ObjectStorage.put}. Without a condition the write replaces what is there. */
export interface PutOptions extends Partial<ObjectMetadata> {
  /** Write only if there is no object under the key. */
  readonly ifAbsent?: boolean;
  /** Write only if the object under the key has this etag. */
  readonly ifMatch?: string;
}

/** Losing a race is an outcome, not an error. */
export type PutResult = { readonly written: true; readonly etag: string } | { readonly written: false };

/** One page of {@link ObjectStorage.list}. */
export interface ListPage {
  readonly objects: readonly { readonly key: string; readonly sizeBytes: number; readonly etag: string }[];
  /** Present when there is more. */
  readonly cursor?: string;
}

/** What an adapter cannot do is said here, not found out in production. */
export interface StorageCapabilities {
  /** `ifAbsent` and `ifMatch` are atomic, also between processes and machines that share the storage. */
  readonly conditionalWrites: boolean;
}

/**
 * An object store, as small as publishing and serving need. The clauses are the specification; each has a case in
 * `@kivyx-ota/conformance`.
 *
 * 1. `get` of a key that was never written, or was deleted, is `undefined`; so is `head`.
 * 2. After `put` resolves, `get` gives exactly the bytes, and `head` their length.
 * 3. Content type, cache control and content encoding come back as they were put; absent ones are
 *    `application/octet-stream`, `no-store` and absent.
 * 4. A write is atomic: a reader sees the old object or the new one, whole, with its own metadata and etag.
 * 5. The etag differs after every write of other bytes, and is equal as long as nothing was written.
 * 6. `put` with `ifAbsent` over an existing object writes nothing and gives `{ written: false }`.
 * 7. `put` with `ifMatch` writes only if the etag is the current one; otherwise, also when there is no object,
 *    `{ written: false }` and nothing changed.
 * 8. Of any number of concurrent writers with the same condition exactly one gets `{ written: true }`.
 * 9. `get` with a range gives that part; an end beyond the object is cut, a start beyond it gives an empty body.
 *    `sizeBytes` is that of the whole object.
 * 10. `list` gives keys that start with the prefix, each once, in ascending byte order, page by page by `cursor`; a limit
 *     bounds the page, not the listing.
 * 11. `delete` of any key resolves; afterwards the key is absent. Deleting twice is fine.
 * 12. Keys and prefixes outside {@link checkKey} are refused with ERR_STORAGE_KEY by every method, and touch nothing.
 * 13. The adapter keeps no reference to bytes it was given, and gives out bytes that nobody else will change. `slice` of a Node Buffer
 *     is a view; `new Uint8Array(bytes)` copies.
 * 14. An empty object is an object.
 * 15. Errors are `OtaError` with a {@link StorageErrorCode}; what a retry may heal is `retryable`. Nothing half-written
 *     stays visible after one.
 * 16. An object whose size exceeds `maxSizeBytes` of `get` is refused with ERR_STORAGE_TOO_LARGE, without reading it whole.
 */
export interface ObjectStorage {
  /** For messages: `memory`, `fs`, `s3` … */
  readonly name: string;
  readonly capabilities: StorageCapabilities;
  get(
    key: string,
    options?: { readonly range?: ByteRange; readonly maxSizeBytes?: number },
  ): Promise<StoredObject | undefined>;
  head(key: string): Promise<ObjectInfo | undefined>;
  put(key: string, body: Uint8Array, options?: PutOptions): Promise<PutResult>;
  list(prefix: string, options?: { readonly cursor?: string; readonly limit?: number }): Promise<ListPage>;
  delete(key: string): Promise<void>;
}
