import { isOtaError } from '@kivyx-ota/core';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { clientError } from '../error.ts';
import type { HttpPort, HttpResponse } from '../ports.ts';

/**
 * HTTP over Node's own client: no redirects, idle timeout, gzip and Brotli undone, size counted after decompression.
 */
export function nodeHttp(): HttpPort {
  return {
    get: ({ url, headers, idleTimeoutMs, maxSizeBytes, onChunk, onHead, signal }) =>
      new Promise<HttpResponse>((resolve, reject) => {
        const request = (url.startsWith('https:') ? requestHttps : requestHttp)(url, {
          // A range counts bytes of the plain object.
          headers: { 'accept-encoding': 'range' in headers ? 'identity' : 'br, gzip', ...headers },
          method: 'GET',
          timeout: idleTimeoutMs,
        });
        const fail = (error: unknown): void => {
          request.destroy();
          reject(error as Error);
        };
        request.on('timeout', () =>
          fail(
            clientError('ERR_CLIENT_TIMEOUT', `Nothing from ${url} for ${idleTimeoutMs} ms`, {
              retryable: true,
            }),
          ),
        );
        request.on('error', (cause) =>
          fail(clientError('ERR_CLIENT_NETWORK', `No connection to ${url}`, { cause, retryable: true })),
        );
        // What the caller's own functions throw is no fault of the network and comes out as it is.
        let callers: { readonly error: unknown } | undefined;
        const ask = async (work: () => Promise<void> | void): Promise<void> => {
          try {
            await work();
          } catch (error) {
            callers = { error };
            throw error;
          }
        };
        request.on('response', (response) => {
          void (async () => {
            const plainHeaders: Record<string, string> = {};
            for (const [name, value] of Object.entries(response.headers))
              if (typeof value === 'string') plainHeaders[name] = value;
            const head = { headers: plainHeaders, status: response.statusCode ?? 0 };
            await ask(() => onHead?.(head));
            const encoding = plainHeaders['content-encoding'];
            const decoder =
              encoding === 'br' ? createBrotliDecompress() : encoding === 'gzip' ? createGunzip() : undefined;
            response.on('error', (cause) => decoder?.destroy(cause));
            response.on('aborted', () => decoder?.destroy(new Error('aborted')));
            const body = decoder === undefined ? response : response.pipe(decoder);
            const chunks: Uint8Array[] = [];
            let sizeBytes = 0;
            for await (const chunk of body as AsyncIterable<Uint8Array>) {
              if (signal?.aborted === true) throw clientError('ERR_CLIENT_ABORTED', 'Stopped by the caller');
              sizeBytes += chunk.length;
              if (sizeBytes > maxSizeBytes)
                throw clientError('ERR_CLIENT_TOO_LARGE', `${url} sends more than ${maxSizeBytes} bytes`);
              if (onChunk === undefined) chunks.push(chunk);
              else await ask(() => onChunk(chunk));
            }
            resolve({ ...head, body: new Uint8Array(Buffer.concat(chunks)) });
          })().catch((error: unknown) => {
            fail(
              callers !== undefined
                ? callers.error
                : isOtaError(error)
                  ? error
                  : clientError('ERR_CLIENT_NETWORK', `The answer of ${url} broke off`, {
                      cause: error,
                      retryable: true,
                    }),
            );
          });
        });
        request.end();
      }),
  };
}
