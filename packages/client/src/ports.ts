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
 * The network. One GET without following redirects: a redirect comes back as its status, and the client decides. Rejects when
 * there is no answer; ERR_CLIENT_TIMEOUT and ERR_CLIENT_TOO_LARGE where it can tell.
 */
export interface HttpPort {
  get(request: HttpRequest): Promise<HttpResponse>;
}

/**
 * Files below one folder of the app, by `/`-separated relative paths. Everything is private to the update client.
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
}

/**
 * Small records that must survive torn writes: written whole, flushed, never in place by the port itself. The client keeps
 * two slots of each and never touches the newest valid one.
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
}

/** The boot code's side, read only. */
export interface BootPort {
  read(): Promise<BootSnapshot>;
  /** Starts the app anew so that a staged bundle runs; resolves (if at all) when that is under way. */
  restart(): Promise<void>;
}

/** Monotonic time, for durations; and waiting. */
export interface TimerPort {
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
}

/** The bundle inside the binary, as a base for patches. */
export interface EmbeddedPort {
  readonly versionCode: number;
  /** Its launch file; absent when it cannot be read, then no patch starts from it. */
  read(): Promise<Uint8Array | undefined>;
}

/** Everything the engine needs from its platform. */
export interface ClientPorts {
  readonly http: HttpPort;
  readonly files: FilesPort;
  readonly records: RecordsPort;
  readonly boot: BootPort;
  readonly embedded: EmbeddedPort;
  readonly clock: Clock;
  readonly timer: TimerPort;
  readonly random: Random;
}
