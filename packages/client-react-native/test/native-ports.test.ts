// The ports over the native module keep the same clauses as every other port; the module here is the one in memory.
import { nodeHttp } from '@kivyx-ota/client/node';
import { createFakeNative } from '@kivyx-ota/client-react-native/testing';
import { engineTimer, nativePorts } from '@kivyx-ota/client-react-native/core';
import { downloadPortCases, filesPortCases, recordsPortCases } from '@kivyx-ota/conformance/client';
import { serveHttpScript, type ScriptServer } from '@kivyx-ota/conformance/client-server';
import type { ClientPorts, DownloadPort } from '@kivyx-ota/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const timer = engineTimer(globalThis as never);
function ports(): ClientPorts {
  const native = createFakeNative({ http: nodeHttp() });
  return nativePorts({ http: native.http, native, timer });
}

let server: ScriptServer;
beforeAll(async () => {
  server = await serveHttpScript();
});
afterAll(() => server.close());

describe('files', () => {
  it.each(filesPortCases({ create: () => ports().files }))('$title', async ({ run }) => run());
});

describe('records', () => {
  it.each(
    recordsPortCases({
      create: () => {
        const { records } = ports();
        return { records, reopen: () => records };
      },
    }),
  )('$title', async ({ run }) => run());
});

describe('downloads', () => {
  const cases = () =>
    downloadPortCases({
      create: () => {
        const { downloads, files } = ports();
        return { downloads: downloads as DownloadPort, files };
      },
      origin: server?.origin ?? '',
    });
  it.concurrent.each(cases().map(({ id, title }) => ({ id, title })))('$title', async ({ id }) => {
    await cases()
      .find((one) => one.id === id)
      ?.run();
  });
});

it('the embedded bundle is read in parts, and an absent one is no patch base', async () => {
  const embedded = Uint8Array.from({ length: 600_001 }, (_, i) => i & 255);
  const native = createFakeNative({ embedded });
  const { embedded: port } = nativePorts({ http: native.http, native, timer });
  expect(await port.read()).toEqual(embedded);
  const none = createFakeNative();
  expect(await nativePorts({ http: none.http, native: none, timer }).embedded.read()).toBeUndefined();
});

it('a native module that answers nonsense is said so', async () => {
  const native = { ...createFakeNative(), download: async () => ['what?'] };
  const { downloads } = nativePorts({ http: createFakeNative().http, native, timer });
  await expect(
    downloads?.toFile({
      headers: {},
      idleTimeoutMs: 1000,
      maxSizeBytes: 10,
      offset: 0,
      path: 'tmp/x',
      url: 'https://cdn.example/x',
    }),
  ).rejects.toMatchObject({ code: 'ERR_CLIENT_STATE' });
});

it.each([
  ['ERR_CLIENT_STORAGE', 'ERR_CLIENT_STORAGE', false],
  ['ERR_CLIENT_TIMEOUT', 'ERR_CLIENT_TIMEOUT', true],
  ['EUNSPECIFIED', 'ERR_CLIENT_NETWORK', true],
])('why a download failed is kept: %s', async (told, code, retryable) => {
  const native = {
    ...createFakeNative(),
    download: () => Promise.reject(Object.assign(new Error('no'), { code: told })),
  };
  const { downloads } = nativePorts({ http: createFakeNative().http, native, timer });
  const request = { headers: {}, idleTimeoutMs: 1, maxSizeBytes: 1, offset: 0, path: 'a', url: 'https://x/' };
  await expect(downloads?.toFile(request)).rejects.toMatchObject({ code, retryable });
});
