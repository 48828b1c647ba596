import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { clientError } from '../error.ts';
import { answerReceiver } from '../http/answer-receiver.ts';
import type { HttpPort, HttpResponse } from '../ports.ts';

/**
 * HTTP over Node's own client: no redirects, idle timeout, gzip and Brotli undone, size counted after decompression.
 */
export function nodeHttp(): HttpPort {
  return {
    get: (asked) =>
      new Promise<HttpResponse>((resolve, reject) => {
        const { headers, idleTimeoutMs, url } = asked;
        const receiver = answerReceiver(asked);
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
        request.on('response', (response) => {
          void (async () => {
            const plainHeaders: Record<string, string> = {};
            for (const [name, value] of Object.entries(response.headers))
              if (typeof value === 'string') plainHeaders[name] = value;
            await receiver.head({ headers: plainHeaders, status: response.statusCode ?? 0 });
            const encoding = plainHeaders['content-encoding'];
            const decoder =
              encoding === 'br' ? createBrotliDecompress() : encoding === 'gzip' ? createGunzip() : undefined;
            response.on('error', (cause) => decoder?.destroy(cause));
            response.on('aborted', () => decoder?.destroy(new Error('aborted')));
            const body = decoder === undefined ? response : response.pipe(decoder);
            for await (const chunk of body as AsyncIterable<Uint8Array>) await receiver.chunk(chunk);
            resolve(receiver.end());
          })().catch((error: unknown) => fail(receiver.errorOf(error)));
        });
        request.end();
      }),
  };
}
