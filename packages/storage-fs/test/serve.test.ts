import { fsStorage } from '@kivyx-ota/storage-fs';
import { type FolderServer, serveFolder } from '@kivyx-ota/storage-fs/serve';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';

let directory: string;
let server: FolderServer;
const KEY = `objects/${'a'.repeat(64)}`;
const BODY = new TextEncoder().encode('0123456789');
let etag: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kivyx-serve-'));
  const storage = fsStorage({ directory });
  const put = await storage.put(KEY, BODY, {
    cacheControl: 'public, max-age=31536000, immutable',
    contentType: 'text/plain',
  });
  etag = `"${(put as { etag: string }).etag}"`;
  await storage.put(`${KEY}.br`, brotliCompressSync(BODY), {
    cacheControl: 'public, max-age=31536000, immutable',
    contentEncoding: 'br',
  });
  await storage.put('private/x', BODY);
  server = await serveFolder({ directory });
});
afterAll(async () => {
  await server.close();
  await rm(directory, { force: true, recursive: true });
});

// node:http, because fetch decodes, normalises and hides.
function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    request({ headers, hostname, method, path, port }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ body: Buffer.concat(chunks), headers: response.headers, status: response.statusCode ?? 0 }),
      );
    })
      .on('error', reject)
      .end();
  });
}

it('gives bytes, type, caching and a strong ETag; 304 when it is known', async () => {
  const plain = await get(`/${KEY}`);
  expect(plain).toMatchObject({ status: 200 });
  expect(plain.headers).toMatchObject({
    'accept-ranges': 'bytes',
    'cache-control': 'public, max-age=31536000, immutable',
    'content-length': '10',
    'content-type': 'text/plain',
    etag,
  });
  expect(plain.body.toString()).toBe('0123456789');
  expect(await get(`/${KEY}`, { 'if-none-match': `W/"x", ${etag}` })).toMatchObject({
    body: Buffer.alloc(0),
    status: 304,
  });
  expect((await get(`/${KEY}`, { 'if-none-match': '"other"' })).status).toBe(200);
});

it.each([
  ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
  ['bytes=7-', 206, '789', 'bytes 7-9/10'],
  ['bytes=-3', 206, '789', 'bytes 7-9/10'],
  ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
  ['bytes=10-', 416, '', 'bytes */10'],
  ['bytes=5-2', 200, '0123456789', undefined],
  ['bytes=0-1,3-4', 200, '0123456789', undefined],
  ['lines=0-1', 200, '0123456789', undefined],
])('Range %s: %i %j', async (range, status, body, contentRange) => {
  const answer = await get(`/${KEY}`, { range });
  expect({
    body: answer.body.toString(),
    contentRange: answer.headers['content-range'],
    status: answer.status,
  }).toEqual({ body, contentRange, status });
});

it('If-Range with a changed ETag gives the whole object', async () => {
  expect((await get(`/${KEY}`, { 'if-range': etag, range: 'bytes=0-0' })).status).toBe(206);
  expect((await get(`/${KEY}`, { 'if-range': '"old"', range: 'bytes=0-0' })).status).toBe(200);
});

it('gives the Brotli form to those who accept it, with the type of the object', async () => {
  const packed = await get(`/${KEY}`, { 'accept-encoding': 'gzip, br' });
  expect(packed.headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'text/plain',
    vary: 'accept-encoding',
  });
  expect(packed.headers['etag']).not.toBe(etag);
  expect((await get(`/${KEY}`, { 'accept-encoding': 'br;q=0' })).headers['content-encoding']).toBeUndefined();
});

it.each([
  '/private/x',
  '/',
  '/objects/../private/x',
  '/objects/%2e%2e/private/x',
  '/%',
  '//evil.example/x',
  '/.kivyx/headers',
  '/objects/none',
  `/${KEY}/`,
])('%s is not there', async (path) => {
  expect((await get(path)).status).toBe(404);
});

it('HEAD has the headers and no body; other methods are refused', async () => {
  expect(await get(`/${KEY}`, {}, 'HEAD')).toMatchObject({
    body: Buffer.alloc(0),
    headers: { 'content-length': '10' },
    status: 200,
  });
  expect((await get(`/${KEY}`, {}, 'POST')).status).toBe(405);
});
