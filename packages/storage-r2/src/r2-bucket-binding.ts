/** Headers that R2 keeps beside an object. */
export interface R2Metadata {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentEncoding?: string;
}

/** What R2 says of an object. */
export interface R2Head {
  readonly key: string;
  /** Of the whole object, also when a range was asked for. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  readonly httpMetadata?: R2Metadata;
}

/** An object with its bytes, which are not read before they are asked for. */
export interface R2Body extends R2Head {
  readonly body: { cancel(): Promise<void> };
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Condition of a put; `*` stands for any etag. */
export interface R2Condition {
  readonly etagMatches?: string;
  readonly etagDoesNotMatch?: string;
}

/**
 * The part of an R2 binding that the storage uses. `R2Bucket` of `@cloudflare/workers-types`, of `wrangler types` and of Miniflare fits; this
 * package needs none of them.
 */
export interface R2BucketBinding {
  head(key: string): Promise<R2Head | null>;
  get(key: string, options?: { range?: { offset: number; length: number } }): Promise<R2Body | null>;
  /** `null` when the condition does not hold. */
  put(
    key: string,
    value: Uint8Array,
    options?: { onlyIf?: R2Condition; httpMetadata?: R2Metadata },
  ): Promise<R2Head | null>;
  list(options?: { prefix?: string; cursor?: string; limit?: number }): Promise<{
    readonly objects: readonly R2Head[];
    readonly truncated: boolean;
    readonly cursor?: string;
  }>;
  delete(key: string): Promise<void>;
}
