import { sha256Hex } from '@kivyx-ota/core/sha256';
import { patchKey } from '@kivyx-ota/manifest';
import type { PatchMaker, PublishEvent } from '@kivyx-ota/publisher';
import { parallelPatchMaker } from '@kivyx-ota/publisher/node';
import { memoryStorage } from '@kivyx-ota/storage';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { deltaPatchMaker } from '../src/patches/delta-patch-maker.ts';
import { publisher, release, SCOPE } from './samples.ts';

const register = new URL('fixtures/register-tsx.mjs', import.meta.url).href;
const execArgv = ['--conditions=@kivyx-ota/source', '--import', register];
const parallel = parallelPatchMaker({ execArgv, workers: 3 });
afterAll(() => parallel.close());

const counting = (): PatchMaker & { made: number } => {
  const maker = {
    ...deltaPatchMaker,
    create: (...args: Parameters<PatchMaker['create']>) => {
      maker.made++;
      return deltaPatchMaker.create(...args);
    },
    made: 0,
  };
  return maker;
};

describe('patches in threads', () => {
  it('are byte for byte those made one after the other', async () => {
    const published = await Promise.all(
      [{}, { patchMaker: parallel }].map(async (change) => {
        const storage = memoryStorage();
        const one = publisher({ ...change, patchBaseCount: 4, storage });
        for (const version of ['1.0.0', '1.0.1', '1.0.2', '1.0.3']) await one.publish(release(version));
        const { release: last } = await one.publish(release('1.0.4'));
        expect((await one.verify()).problems).toEqual([]);
        return last.patches;
      }),
    );
    expect(published[0]).toHaveLength(4);
    expect(published[1]).toEqual(published[0]);
  });

  it('fail with the code of the decoder', async () => {
    await expect(parallel.apply(new Uint8Array(4), Uint8Array.of(1, 2, 3))).rejects.toMatchObject({
      code: 'ERR_DELTA_FORMAT',
      name: 'OtaError',
    });
  });

  it('refuses a number of threads that is none', () => {
    expect(() => parallelPatchMaker({ workers: 0 })).toThrow(RangeError);
  });

  it('what is under way is rejected when the threads are closed', async () => {
    const maker = parallelPatchMaker({ execArgv, workers: 1 });
    const { bytes } = release('1.0.0').launch;
    const under = maker.create(bytes, release('1.0.1').launch.bytes, bytes.length);
    const failed = expect(under).rejects.toThrow(/thread ended/);
    await maker.close();
    await failed;
  });
});

it('generic patches are made in WebAssembly, and byte for byte the same without it', async () => {
  const [base, target] = [release('1.0.0'), release('1.0.1')].map(({ launch }) =>
    launch.bytes.slice(128),
  ) as [Uint8Array, Uint8Array];
  const instantiate = vi.spyOn(WebAssembly, 'instantiate');
  const fast = await deltaPatchMaker.create(base, target, target.length);
  expect(instantiate).toHaveBeenCalledOnce();
  expect(fast?.format).toBe('kvm1');
  instantiate.mockRestore();
  vi.stubGlobal('WebAssembly', undefined);
  try {
    expect(await deltaPatchMaker.create(base, target, target.length)).toEqual(fast);
  } finally {
    vi.unstubAllGlobals();
  }
  expect(await parallel.create(base, target, target.length)).toEqual(fast);
});

describe('a patch that is stored already', () => {
  it('is applied and named again, and not built again', async () => {
    const storage = memoryStorage();
    const first = publisher({ storage });
    const { release: base } = await first.publish(release('1.0.0'));
    const { release: target } = await first.publish(release('1.0.1'));

    const maker = counting();
    const events: PublishEvent[] = [];
    const scope = { ...SCOPE, channel: 'beta' };
    const beta = publisher({ onEvent: (event) => events.push(event), patchMaker: maker, scope, storage });
    await beta.publish(release('1.0.0'));
    const { patches, release: again } = await beta.publish(release('1.0.1'));
    expect(maker.made).toBe(0);
    expect(again.patches).toEqual(target.patches);
    expect(patches).toMatchObject([{ baseSha256Hex: base.launchSha256Hex, reused: true }]);
    expect(events.filter(({ type }) => type === 'patch')).toMatchObject([
      { done: 1, reused: true, total: 1 },
    ]);
  });

  it('is never replaced by another one that works: other channels name it by hash', async () => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    await one.publish(release('1.0.0'));
    const { release: target } = await one.publish(release('1.0.1'));
    // A newer encoder would write other bytes.
    const newer: PatchMaker = {
      ...deltaPatchMaker,
      create: async () => {
        throw new Error('must not be asked');
      },
    };
    const scope = { ...SCOPE, channel: 'beta' };
    const beta = publisher({ patchMaker: newer, scope, storage });
    await beta.publish(release('1.0.0'));
    expect((await beta.publish(release('1.0.1'))).release.patches).toEqual(target.patches);
    expect((await one.verify()).problems).toEqual([]);
  });

  it('is built again when it is damaged', async () => {
    const storage = memoryStorage();
    const one = publisher({ storage });
    const { release: base } = await one.publish(release('1.0.0'));
    const { release: target } = await one.publish(release('1.0.1'));
    const key = patchKey(base.launchSha256Hex, target.launchSha256Hex, target.patches[0]?.format as string);
    await storage.put(key, Uint8Array.of(1, 2, 3));
    const maker = counting();
    const beta = publisher({ patchMaker: maker, scope: { ...SCOPE, channel: 'beta' }, storage });
    await beta.publish(release('1.0.0'));
    await beta.publish(release('1.0.1'));
    expect(maker.made).toBe(1);
    expect(sha256Hex((await storage.get(key))?.body as Uint8Array)).toBe(target.patches[0]?.sha256Hex);
    expect((await one.verify()).problems).toEqual([]);
  });
});

it('a patch that the decoder turns into another file stops the publication, the channel is as it was', async () => {
  const storage = memoryStorage();
  await publisher({ storage }).publish(release('1.0.0'));
  const broken: PatchMaker = { ...deltaPatchMaker, apply: async (base) => base };
  const one = publisher({ patchMaker: broken, storage });
  await expect(one.publish(release('1.0.1'))).rejects.toMatchObject({ code: 'ERR_PUBLISH_CORRUPT' });
  expect((await one.read())?.index.sequence).toBe(1);
});

it('says how far it is, in files and bytes', async () => {
  const events: PublishEvent[] = [];
  const assets = [1, 2, 3].map((n) => ({ bytes: Uint8Array.of(n, n), path: `a${n}.png` }));
  await publisher({ onEvent: (event) => events.push(event) }).publish(release('1.0.0', { assets }));
  const objects = events.filter((event) => event.type === 'object');
  expect(objects.map(({ done }) => done)).toEqual([1, 2, 3, 4]);
  expect(objects.at(-1)).toMatchObject({ done: 4, total: 4 });
  expect(objects.at(-1)?.doneBytes).toBe(objects.at(-1)?.totalBytes);
});
