// @dr.pogodin/react-native-fs 2.40.3 as its Downloader.kt behaves.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { PogodinFsModule } from '../fixtures/pogodin-fs.d.ts';
import { type NativeTransfer, nativeTransfer } from './native-transfer.ts';

export function fakePogodinFs(): PogodinFsModule {
  let lastJob = 0;
  const jobs = new Map<number, NativeTransfer>();
  return {
    downloadFile: ({ begin, fromUrl, headers = {}, progress, toFile }) => {
      const jobId = ++lastJob;
      const transfer = nativeTransfer({
        followRedirects: true,
        headers,
        onHead: (statusCode, named) => begin?.({ contentLength: -1, headers: named, jobId, statusCode }),
        onProgress: (bytesWritten) => progress?.({ bytesWritten, contentLength: -1, jobId }),
        path: toFile,
        url: fromUrl,
        writes: (status) => status >= 200 && status < 300,
      });
      jobs.set(jobId, transfer);
      return {
        jobId,
        promise: transfer.done.then(({ headers: named, size, status }) => ({
          bytesWritten: size,
          headers: named,
          jobId,
          statusCode: status,
        })),
      };
    },
    exists: async (path) => existsSync(path),
    hash: async (path, algorithm) => {
      if (!existsSync(path)) throw new Error('ENOENT: no such file or directory');
      return createHash(algorithm).update(readFileSync(path)).digest('hex');
    },
    stopDownload: (jobId) => jobs.get(jobId)?.cancel(),
  };
}
