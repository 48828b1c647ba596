// The client stands a floor above this package, so its ports are written here by their shape. `packages/client` hands its own
// ports to the kits in its tests: a shape that has drifted does not type-check there.

/** Shape of the client's `FilesPort`. */
export interface FilesUnderTest {
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, bytes: Uint8Array): Promise<void>;
  append(path: string, bytes: Uint8Array): Promise<void>;
  sizeOf(path: string): Promise<number | undefined>;
  sha256File(path: string): Promise<string | undefined>;
  link(from: string, to: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  list(path: string): Promise<readonly string[]>;
  freeBytes?(): Promise<number | undefined>;
}

/** Shape of the client's `RecordsPort`. */
export interface RecordsUnderTest {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** Status and headers of an answer; header names in lower case. */
export interface HeadUnderTest {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Shape of the client's `HttpRequest`. */
export interface HttpRequestUnderTest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly idleTimeoutMs: number;
  readonly maxSizeBytes: number;
  readonly signal?: { readonly aborted: boolean };
  readonly onChunk?: (chunk: Uint8Array) => Promise<void> | void;
  readonly onHead?: (head: HeadUnderTest) => Promise<void> | void;
}

/** Shape of the client's `HttpPort`. */
export interface HttpUnderTest {
  get(request: HttpRequestUnderTest): Promise<HeadUnderTest & { readonly body: Uint8Array }>;
}

/** Shape of the client's `DownloadRequest`. */
export interface DownloadRequestUnderTest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly path: string;
  readonly offset: number;
  readonly maxSizeBytes: number;
  readonly idleTimeoutMs: number;
  readonly onProgress?: (fileSizeBytes: number) => void;
  readonly signal?: { readonly aborted: boolean };
}

/** Shape of the client's `DownloadPort`. */
export interface DownloadsUnderTest {
  toFile(request: DownloadRequestUnderTest): Promise<HeadUnderTest>;
}
