import { clientError, type ClientErrorCode, type DownloadPort, type HttpHead } from '@kivyx-ota/client';
import type { NativeModule } from './native-module.ts';

/** Downloads by the native module: ranges, appending and idle time are its work, straight into the file. */
export function nativeDownloads(
  native: Pick<NativeModule, 'cancelDownload' | 'download' | 'onDownload'>,
): DownloadPort {
  let lastId = 0;
  return {
    toFile: async ({ url, headers, path, offset, maxSizeBytes, idleTimeoutMs, onProgress, signal }) => {
      const isStopped = (): boolean => signal?.aborted === true;
      if (isStopped()) throw stopped();
      const id = ++lastId;
      const subscription = native.onDownload((event) => {
        if (event.id !== id) return;
        onProgress?.(event.sizeBytes);
        // The signal is a flag; bytes that arrive are the occasion to look at it.
        if (isStopped()) native.cancelDownload(id);
      });
      const pairs: string[] = [];
      for (const name of Object.keys(headers)) pairs.push(name, headers[name] as string);
      let answer: readonly string[];
      try {
        answer = await native.download(id, url, pairs, path, offset, maxSizeBytes, idleTimeoutMs);
      } catch (error) {
        throw isStopped() ? stopped() : toClientError(url, error);
      } finally {
        subscription.remove();
      }
      return toHead(url, answer);
    },
  };
}

function stopped(): Error {
  return clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
}

/** The native module says why by the client's codes; what has none is the network. A full disk is not tried again. */
function toClientError(url: string, error: unknown): Error {
  const code = ['ERR_CLIENT_STORAGE', 'ERR_CLIENT_TIMEOUT', 'ERR_CLIENT_TOO_LARGE'].find(
    (one) => one === (error as { readonly code?: unknown } | null)?.code,
  );
  return clientError((code ?? 'ERR_CLIENT_NETWORK') as ClientErrorCode, `No whole answer from ${url}`, {
    cause: error,
    retryable: code === undefined || code === 'ERR_CLIENT_TIMEOUT',
  });
}

function toHead(url: string, [status, ...pairs]: readonly string[]): HttpHead {
  const code = Number(status);
  if (!Number.isInteger(code) || pairs.length % 2 !== 0)
    throw clientError(
      'ERR_CLIENT_STATE',
      `The native module answered ${url} with something else than a head`,
    );
  const headers: Record<string, string> = {};
  for (let i = 0; i < pairs.length; i += 2)
    headers[(pairs[i] as string).toLowerCase()] = pairs[i + 1] as string;
  return { headers, status: code };
}
