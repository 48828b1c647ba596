// expo-file-system 57.0.7 and 58.0.2 as their File.js and FileSystemDownload.kt behave.
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { File57, File58 } from '../fixtures/expo-file-system.d.ts';
import { nativeTransfer } from './native-transfer.ts';

interface FakeOptions {
  readonly platform: 'android' | 'ios';
}

interface DownloadOptionsLike {
  readonly headers?: Record<string, string>;
  readonly idempotent?: boolean;
  readonly onProgress?: (told: { bytesWritten: number; totalBytes: number }) => void;
  readonly signal?: AbortSignal;
}

function fakeFile(version: 57 | 58, { platform }: FakeOptions): unknown {
  const pathOf = (uri: string): string => {
    // Paths.join of the library wants URIs; a bare path with a % in it would be another file.
    if (!uri.startsWith('file:///')) throw new Error(`${uri} is no file URI`);
    return fileURLToPath(uri);
  };
  const openHandle = (uri: string): unknown => {
    const descriptor = openSync(pathOf(uri), 'r');
    const readBytesSync = (length: number): Uint8Array => {
      const buffer = new Uint8Array(length);
      return buffer.slice(0, readSync(descriptor, buffer, 0, length, null));
    };
    return {
      close: () => closeSync(descriptor),
      readBytes: version === 57 ? readBytesSync : async (length: number) => readBytesSync(length),
      readBytesSync,
    };
  };
  class FakeFile {
    readonly uri: string;
    constructor(uri: string) {
      pathOf(uri);
      this.uri = uri;
    }
    get exists(): boolean {
      return existsSync(pathOf(this.uri));
    }
    get size(): number {
      return statSync(pathOf(this.uri)).size;
    }
    open(): unknown {
      return openHandle(this.uri);
    }
    static async downloadFileAsync(
      url: string,
      destination: FakeFile,
      options: DownloadOptionsLike = {},
    ): Promise<FakeFile> {
      const path = pathOf(destination.uri);
      // FileSystemPath.validatePermission: what is not there cannot be written outside the library's own folders.
      if (!existsSync(path)) throw new Error(`Missing 'WRITE' permission for accessing the file`);
      if (options.idempotent !== true) throw new Error('Destination already exists');
      const transfer = nativeTransfer({
        followRedirects: true,
        headers: options.headers ?? {},
        onProgress: (bytesWritten) => options.onProgress?.({ bytesWritten, totalBytes: -1 }),
        path,
        url,
        writes: (status) => status >= 200 && status < 300,
      });
      options.signal?.addEventListener('abort', () => transfer.cancel(), { once: true });
      const { status } = await transfer.done.catch((error: unknown) => {
        if (options.signal?.aborted === true) throw options.signal.reason;
        throw new Error(`Unable to download a file: ${String(error)}`);
      });
      if (status < 200 || status >= 300)
        throw new Error(
          platform === 'android'
            ? `Call to function 'FileSystem.downloadFileAsync' has been rejected.\n→ Caused by: Unable to download a file: response has status: ${status}`
            : `Unable to download a file: response has status ${status}`,
        );
      return new FakeFile(destination.uri);
    }
  }
  if (version === 58)
    Object.assign(FakeFile.prototype, {
      async digest(this: FakeFile, algorithm: string): Promise<string> {
        const name = algorithm.replace('-', '').toLowerCase();
        return createHash(name)
          .update(readFileSync(pathOf(this.uri)))
          .digest('hex');
      },
    });
  return FakeFile;
}

export function fakeExpoFile57(options: FakeOptions): typeof File57 {
  return fakeFile(57, options) as typeof File57;
}

export function fakeExpoFile58(options: FakeOptions): typeof File58 {
  return fakeFile(58, options) as typeof File58;
}
