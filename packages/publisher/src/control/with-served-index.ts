import { type ChannelScope, indexKey, LIMITS } from '@kivyx-ota/manifest';
import type { ObjectStorage } from '@kivyx-ota/storage';
import { publishError } from '../error.ts';
import { requestServer } from './request-server.ts';

const MAX_BYTES = LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes;

/**
 * The same storage, but the index of one channel is the one that a server signs and serves; so `read` and `verify` look at what
 * devices get there. Its bytes are untrusted, as those of any storage. Nobody can write it here.
 */
export function withServedIndex(
  storage: ObjectStorage,
  {
    baseUrl,
    fetch,
    scope,
  }: {
    /** Of the server, with the slash. */
    readonly baseUrl: string;
    readonly scope: ChannelScope;
    readonly fetch?: typeof globalThis.fetch;
  },
): ObjectStorage {
  const served = indexKey(scope);
  const metadata = { cacheControl: 'no-store', contentType: 'application/cose' };
  const fetchIndex: ObjectStorage['get'] = async (_key, { maxSizeBytes = MAX_BYTES } = {}) => {
    const { body, headers, status } = await requestServer(baseUrl, served, {
      fetch,
      headers: { 'cache-control': 'no-cache' },
      maxSizeBytes,
    });
    if (status === 404) return undefined;
    if (status !== 200 || body === undefined)
      throw publishError(
        'ERR_PUBLISH_SERVER',
        `${baseUrl} gives no index: status ${status}, ${body === undefined ? `more than ${maxSizeBytes}` : body.length} bytes`,
        { details: { status }, retryable: status >= 500 },
      );
    const etag = (headers.get('etag') ?? '').replaceAll('"', '');
    return { ...metadata, body, etag, sizeBytes: body.length };
  };
  return {
    ...storage,
    get: (key, options) => (key === served ? fetchIndex(key, options) : storage.get(key, options)),
    head: async (key) => {
      if (key !== served) return storage.head(key);
      const { body: _body, ...info } = (await fetchIndex(key)) ?? {};
      return 'etag' in info ? info : undefined;
    },
    put: async (key, body, options) => {
      if (key !== served) return storage.put(key, body, options);
      throw publishError(
        'ERR_PUBLISH_SERVER',
        `The index of ${scope.channel} is signed by the server ${baseUrl}; ask it to change something`,
      );
    },
  };
}
