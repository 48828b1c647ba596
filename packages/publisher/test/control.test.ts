// A server may be anybody: what it sends is counted before it is kept.
import { createControlPlane, withServedIndex } from '@kivyx-ota/publisher';
import { indexKey, LIMITS } from '@kivyx-ota/manifest';
import { memoryStorage } from '@kivyx-ota/storage';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';

const scope = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
const KEY = indexKey(scope);
const MiB = 1024 * 1024;
const open: Server[] = [];

async function serverThat(answer: RequestListener): Promise<{ baseUrl: string }> {
  const server = createServer(answer);
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Sends until nobody listens any more. */
function endless(status: number): { answer: RequestListener; sentBytes: () => number } {
  let sent = 0;
  const piece = Buffer.alloc(65_536, '{"releases":[');
  return {
    answer: (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed) {
          sent += piece.length;
          if (!response.write(piece)) return;
        }
      };
      response.on('drain', more);
      more();
    },
    sentBytes: () => sent,
  };
}

const control = (baseUrl: string) => createControlPlane({ apiKey: 'kvx_0_0', baseUrl, scope });
const served = (baseUrl: string) => withServedIndex(memoryStorage(), { baseUrl, scope });

describe('a server that sends without end', () => {
  it('is left at 16 MiB of an answer', async () => {
    const { answer, sentBytes } = endless(200);
    const { baseUrl } = await serverThat(answer);
    await expect(control(baseUrl).listReleases()).rejects.toMatchObject({
      code: 'ERR_PUBLISH_SERVER',
      details: { status: 200 },
      message: expect.stringContaining('more than 16777216 bytes'),
      retryable: false,
    });
    // And what lies in buffers on the way.
    expect(sentBytes()).toBeLessThan(32 * MiB);
  });

  it('is left where an index may end', async () => {
    const { answer, sentBytes } = endless(200);
    const { baseUrl } = await serverThat(answer);
    await expect(served(baseUrl).get(KEY)).rejects.toMatchObject({
      code: 'ERR_PUBLISH_SERVER',
      message: expect.stringContaining(`more than ${LIMITS.indexSizeBytes + LIMITS.envelopeOverheadBytes}`),
    });
    expect(sentBytes()).toBeLessThan(16 * MiB);
  });

  it('does not hide its status behind a long page', async () => {
    const { baseUrl } = await serverThat(endless(502).answer);
    await expect(control(baseUrl).pause('r1')).rejects.toMatchObject({
      code: 'ERR_PUBLISH_SERVER',
      details: { status: 502 },
      retryable: true,
    });
  });

  it('also when it does so by a small gzip', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MiB));
    const { baseUrl } = await serverThat((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
    );
    await expect(served(baseUrl).get(KEY)).rejects.toMatchObject({ code: 'ERR_PUBLISH_SERVER' });
  });
});

describe('a server that', () => {
  it('breaks off in the middle: once more may help', async () => {
    const { baseUrl } = await serverThat((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('{"releases":', () => response.destroy());
    });
    const failure = { code: 'ERR_PUBLISH_SERVER', retryable: true };
    await expect(control(baseUrl).listReleases()).rejects.toMatchObject(failure);
    await expect(served(baseUrl).get(KEY)).rejects.toMatchObject(failure);
  });

  it('sends elsewhere gets nobody there, and no key', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await serverThat((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    const { baseUrl } = await serverThat((request, response) =>
      response.writeHead(307, { location: new URL(request.url ?? '', elsewhere.baseUrl).href }).end(),
    );
    await expect(control(baseUrl).pause('r1')).rejects.toMatchObject({ code: 'ERR_PUBLISH_SERVER' });
    await expect(served(baseUrl).get(KEY)).rejects.toMatchObject({ code: 'ERR_PUBLISH_SERVER' });
    expect(seen).toEqual([]);
  });

  it('has no such channel', async () => {
    const { baseUrl } = await serverThat((_request, response) => response.writeHead(404).end('{}'));
    expect(await served(baseUrl).get(KEY)).toBeUndefined();
    expect(await served(baseUrl).head(KEY)).toBeUndefined();
  });

  it('gives an index: its bytes, and its ETag without quotes', async () => {
    const { baseUrl } = await serverThat((_request, response) =>
      response.writeHead(200, { etag: '"abc"' }).end(Buffer.from([1, 2, 3])),
    );
    expect(await served(baseUrl).get(KEY)).toMatchObject({ body: Uint8Array.of(1, 2, 3), etag: 'abc' });
    await expect(served(baseUrl).put(KEY, Uint8Array.of(1))).rejects.toMatchObject({
      code: 'ERR_PUBLISH_SERVER',
    });
  });
});
