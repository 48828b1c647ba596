import { S3Client } from '@aws-sdk/client-s3';
import { storageCases } from '@kivyx-ota/conformance';
import type { ObjectStorage } from '@kivyx-ota/storage';
import { prefixed, withLock } from '@kivyx-ota/storage';
import { s3Storage, type S3StorageOptions } from '@kivyx-ota/storage-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeS3, type FakeS3Options, startFakeS3 } from '@kivyx-ota/runtime-tests/fake-s3';

const ACCOUNT = {
  accessKeyId: 'AKIATEST',
  bucket: 'acme-ota',
  secretAccessKey: 'a secret for tests',
} as const;
const running: FakeS3[] = [];
afterAll(() => Promise.all(running.map((server) => server.close())));

async function start(options: Partial<FakeS3Options> = {}): Promise<FakeS3> {
  const server = await startFakeS3({ ...ACCOUNT, ...options });
  running.push(server);
  return server;
}

function storageAt(
  url: string,
  more: Partial<S3StorageOptions> = {},
  secretAccessKey: string = ACCOUNT.secretAccessKey,
): ObjectStorage {
  const client = new S3Client({
    credentials: { accessKeyId: ACCOUNT.accessKeyId, secretAccessKey },
    endpoint: url,
    forcePathStyle: true,
    maxAttempts: 1,
    region: 'eu-central-1',
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return s3Storage({ bucket: ACCOUNT.bucket, client, ...more });
}

describe('conformance, over HTTP with signed requests', () => {
  let server: FakeS3;
  let folder = 0;
  beforeAll(async () => {
    server = await start();
  });
  // Each case in a folder of its own: they share the bucket.
  it.each(storageCases({ create: () => prefixed(storageAt(server.url), `case${folder++}`) }))(
    '$title',
    async ({ run }) => run(),
  );
});

describe('conditional writes', () => {
  it.each([409, 412] as const)(
    'a lost race is an outcome, whether the server says %i',
    async (conflictStatus) => {
      const storage = storageAt((await start({ conflictStatus })).url);
      expect(await storage.put('index', Uint8Array.of(1), { ifAbsent: true })).toMatchObject({
        written: true,
      });
      expect(await storage.put('index', Uint8Array.of(2), { ifAbsent: true })).toEqual({ written: false });
      expect(await storage.put('index', Uint8Array.of(2), { ifMatch: 'another' })).toEqual({
        written: false,
      });
      expect(await storage.put('nothing', Uint8Array.of(2), { ifMatch: 'another' })).toEqual({
        written: false,
      });
    },
  );

  it('are probed once, with three requests', async () => {
    const server = await start();
    const storage = storageAt(server.url);
    await storage.put('plain', new Uint8Array(1));
    expect(server.requests).toEqual(['PUT plain']);
    await Promise.all([
      storage.put('a', new Uint8Array(1), { ifAbsent: true }),
      storage.put('b', new Uint8Array(1), { ifAbsent: true }),
    ]);
    expect(server.requests.filter((line) => line.includes('kivyx-probe'))).toHaveLength(3);
    await storage.put('c', new Uint8Array(1), { ifAbsent: true });
    expect(server.requests.filter((line) => line.includes('kivyx-probe'))).toHaveLength(3);
  });

  // regressions.md: servers that accept conditions and ignore them
  it('are refused on a server that ignores them, before anything is written', async () => {
    const server = await start({ ignoreConditions: true });
    const storage = storageAt(server.url);
    await expect(storage.put('index', Uint8Array.of(1), { ifAbsent: true })).rejects.toMatchObject({
      code: 'ERR_STORAGE_UNSUPPORTED',
      message: expect.stringContaining('withLock'),
    });
    expect(await storage.get('index')).toBeUndefined();
  });

  it('can be made by a lock on such a server', async () => {
    const blind = storageAt((await start({ ignoreConditions: true })).url, { conditionalWrites: 'none' });
    expect(blind.capabilities.conditionalWrites).toBe(false);
    await expect(blind.put('x', new Uint8Array(1), { ifAbsent: true })).rejects.toMatchObject({
      code: 'ERR_STORAGE_UNSUPPORTED',
    });
    let last: Promise<unknown> = Promise.resolve();
    const locked = withLock(blind, {
      run: (_name, work) => {
        const next = last.then(work);
        last = next.catch(() => undefined);
        return next;
      },
    });
    const results = await Promise.all(
      [1, 2, 3].map((n) => locked.put('x', Uint8Array.of(n), { ifAbsent: true })),
    );
    expect(results.filter(({ written }) => written)).toHaveLength(1);
  });

  it('answered with 500, as Ceph does to some who race, are asked again; plain writes are the SDK’s business', async () => {
    const server = await start();
    const storage = storageAt(server.url, { conditionalWrites: 'trust' });
    server.failNext(500, 2);
    expect(await storage.put('x', new Uint8Array(1), { ifAbsent: true })).toMatchObject({ written: true });
    server.failNext(500, 2);
    expect(await storage.put('x', new Uint8Array(1), { ifMatch: 'another' })).toEqual({ written: false });
    server.failNext(500, 4);
    await expect(storage.put('x', new Uint8Array(1), { ifMatch: 'another' })).rejects.toMatchObject({
      code: 'ERR_STORAGE_UNAVAILABLE',
    });
    server.failNext(500, 1);
    await expect(storage.put('y', new Uint8Array(1))).rejects.toMatchObject({
      code: 'ERR_STORAGE_UNAVAILABLE',
    });
  });

  it('a probe that failed for another reason is tried again', async () => {
    const server = await start();
    const storage = storageAt(server.url);
    server.failNext(503, 1);
    await expect(storage.put('x', new Uint8Array(1), { ifAbsent: true })).rejects.toMatchObject({
      code: 'ERR_STORAGE_UNAVAILABLE',
      retryable: true,
    });
    expect(await storage.put('x', new Uint8Array(1), { ifAbsent: true })).toMatchObject({ written: true });
  });
});

describe('errors', () => {
  it('a wrong key, a wrong bucket and no server at all are told apart', async () => {
    const { url } = await start();
    await expect(storageAt(url, {}, 'another secret').get('x')).rejects.toMatchObject({
      code: 'ERR_STORAGE_DENIED',
      retryable: false,
    });
    await expect(storageAt(url, { bucket: 'elsewhere' }).put('x', new Uint8Array(1))).rejects.toMatchObject({
      code: 'ERR_STORAGE_UNAVAILABLE',
    });
    await expect(storageAt('http://127.0.0.1:1').get('x')).rejects.toMatchObject({
      code: 'ERR_STORAGE_UNAVAILABLE',
      retryable: true,
    });
    // What the SDK's default chain of providers rejects with where it finds nothing.
    const nothing = Object.assign(new Error('Could not load credentials'), {
      name: 'CredentialsProviderError',
    });
    const client = new S3Client({ credentials: () => Promise.reject(nothing), region: 'eu-central-1' });
    await expect(s3Storage({ bucket: 'b', client }).get('x')).rejects.toMatchObject({
      code: 'ERR_STORAGE_DENIED',
      retryable: false,
    });
  });

  it('an object that is too large is not read', async () => {
    const storage = storageAt((await start()).url);
    await storage.put('big', new Uint8Array(5000));
    await expect(storage.get('big', { maxSizeBytes: 4999 })).rejects.toMatchObject({
      code: 'ERR_STORAGE_TOO_LARGE',
    });
  });
});
