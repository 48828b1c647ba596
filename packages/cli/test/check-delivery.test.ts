import { indexKey, objectKey } from '@kivyx-ota/manifest';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { checkDelivery } from '../src/check-delivery.ts';

const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
const INDEX = new TextEncoder().encode('an index');
const LAUNCH = 'ab'.repeat(32);
let close = (): void => {};
afterEach(() => close());

/** A CDN that makes every mistake that it can. */
async function startBadCdn(): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === `/${indexKey(SCOPE)}`)
      response.writeHead(200, { 'cache-control': 'max-age=86400', etag: 'W/"1"' }).end('an older index');
    else if (request.url === `/${objectKey(LAUNCH)}`) response.writeHead(200).end('x'.repeat(100));
    else if (request.url === `/sourcemaps/${LAUNCH}`) response.writeHead(200).end('{}');
    else response.writeHead(403).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => void server.close();
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it('names every mistake of a CDN', async () => {
  const checks = await checkDelivery(await startBadCdn(), SCOPE, { index: INDEX, launchSha256Hex: LAUNCH });
  expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual([
    'cdn: index is that of the storage',
    'cdn: index is cached for minutes at most',
    'cdn: strong ETag',
    'cdn: 304 to who knows it',
    'cdn: ranges, so that downloads resume',
    'cdn: source maps are not served',
    'cdn: objects are kept for long',
    'cdn: what is not there is 404',
  ]);
});

it('reads no more than an index may have of one that sends without end', async () => {
  const page = Buffer.alloc(65_536);
  const server = createServer((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(page));
    };
    response.on('drain', more);
    more();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => void server.close();
  const { port } = server.address() as AddressInfo;
  const checks = await checkDelivery(`http://127.0.0.1:${port}/`, SCOPE, { index: INDEX });
  expect(checks.find(({ name }) => name === 'cdn: index')).toMatchObject({
    detail: expect.stringMatching(/^status 200, more than \d+ bytes$/),
    ok: false,
  });
});

it('says that nobody answers, and that plain http is for this machine only', async () => {
  const checks = await checkDelivery('http://ota.invalid/', SCOPE, { index: INDEX });
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ['cdn: https', false],
    ['cdn: answers', false],
  ]);
});
