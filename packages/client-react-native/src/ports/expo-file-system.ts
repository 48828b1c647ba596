import type { DownloadPort, FilesPort, TimerPort } from '@kivyx-ota/client';
import { createSha256 } from '@kivyx-ota/core/sha256';
import { besideDownloads } from './beside-downloads.ts';
import { libraryUri } from './library-path.ts';

/** A file of expo-file-system 57 or 58. */
export interface ExpoFile {
  readonly exists: boolean;
  /** Since 58. */
  digest?(algorithm: 'SHA-256'): Promise<string>;
  /** `readBytes` gives bytes in 57 and a promise of them in 58. */
  open(): {
    readBytes(length: number): Uint8Array | Promise<Uint8Array>;
    close(): void;
  };
}

/** The class `File` of expo-file-system (read: 57.0.7, 58.0.2). `Signal` is the app's `AbortSignal`. */
export interface ExpoFileClass<Signal> {
  new (uri: string): ExpoFile;
  downloadFileAsync(
    url: string,
    // The library's own `File`; nothing but an instance of this class is ever passed.
    destination: never,
    options?: {
      headers?: { [name: string]: string };
      idempotent?: boolean;
      onProgress?: (told: { bytesWritten: number; totalBytes: number }) => void;
      signal?: Signal;
    },
  ): Promise<unknown>;
}

/** Options of {@link expoFileSystemDownloads}. */
export interface ExpoFileSystemOptions<Signal> {
  readonly File: ExpoFileClass<Signal>;
  /** `() => new AbortController()`. */
  readonly createAbort: () => { readonly signal: Signal; abort(): void };
  /** Absolute path or file URI of the folder that `files` is about. */
  readonly directory: string;
  readonly files: FilesPort;
  readonly timer: TimerPort;
}

/**
 * Downloads by expo-file-system. It tells neither the status of a success nor any header, so a range cannot be asked for: a transfer that
 * broke begins anew. It follows redirects by itself (the hash decides about the bytes). Never for records: it cannot flush a file.
 */
export function expoFileSystemDownloads<Signal>({
  File,
  createAbort,
  directory,
  files,
  timer,
}: ExpoFileSystemOptions<Signal>): DownloadPort {
  return besideDownloads({
    files,
    start: ({ headers, onHead, onReceived, path, url }) => {
      const { range: _range, 'if-range': _ifRange, ...rest } = headers;
      const controller = createAbort();
      let hasBegun = false;
      const done = File.downloadFileAsync(url, new File(libraryUri(directory, path)) as never, {
        headers: rest,
        idempotent: true,
        onProgress: ({ bytesWritten }) => {
          // Only a 2xx has a body for the library, and without a range there is no 206.
          if (!hasBegun) onHead({ headers: {}, status: 200 });
          hasBegun = true;
          onReceived(bytesWritten);
        },
        signal: controller.signal,
      });
      return {
        done: done.then(
          () => ({ headers: {}, status: 200 }),
          (error: unknown) => {
            const status = statusIn(error);
            if (status !== undefined) return { headers: {}, status };
            throw error;
          },
        ),
        stop: () => controller.abort(),
      };
    },
    timer,
  });
}

/** {@link FilesPort.sha256File} natively where the library can (58), else by reading; nothing larger than a chunk is held in memory. */
export function expoFileSystemSha256File<Signal>({
  File,
  directory,
}: Pick<ExpoFileSystemOptions<Signal>, 'File' | 'directory'>): FilesPort['sha256File'] {
  return async (path) => {
    const file = new File(libraryUri(directory, path));
    if (!file.exists) return undefined;
    if (file.digest !== undefined) return (await file.digest('SHA-256')).toLowerCase();
    const hash = createSha256();
    await readChunks(file, (chunk) => void hash.update(chunk));
    return hash.digestHex();
  };
}

/** The library's own streams read 1 KiB at a time. */
const CHUNK_BYTES = 262_144;

/** Reads a file from its start to its end, in 57 and in 58. */
export async function readChunks(file: ExpoFile, take: (chunk: Uint8Array) => void): Promise<void> {
  const handle = file.open();
  try {
    for (;;) {
      const chunk = await handle.readBytes(CHUNK_BYTES);
      if (chunk.length === 0) return;
      take(chunk);
    }
  } finally {
    handle.close();
  }
}

/** `Unable to download a file: response has status: 404` on Android, `… status 404` on iOS. */
function statusIn(error: unknown): number | undefined {
  const message = String((error as { message?: unknown } | null)?.message ?? '');
  const digits = /response has status:? ([1-5][0-9]{2})\b/.exec(message)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
