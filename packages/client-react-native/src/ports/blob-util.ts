import type { DownloadPort, FilesPort, TimerPort } from '@kivyx-ota/client';
import { besideDownloads, toHead } from './beside-downloads.ts';
import { libraryPath } from './library-path.ts';

/** What a finished or begun request says of itself. */
export interface BlobUtilInfo {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A running request of react-native-blob-util. */
export interface BlobUtilTask extends Promise<{ info(): BlobUtilInfo }> {
  progress(
    config: { count?: number; interval?: number },
    callback: (received: number, total: number) => void,
  ): unknown;
  cancel(): unknown;
}

/** The part of react-native-blob-util (read: 0.25.1) that is used; its default export fits. */
export interface BlobUtil {
  config(options: { path: string; overwrite: boolean; followRedirect: boolean; timeout: number }): {
    readonly fetch: (method: 'GET', url: string, headers?: { [name: string]: string }) => BlobUtilTask;
  };
  readonly fs: {
    exists(path: string): Promise<boolean>;
    hash(path: string, algorithm: 'sha256'): Promise<string>;
  };
}

/** Options of {@link blobUtilDownloads}. */
export interface BlobUtilOptions {
  readonly blobUtil: BlobUtil;
  /** Absolute path of the folder that `files` is about. */
  readonly directory: string;
  readonly files: FilesPort;
  readonly timer: TimerPort;
}

/**
 * Downloads by react-native-blob-util: straight to disk, resumed, redirects told. The library cannot flush a file, so it gets the bytes
 * of releases only (their hash is checked before they are used), never records.
 */
export function blobUtilDownloads({ blobUtil, directory, files, timer }: BlobUtilOptions): DownloadPort {
  return besideDownloads({
    files,
    start: ({ headers, idleTimeoutMs, onHead, onReceived, path, url }) => {
      const task = blobUtil
        .config({
          followRedirect: false,
          overwrite: true,
          path: libraryPath(directory, path),
          timeout: idleTimeoutMs,
        })
        .fetch('GET', url, { ...headers });
      // In the library, not in its types. Without it a broken transfer leaves nothing.
      const { stateChange } = task as { stateChange?: (callback: (info: BlobUtilInfo) => void) => unknown };
      stateChange?.call(task, (info) => onHead(toHead(info.status, info.headers)));
      task.progress({ interval: 100 }, (received) => onReceived(Number(received)));
      return {
        done: task.then((response) => {
          const { headers: named, status } = response.info();
          return toHead(status, named);
        }),
        stop: () => void task.cancel(),
      };
    },
    timer,
  });
}

/** {@link FilesPort.sha256File} by the library's native hash. */
export function blobUtilSha256File({
  blobUtil,
  directory,
}: Pick<BlobUtilOptions, 'blobUtil' | 'directory'>): FilesPort['sha256File'] {
  return async (path) => {
    const full = libraryPath(directory, path);
    if (!(await blobUtil.fs.exists(full))) return undefined;
    return (await blobUtil.fs.hash(full, 'sha256')).toLowerCase();
  };
}
