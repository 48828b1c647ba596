import type { R2Bucket } from '@cloudflare/workers-types';
import { storageCases } from '@kivyx-ota/conformance';
import { type ObjectStorage, prefixed } from '@kivyx-ota/storage';
import { type R2BucketBinding, r2Storage } from '@kivyx-ota/storage-r2';
import { Miniflare } from 'miniflare';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import { bundleWorker } from './bundle-worker.ts';

// R2's simulator in workerd: bytes in files, the rest in SQLite, conditions atomic.
let miniflare: Miniflare;
let bucket: R2BucketBinding;
beforeAll(async () => {
  miniflare = new Miniflare({
    compatibilityDate: '2026-04-01',
    modules: true,
    r2Buckets: ['BUCKET'],
    script: await bundleWorker('conformance.ts'),
  });
  bucket = await miniflare.getR2Bucket('BUCKET');
});
afterAll(() => miniflare.dispose());

let folder = 0;
const fresh = (): ObjectStorage => prefixed(r2Storage({ bucket }), `node${folder++}`);

describe('conformance, from Node over the binding', () => {
  it.each(storageCases({ create: fresh }))('$title', async ({ run }) => run());
});

describe('conformance, inside workerd', () => {
  let outcomes: Record<string, string>;
  beforeAll(async () => {
    outcomes = (await (await miniflare.dispatchFetch('http://worker/')).json()) as typeof outcomes;
  });
  it('runs every case', () => {
    expect(Object.keys(outcomes)).toEqual(storageCases({ create: fresh }).map(({ id }) => id));
  });
  it.each(storageCases({ create: fresh }))('$title', ({ id }) => {
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
    const watched: R2BucketBinding = {
      ...r2Calls(bucket),
      get: async (key, options) => {
        const found = await bucket.get(key, options);
        if (found === null) return null;
        return {
          arrayBuffer: async () => {
            calls.push('read');
            return found.arrayBuffer();
          },
          body: {
            cancel: async () => {
              calls.push('cancel');
              await found.body.cancel();
            },
          },
          etag: found.etag,
          key: found.key,
          size: found.size,
        };
      },
    };
    const at = r2Storage({ bucket: watched });
    await at.put('big', new Uint8Array(5000));
    await expect(at.get('big', { maxSizeBytes: 4999 })).rejects.toMatchObject({
      code: 'ERR_STORAGE_TOO_LARGE',
    });
    expect(calls).toEqual(['cancel']);
  });
});

/** A binding is a proxy: its methods do not survive a spread. */
function r2Calls(binding: R2BucketBinding): R2BucketBinding {
  return {
    delete: (key) => binding.delete(key),
    get: (key, options) => binding.get(key, options),
    head: (key) => binding.head(key),
    list: (options) => binding.list(options),
    put: (key, value, options) => binding.put(key, value, options),
  };
}
