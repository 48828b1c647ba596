// Every adapter under the conformance cases of the client's ports, over a fake with the library's own types and a real HTTP server.
import type { DownloadPort, FilesPort, TimerPort } from '@kivyx-ota/client';
import { nodeFiles } from '@kivyx-ota/client/node';
import { blobUtilDownloads, blobUtilSha256File } from '@kivyx-ota/client-react-native/blob-util';
import { expoCryptoRandom, expoCryptoSha256File } from '@kivyx-ota/client-react-native/expo-crypto';
import {
  expoFileSystemDownloads,
  expoFileSystemSha256File,
} from '@kivyx-ota/client-react-native/expo-file-system';
import { fetchHttp, type FetchResponse } from '@kivyx-ota/client-react-native/fetch';
import { pogodinFsDownloads, pogodinFsSha256File } from '@kivyx-ota/client-react-native/pogodin-fs';
import { quickCryptoRandom, quickCryptoSha256File } from '@kivyx-ota/client-react-native/quick-crypto';
import {
  type DownloadAbilities,
  downloadPortCases,
  filesPortCases,
  httpPortCases,
} from '@kivyx-ota/conformance/client';
import { serveHttpScript, type ScriptServer } from '@kivyx-ota/conformance/client-server';
import { createHash, randomBytes, webcrypto } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExpoCryptoModule, QuickCryptoModule } from './fixtures/crypto.d.ts';
import { fakeBlobUtil } from './suite/fake-blob-util.ts';
import { fakeExpoFile57, fakeExpoFile58 } from './suite/fake-expo-file-system.ts';
import { fakePogodinFs } from './suite/fake-pogodin-fs.ts';

const timer: TimerPort = {
  monotonicMs: () => performance.now(),
  sleep: async (ms) => {
    await sleep(ms);
  },
};
const createAbort = (): AbortController => new AbortController();

const folders: string[] = [];
function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'kivyx-rn-ports-'));
  folders.push(made);
  return made;
}

let server: ScriptServer;
beforeAll(async () => {
  server = await serveHttpScript();
});
afterAll(async () => {
  await server.close();
  for (const one of folders) rmSync(one, { force: true, recursive: true });
});

interface Place {
  readonly directory: string;
  readonly files: FilesPort;
}
const place = (): Place => {
  const directory = folder();
  return { directory, files: nodeFiles(directory) };
};

const EXPO: DownloadAbilities = {
  redirects: 'followed',
  resumes: false,
  tellsHeaders: false,
};
const DOWNLOADS: Record<string, [create: (at: Place) => DownloadPort, abilities: DownloadAbilities]> = {
  '@dr.pogodin/react-native-fs': [
    (at) => pogodinFsDownloads({ ...at, fs: fakePogodinFs(), timer }),
    { redirects: 'followed' },
  ],
  'expo-file-system 57': [
    (at) =>
      expoFileSystemDownloads({ ...at, File: fakeExpoFile57({ platform: 'android' }), createAbort, timer }),
    EXPO,
  ],
  'expo-file-system 58': [
    (at) => expoFileSystemDownloads({ ...at, File: fakeExpoFile58({ platform: 'ios' }), createAbort, timer }),
    EXPO,
  ],
  'react-native-blob-util': [(at) => blobUtilDownloads({ ...at, blobUtil: fakeBlobUtil(), timer }), {}],
};

for (const [name, [create, abilities]] of Object.entries(DOWNLOADS)) {
  describe(`downloads by ${name}`, () => {
    const cases = () =>
      downloadPortCases({
        abilities,
        create: () => {
          const at = place();
          return { downloads: create(at), files: at.files };
        },
        origin: server?.origin ?? '',
      });
    it.concurrent.each(cases().map(({ id, title }) => ({ id, title })))('$title', async ({ id }) => {
      await cases()
        .find((one) => one.id === id)
        ?.run();
    });
  });
}

const quickCrypto: QuickCryptoModule = { createHash, randomBytes } as never;
const expoCrypto: ExpoCryptoModule = {
  digest: (algorithm, data) => webcrypto.subtle.digest(algorithm, data as never),
  getRandomBytes: (count) => new Uint8Array(randomBytes(count)),
};
const HASHING: Record<string, (at: Place) => FilesPort['sha256File']> = {
  '@dr.pogodin/react-native-fs': ({ directory }) => pogodinFsSha256File({ directory, fs: fakePogodinFs() }),
  'expo-crypto': ({ files }) => expoCryptoSha256File({ crypto: expoCrypto, files }),
  'expo-file-system 57': ({ directory }) =>
    expoFileSystemSha256File({ File: fakeExpoFile57({ platform: 'ios' }), directory }),
  'expo-file-system 58': ({ directory }) =>
    expoFileSystemSha256File({ File: fakeExpoFile58({ platform: 'ios' }), directory }),
  'react-native-blob-util': ({ directory }) => blobUtilSha256File({ blobUtil: fakeBlobUtil(), directory }),
  'react-native-quick-crypto': ({ directory }) =>
    quickCryptoSha256File({ File: fakeExpoFile57({ platform: 'android' }), crypto: quickCrypto, directory }),
};

for (const [name, create] of Object.entries(HASHING)) {
  describe(`files, hashed by ${name}`, () => {
    it.each(
      filesPortCases({
        create: () => {
          const at = place();
          return { ...at.files, sha256File: create(at) };
        },
      }),
    )('$title', async ({ run }) => run());
  });
}

it('expo-crypto refuses a file that would have to be in memory at once', async () => {
  const { files } = place();
  await files.write('big', new Uint8Array(101));
  await expect(
    expoCryptoSha256File({ crypto: expoCrypto, files, maxSizeBytes: 100 })('big'),
  ).rejects.toMatchObject({ code: 'ERR_CLIENT_STORAGE', details: { sizeBytes: 101 } });
});

it.each([
  ['expo-crypto', expoCryptoRandom(expoCrypto)],
  ['react-native-quick-crypto', quickCryptoRandom(quickCrypto)],
])('random bytes of %s have the wanted length and differ', (_name, random) => {
  const [a, b] = [random.bytes(32), random.bytes(32)];
  expect([a.length, b.length]).toEqual([32, 32]);
  expect(Buffer.from(a).equals(b)).toBe(false);
});

// React Native's polyfill: follows redirects whatever it is told, and hands the body over whole.
const wholeFetch = async (
  url: string,
  {
    redirect: _ignored,
    ...options
  }: { headers: Record<string, string>; redirect: 'manual'; signal: AbortSignal },
): Promise<FetchResponse> => {
  const response = await fetch(url, options);
  return {
    arrayBuffer: () => response.arrayBuffer(),
    headers: response.headers,
    status: response.status,
    url: response.url,
  };
};

describe.each([
  ['as expo/fetch streams', fetch, true],
  ['as React Native’s fetch hands over whole', wholeFetch, false],
] as const)('http over fetch, %s', (_name, fetchIt, streams) => {
  const cases = () =>
    httpPortCases({
      create: () => fetchHttp({ createAbort, fetch: fetchIt as typeof wholeFetch, timer }),
      origin: server?.origin ?? '',
      streams,
    });
  it.concurrent.each(cases().map(({ id, title }) => ({ id, title })))('$title', async ({ id }) => {
    await cases()
      .find((one) => one.id === id)
      ?.run();
  });
});
