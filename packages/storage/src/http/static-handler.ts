import { isOtaError } from '@kivyx-ota/core';
import type { ObjectInfo, ObjectStorage } from '../object-storage.ts';
import { parseRange } from './parse-range.ts';

/** Options of {@link createStaticHandler}. */
export interface StaticHandlerOptions {
  /** Path under which keys live; default `/`. */
  readonly basePath?: string;
  /** Keys that may be served; default the public folders of the layout. */
  readonly isPublic?: (key: string) => boolean;
}

const PUBLIC = /^(?:objects|patches|manifests|attestations|roots|channels)\//;

/**
 * Serves a storage as a static file server would: strong ETags, 304, ranges with If-Range, the stored headers, and the
 * `.br` / `.gz` variant of an object where the client accepts it and one is stored. GET and HEAD only.
 *
 * `Request → Response`, so it mounts in workers, Bun, Deno, Hono; `toNodeListener` of `@kivyx-ota/storage-fs` serves Node.
 */
export function createStaticHandler(
  storage: ObjectStorage,
  options: StaticHandlerOptions = {},
): (request: Request) => Promise<Response> {
  const basePath = options.basePath ?? '/';
  const isPublic = options.isPublic ?? ((key) => PUBLIC.test(key));
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return problem(405, 'Only GET and HEAD', { allow: 'GET, HEAD' });
    }
    const { pathname } = new URL(request.url);
    const key = pathname.startsWith(basePath) ? safeDecode(pathname.slice(basePath.length)) : undefined;
    if (key === undefined || !isPublic(key)) return problem(404, 'No such object');
    try {
      return await serve(storage, key, request);
    } catch (error) {
      if (isOtaError(error, 'ERR_STORAGE_KEY')) return problem(404, 'No such object');
      return isOtaError(error) && error.retryable
        ? problem(503, 'The storage does not answer', { 'retry-after': '5' })
        : problem(500, 'The storage failed');
    }
  };
}

async function serve(storage: ObjectStorage, key: string, request: Request): Promise<Response> {
  const variant = await findVariant(storage, key, request.headers);
  if (variant === undefined) return problem(404, 'No such object');
  const { info, storedKey } = variant;
  const etag = `"${info.etag}"`;
  const headers = new Headers({
    'accept-ranges': 'bytes',
    'cache-control': info.cacheControl,
    'content-type': info.contentType,
    etag,
    vary: 'accept-encoding',
    'x-content-type-options': 'nosniff',
  });
  if (info.contentEncoding !== undefined) headers.set('content-encoding', info.contentEncoding);
  if (matches(request.headers.get('if-none-match'), etag))
    return new Response(null, { headers, status: 304 });

  const ifRange = request.headers.get('if-range');
  const range =
    ifRange === null || ifRange === etag
      ? parseRange(request.headers.get('range'), info.sizeBytes)
      : undefined;
  if (range === 'unsatisfiable') {
    headers.set('content-range', `bytes */${info.sizeBytes}`);
    return new Response(null, { headers, status: 416 });
  }
  const length = range === undefined ? info.sizeBytes : range.endByte - range.startByte + 1;
  headers.set('content-length', String(length));
  if (range !== undefined)
    headers.set('content-range', `bytes ${range.startByte}-${range.endByte}/${info.sizeBytes}`);
  const status = range === undefined ? 200 : 206;
  if (request.method === 'HEAD') return new Response(null, { headers, status });
  const object = await storage.get(storedKey, range === undefined ? {} : { range });
  // Replaced between head and get: the headers would lie about the bytes.
  if (object === undefined || object.etag !== info.etag)
    return problem(503, 'The object is being replaced', { 'retry-after': '1' });
  // Workers compress a body by its content-encoding unless told that it is in that form already; others ignore the word.
  const init: ResponseInit & { encodeBody: 'manual' } = { encodeBody: 'manual', headers, status };
  return new Response(object.body as Uint8Array<ArrayBuffer>, init);
}

async function findVariant(
  storage: ObjectStorage,
  key: string,
  headers: Headers,
): Promise<{ readonly info: ObjectInfo; readonly storedKey: string } | undefined> {
  const info = await storage.head(key);
  // Only whole immutable objects have variants; a range counts bytes of the plain one.
  if (
    info === undefined ||
    info.contentEncoding !== undefined ||
    !key.startsWith('objects/') ||
    headers.has('range')
  ) {
    return info === undefined ? undefined : { info, storedKey: key };
  }
  const accepted = (headers.get('accept-encoding') ?? '').toLowerCase();
  for (const [encoding, suffix] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    if (!new RegExp(`(?:^|[,\\s])${encoding}(?:$|[,;\\s])(?!\\s*q=0(?:\\.0*)?(?:$|[,\\s]))`).test(accepted))
      continue;
    const packed = await storage.head(key + suffix);
    if (packed !== undefined)
      return {
        info: { ...packed, contentEncoding: encoding, contentType: info.contentType },
        storedKey: key + suffix,
      };
  }
  return { info, storedKey: key };
}

/** If-None-Match is a list compared weakly (RFC 9110 §13.1.2). */
function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

function safeDecode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

function problem(status: number, title: string, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ status, title }), {
    headers: { 'cache-control': 'no-store', 'content-type': 'application/problem+json', ...headers },
    status,
  });
}
