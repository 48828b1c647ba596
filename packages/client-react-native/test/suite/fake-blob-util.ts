// react-native-blob-util 0.25.1 as its fetch.js and ReactNativeBlobUtilReq.java behave on Android.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type {
  FetchBlobResponse,
  ReactNativeBlobUtilConfig,
  ReactNativeBlobUtilResponseInfo,
  ReactNativeBlobUtilStatic,
  StatefulPromise,
} from '../fixtures/blob-util.d.ts';
import { nativeTransfer } from './native-transfer.ts';

export function fakeBlobUtil(): ReactNativeBlobUtilStatic {
  const withConfig = (config: ReactNativeBlobUtilConfig): ReactNativeBlobUtilStatic => ({
    config: (options) => withConfig({ ...config, ...options }),
    fetch: (_method, url, headers = {}) => start(config, url, headers),
    fs: {
      exists: async (path) => existsSync(path),
      hash: async (path, algorithm) => {
        if (!existsSync(path)) throw new Error(`No such file '${path}'`);
        return createHash(algorithm).update(readFileSync(path)).digest('hex');
      },
    },
  });
  return withConfig({});
}

function start(
  config: ReactNativeBlobUtilConfig,
  url: string,
  headers: Record<string, string>,
): StatefulPromise<FetchBlobResponse> {
  let onState: ((info: ReactNativeBlobUtilResponseInfo) => void) | undefined;
  let onProgress: ((received: number, total: number) => void) | undefined;
  let rejectNow: (error: Error) => void = () => undefined;
  const info = (status: number, named: Record<string, string>): ReactNativeBlobUtilResponseInfo => ({
    headers: named,
    redirects: [url],
    respType: 'blob',
    rnfbEncode: 'path',
    state: '2',
    status,
    taskId: 't',
    timeout: false,
  });
  const transfer = nativeTransfer({
    followRedirects: config.followRedirect ?? true,
    headers,
    onHead: (status, named) => onState?.(info(status, named)),
    // Numbers arrive as strings on Android; fetch.js makes numbers of them.
    onProgress: (written) => onProgress?.(written, -1),
    path: config.path as string,
    url,
    // Error pages land in the file, too.
    writes: () => true,
  });
  const promise = new Promise<FetchBlobResponse>((resolve, reject) => {
    rejectNow = reject;
    transfer.done.then(
      ({ headers: named, status }) =>
        resolve({
          data: config.path,
          info: () => info(status, named),
          path: () => config.path as string,
          taskId: 't',
          type: 'path',
        }),
      (error: unknown) => reject(new Error(`Download interrupted. ${String(error)}`)),
    );
  }) as StatefulPromise<FetchBlobResponse> & { stateChange(callback: typeof onState): unknown };
  promise.progress = ((...args: unknown[]) => {
    onProgress = args[args.length - 1] as typeof onProgress;
    return promise;
  }) as typeof promise.progress;
  promise.stateChange = (callback) => {
    onState = callback;
    return promise;
  };
  promise.cancel = () => {
    transfer.cancel();
    rejectNow(new Error('canceled'));
    return promise;
  };
  return promise;
}
