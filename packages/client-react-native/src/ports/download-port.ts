import type { HttpHead, StopSignal } from '@kivyx-ota/client';

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

/** Downloads of the platform, straight into a file. */
export interface DownloadPort {
  toFile(request: DownloadRequest): Promise<HttpHead>;
}
