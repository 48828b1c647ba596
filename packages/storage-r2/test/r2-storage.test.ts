import type { R2Bucket } from '@cloudflare/workers-types';
import { storageCases } from '@kivyx-ota/conformance';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';
import { type R2BucketBinding, r2Storage } from '@kivyx-ota/storage-r2';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { bundleWorker } from './bundle-worker.ts';

// R2's simulator in workerd: bytes in files, the rest in SQLite, conditions atomic. Only a Worker asks it: over Miniflare's proxy for Node every
// property of an answer is a blocking request of its own, and once in some runs these lose step with each other for good.
describe('conformance, inside workerd', () => {
  let miniflare: Miniflare;
  let outcomes: Record<string, string>;
  beforeAll(async () => {
    miniflare = new Miniflare({
      compatibilityDate: '2026-04-01',
      modules: true,
      r2Buckets: ['BUCKET'],
      script: await bundleWorker('conformance.ts'),
    });
    outcomes = (await (await miniflare.dispatchFetch('http://worker/')).json()) as typeof outcomes;
  });
  afterAll(() => miniflare.dispose());
  const cases = storageCases({ create: memoryStorage });

  it('runs every case', () => {
    expect(Object.keys(outcomes)).toEqual(cases.map(({ id }) => id));
  });
  it.each(cases)('$title', ({ id }) => {
    expect(outcomes[id]).toBe('ok');
  });
});

it('takes the binding as Cloudflare types it', () => {
  expectTypeOf<R2Bucket>().toExtend<R2BucketBinding>();
});

describe('errors', () => {
  const refusing = (message: string): ObjectStorage => {
    const fail = (): Promise<never> => Promise.reject(new Error(message));
    return r2Storage({ bucket: { delete: fail, get: fail, head: fail, list: fail, put: fail } });
  };
  it.each([
    [
      'put: Reduce your concurrent request rate for the same object. (10058)',
      'ERR_STORAGE_UNAVAILABLE',
      true,
    ],
    ['get: We encountered an internal error. Please try again. (10001)', 'ERR_STORAGE_UNAVAILABLE', true],
    ['Network connection lost.', 'ERR_STORAGE_UNAVAILABLE', true],
    ['get: Access Denied (10003)', 'ERR_STORAGE_DENIED', false],
    [
      'put: Your proposed upload exceeds the maximum allowed object size. (100100)',
      'ERR_STORAGE_TOO_LARGE',
      false,
    ],
  ])('%s', async (message, code, retryable) => {
    const storage = refusing(message);
    for (const call of [
      storage.put('a', new Uint8Array(1)),
      storage.get('a'),
      storage.head('a'),
      storage.list(''),
      storage.delete('a'),
    ]) {
      await expect(call).rejects.toMatchObject({
        code,
        message: expect.stringContaining(message),
        retryable,
      });
    }
  });

  it('what an object is too large for is not read', async () => {
    const calls: string[] = [];
    const told = async (): Promise<never> => {
      throw new Error('not asked for here');
    };
    const storage = r2Storage({
      bucket: {
        delete: told,
        get: async (key) => ({
          arrayBuffer: async () => {
            calls.push('read');
            return new ArrayBuffer(5000);
          },
          body: {
            cancel: async () => {
              calls.push('cancel');
            },
          },
          etag: 'e',
          key,
          size: 5000,
        }),
        head: told,
        list: told,
        put: told,
      },
    });
    await expect(storage.get('big', { maxSizeBytes: 4999 })).rejects.toMatchObject({
      code: 'ERR_STORAGE_TOO_LARGE',
    });
    expect(calls).toEqual(['cancel']);
    expect((await storage.get('big', { maxSizeBytes: 5000 }))?.body).toHaveLength(5000);
    expect(calls).toEqual(['cancel', 'read']);
  });
});
