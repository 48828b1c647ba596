import type { Clock, Random } from '@kivyx-ota/core';

/** Asks a running call to stop. An `AbortSignal` fits. */
export interface StopSignal {
  readonly aborted: boolean;
}

/** One GET. Header names are lower case. */
export interface HttpRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Longest wait for the first byte and between bytes. */
  readonly idleTimeoutMs: number;
  /** Reading stops, and the call fails, as soon as more than this has come. */
  readonly maxSizeBytes: number;
  readonly signal?: StopSignal;
  /** Where the body goes, in order; when absent it is collected. A rejected promise stops the transfer. */
  readonly onChunk?: (chunk: Uint8Array) => Promise<void> | void;
  /** Called before the body, when the status and headers are known; a thrown error stops the transfer. */
  readonly onHead?: (head: HttpHead) => Promise<void> | void;
}

export interface HttpHead {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpResponse extends HttpHead {
  /** Empty when `onChunk` took it. Content encodings are undone by the transport. */
  readonly body: Uint8Array;
}

/**
 * The network. Clauses, each with its case in `@kivyx-ota/conformance/client`:
 *
 * 1. The body comes byte for byte: collected, or in order to `onChunk`, never both.
 * 2. Header names are lower case in the answer; those of the request are sent as given.
 * 3. Redirects are not followed: a redirect comes back as its status, and the client decides.
 * 4. Every status is an answer. Only where there is no answer is there a rejection.
 * 5. `onHead` is called once, before the first chunk. What it throws stops the transfer and is the rejection.
 * 6. So is what `onChunk` throws.
 * 7. More than `maxSizeBytes` is a rejection (ERR_CLIENT_TOO_LARGE where it can tell).
 * 8. So is nothing for `idleTimeoutMs` (ERR_CLIENT_TIMEOUT where it can tell); slow is not nothing.
 * 9. Content encodings are undone; a range is asked for without any.
 * 10. No connection, and an answer that breaks off, are rejections.
 * 11. A signal that is set stops the transfer, at the next chunk at the latest.
 */
export interface HttpPort {
  get(request: HttpRequest): Promise<HttpResponse>;
}

/** One GET into a file. */
export interface DownloadRequest {
  readonly url: string;
  /** `range` is set when `offset` is not 0. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of the files port. */
  readonly path: string;
  /** Bytes of the file that stay. */
  readonly offset: number;
  /** Of the whole file; a transfer that goes beyond it is stopped. */
  readonly maxSizeBytes: number;
  readonly idleTimeoutMs: number;
  /** Size of the file now; called as often as convenient. */
  readonly onProgress?: (fileSizeBytes: number) => void;
  readonly signal?: StopSignal;
}

/**
 * Downloads of the platform, straight into a file, for platforms whose HTTP gives bodies to JavaScript only whole.
 *
 * 1. No redirects are followed: a redirect is a status.
 * 2. 206: the body goes after the first `offset` bytes of the file. 200: the body replaces the file. Any other status: the file
 *    stays as it is and the body is thrown away.
 * 3. When the transfer breaks, what has come stays in the file, and the promise rejects.
 * 4. A transfer that goes beyond `maxSizeBytes` is stopped and rejects.
 * 5. So is one whose signal is set.
 * 6. So is one from which nothing comes for `idleTimeoutMs`; slow is not nothing.
 * 7. `onProgress` tells the size of the whole file, with the bytes that stayed.
 * 8. Headers are sent as given and come back with lower-case names; no other file is left behind.
 *
 * Libraries that cannot do 1 or 3 are usable all the same: the hash decides about the bytes. Cases: `@kivyx-ota/conformance/client`.
 */
export interface DownloadPort {
  toFile(request: DownloadRequest): Promise<HttpHead>;
}

/**
 * Files below one folder of the app, by `/`-separated relative paths. Everything is private to the update client. Clauses, each
 * with its case in `@kivyx-ota/conformance/client`:
 *
 * 1. What is not there is `undefined` (or no names), and no error.
 * 2. `write` makes or replaces the whole file, with its folders; `read` gives the bytes back. An empty file is a file.
 * 3. `append` adds to the end and makes the file when absent.
 * 4. `sizeOf` counts bytes.
 * 5. `sha256File` gives lower-case hex.
 * 6. After `link` both names have the bytes, and neither is touched when the other is removed or written.
 * 7. `rename` moves a file, or a folder with all in it, and makes the folders it needs; it rejects when there is nothing to move.
 * 8. `remove` takes a file, or a folder with all in it; absent is fine.
 * 9. `list` gives the names directly in a folder, of files and folders.
 * 10. A name is a name: nothing is decoded, encoded or cut.
 * 11. Empty, absolute, `.` and `..` segments are refused.
 * 12. Bytes given in or out are nobody else's.
 * 13. A reader meets the file before a `write` or after it, never a part.
 * 14. `freeBytes`, where there is one, gives whole bytes, or `undefined` where the system does not tell.
 */
export interface FilesPort {
  read(path: string): Promise<Uint8Array | undefined>;
  /** Makes or replaces a file, with its folders. Rejects when not everything could be written. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end of a file, making it when absent. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** `undefined` when there is no such file. */
  sizeOf(path: string): Promise<number | undefined>;
  /** SHA-256 of a file, without holding it in memory; `undefined` when there is none. */
  sha256File(path: string): Promise<string | undefined>;
  /** Another name for the same bytes: a hard link where the system has them, else a copy. */
  link(from: string, to: string): Promise<void>;
  /** Moves a file or a folder; what is at `to` must not exist. Durable when resolved. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a folder with all in it; absent is fine. */
  remove(path: string): Promise<void>;
  /** Names in a folder; empty when it does not exist. */
  list(path: string): Promise<readonly string[]>;
  /** What can still be written. Absent: a full disk is noticed when it is full. */
  freeBytes?(): Promise<number | undefined>;
}

/**
 * Small records that must survive torn writes: written whole, flushed, never in place by the port itself. The client keeps
 * two slots of each and never touches the newest valid one. Clauses, each with its case in `@kivyx-ota/conformance/client`:
 *
 * 1. A record that was never written is `undefined`.
 * 2. `write` replaces the whole record, and `read` gives it back.
 * 3. Records do not touch each other.
 * 4. What was written is there after a restart.
 * 5. A reader meets the record before a `write` or after it, never a part.
 * 6. Bytes given in or out are nobody else's.
 */
export interface RecordsPort {
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/** What the boot code did in this process, and what it remembers. Only the boot code writes that. */
export interface BootSnapshot {
  /** `embedded`, or the SHA-256 of the launch file that runs. */
  readonly running: string;
  readonly versionCode: number;
  /** Of this launch; absent when the embedded bundle runs. */
  readonly launchId?: number;
  /** False once a bundle was confirmed. */
  readonly pending: boolean;
  readonly highestVersionCode: number;
  readonly failed: readonly {
    readonly sha256Hex: string;
    readonly cause: 'crash' | 'unknown';
    readonly retryToken: number;
  }[];
  /** The last request of the intent record that a boot consumed; 0 for none. */
  readonly consumedRequestId: number;
  /** The installed binary, as the boot code identifies it. */
  readonly binaryId: string;
  /** Bundles that a later boot may need: confirmed, the one before, staged. Clean-up leaves them alone. */
  readonly keep: readonly string[];
  /** What the boot found and did, step by step (`BootReason` of lifecycle); empty or absent when the host does not tell. */
  readonly reasons?: readonly { readonly code: string; readonly sha256Hex?: string }[];
  /**
   * Something was on the screen since the process began, where the platform tells. A hint for people who look: it says nothing about
   * the launch after a reload, and never makes one healthy.
   */
  readonly contentAppeared?: boolean;
}

/** The boot code's side, read only. */
export interface BootPort {
  read(): Promise<BootSnapshot>;
  /** Starts the app anew so that a staged bundle runs; resolves (if at all) when that is under way. */
  restart(): Promise<void>;
  /**
   * Leaves evidence for the next boot that this launch did not become healthy in time. Absent where the platform watches that by
   * itself.
   */
  markTimeout?(launchId: number): Promise<void>;
}

/** Monotonic time, for durations; and waiting. */
export interface TimerPort {
  monotonicMs(): number;
  /** `unref`: this wait need not keep the process alive. */
  sleep(ms: number, options?: { readonly unref?: boolean }): Promise<void>;
}

/** The bundle inside the binary, as a base for patches. */
export interface EmbeddedPort {
  readonly versionCode: number;
  /** Its launch file; absent when it cannot be read, then no patch starts from it. */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Copies the asset of the binary that has this hash to `path` of the files port; false when there is none. The client checks the
   * copy. Absent: assets of the binary are not reused.
   */
  copyAsset?(sha256Hex: string, path: string): Promise<boolean>;
}

/** Everything the engine needs from its platform. */
export interface ClientPorts {
  readonly http: HttpPort;
  /** Used for objects instead of `http` where there is one. */
  readonly downloads?: DownloadPort;
  readonly files: FilesPort;
  readonly records: RecordsPort;
  readonly boot: BootPort;
  readonly embedded: EmbeddedPort;
  readonly clock: Clock;
  readonly timer: TimerPort;
  readonly random: Random;
}
