import type { DownloadPort, FilesPort, TimerPort } from '@kivyx-ota/client';
import { besideDownloads, toHead } from './beside-downloads.ts';
import { libraryPath } from './library-path.ts';

/** The part of @dr.pogodin/react-native-fs (read: 2.40.3) that is used; `import * as fs` fits. */
export interface PogodinFs {
  downloadFile(options: {
    fromUrl: string;
    toFile: string;
    headers?: { [name: string]: string };
    connectionTimeout?: number;
    readTimeout?: number;
    cacheable?: boolean;
    progressInterval?: number;
    begin?: (told: { statusCode: number; headers: { [name: string]: string } }) => void;
    progress?: (told: { bytesWritten: number }) => void;
  }): {
    readonly jobId: number;
    readonly promise: Promise<{ statusCode: number; headers?: { [name: string]: string } }>;
  };
  stopDownload(jobId: number): void;
  exists(path: string): Promise<boolean>;
  hash(path: string, algorithm: string): Promise<string>;
}

/** Options of {@link pogodinFsDownloads}. */
export interface PogodinFsOptions {
  readonly fs: PogodinFs;
  /** Absolute path of the folder that `files` is about. */
  readonly directory: string;
  readonly files: FilesPort;
  readonly timer: TimerPort;
}

/**
 * Downloads by @dr.pogodin/react-native-fs: straight to disk. The library follows redirects by itself and does not tell (the hash decides
 * about the bytes); a broken transfer is resumed on Android, on iOS it leaves nothing. Never for records: it cannot flush a file.
 */
export function pogodinFsDownloads({ fs, directory, files, timer }: PogodinFsOptions): DownloadPort {
  return besideDownloads({
    files,
    start: ({ headers, idleTimeoutMs, onHead, onReceived, path, url }) => {
      let told = toHead(0, {});
      const { jobId, promise } = fs.downloadFile({
        begin: (begun) => {
          told = toHead(begun.statusCode, begun.headers);
          onHead(told);
        },
        cacheable: false,
        connectionTimeout: idleTimeoutMs,
        fromUrl: url,
        headers: { ...headers },
        progress: ({ bytesWritten }) => onReceived(bytesWritten),
        progressInterval: 100,
        readTimeout: idleTimeoutMs,
        toFile: libraryPath(directory, path),
      });
      return {
        done: promise.then((result) => toHead(result.statusCode, result.headers ?? told.headers)),
        stop: () => fs.stopDownload(jobId),
      };
    },
    timer,
  });
}

/** {@link FilesPort.sha256File} by the library's native hash. */
export function pogodinFsSha256File({
  fs,
  directory,
}: Pick<PogodinFsOptions, 'directory' | 'fs'>): FilesPort['sha256File'] {
  return async (path) => {
    const full = libraryPath(directory, path);
    if (!(await fs.exists(full))) return undefined;
    return (await fs.hash(full, 'sha256')).toLowerCase();
  };
}
