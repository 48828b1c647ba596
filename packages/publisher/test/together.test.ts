import {
  createPublisher,
  type PublisherOptions,
  publishTogether,
  type TogetherPart,
} from '@kivyx-ota/publisher';
import { indexKey } from '@kivyx-ota/manifest';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';
import { describe, expect, it } from 'vitest';
import { bytecode, options, release, SCOPE } from './samples.ts';
import { intercepted, Killed, mortal } from './storages.ts';

const scopes = [SCOPE, { ...SCOPE, platform: 'ios' }] as const;
const on = (storage: ObjectStorage): readonly PublisherOptions[] =>
  scopes.map((scope) => options({ scope, storage }));
const parts = (storage: ObjectStorage, version: string): readonly TogetherPart[] =>
  on(storage).map((one, i) => ({
    input: release(version, { launch: { bytes: bytecode(`${version} ${i}`), path: 'main.hbc' } }),
    options: one,
  }));
const versions = async (storage: ObjectStorage): Promise<string[][]> =>
  Promise.all(
    on(storage).map(async (one) =>
      ((await createPublisher(one).read())?.index.releases ?? []).map(({ version }) => version),
    ),
  );

describe('one release for both platforms', () => {
  it('is in both channels, which verify', async () => {
    const storage = memoryStorage();
    const outcomes = await publishTogether(parts(storage, '1.0.0'));
    expect(outcomes).toMatchObject([
      { result: { changed: true, release: { version: '1.0.0' } }, scope: { platform: 'android' } },
      { result: { changed: true, release: { version: '1.0.0' } }, scope: { platform: 'ios' } },
    ]);
    for (const one of on(storage)) expect((await createPublisher(one).verify()).problems).toEqual([]);
    expect(await publishTogether(parts(storage, '1.0.0'))).toMatchObject([
      { result: { changed: false } },
      { result: { changed: false } },
    ]);
  });

  it('is in neither when one of them is refused: nothing was even uploaded', async () => {
    const storage = memoryStorage();
    const [android, ios] = parts(storage, '1.0.0') as [TogetherPart, TogetherPart];
    const bad = { ...ios, input: { ...ios.input, launch: { bytes: Uint8Array.of(1), path: 'main.hbc' } } };
    await expect(publishTogether([android, bad])).rejects.toMatchObject({ code: 'ERR_PUBLISH_PLAIN_JS' });
    expect((await storage.list('')).objects).toEqual([]);
  });

  it('killed at any storage call: no channel is named before everything of both is there, and the next run does the rest', async () => {
    const probe = memoryStorage();
    await publishTogether(parts(probe, '1.0.0'));
    const counted = intercepted(probe, () => undefined);
    await publishTogether(parts(counted, '1.0.1'));
    const seen = new Set<string>();
    for (let deadly = 1; deadly <= counted.calls(); deadly++) {
      const storage = memoryStorage();
      await publishTogether(parts(storage, '1.0.0'));
      // A kill is not an outcome: when the first channel is named already, the second one reports it.
      const ended = await publishTogether(parts(mortal(storage, deadly), '1.0.1')).catch(
        (error: unknown) => error,
      );
      if (!Array.isArray(ended)) expect(ended).toBeInstanceOf(Killed);
      const state = (await versions(storage)).map((list) => list.at(-1)).join(' ');
      seen.add(state);
      for (const one of on(storage)) expect((await createPublisher(one).verify()).problems).toEqual([]);
      await publishTogether(parts(storage, '1.0.1'));
      expect(await versions(storage)).toEqual([
        ['1.0.0', '1.0.1'],
        ['1.0.0', '1.0.1'],
      ]);
    }
    // Never iOS without Android; Android alone only between the two swaps.
    expect([...seen].sort()).toEqual(['1.0.0 1.0.0', '1.0.1 1.0.0', '1.0.1 1.0.1']);
  });

  it('says which one failed when the other one is named already', async () => {
    const storage = memoryStorage();
    const broken: ObjectStorage = {
      ...storage,
      put: async (key, body, more) => {
        if (key === indexKey(scopes[1])) throw new Error('the storage is away');
        return storage.put(key, body, more);
      },
    };
    expect(await publishTogether(parts(broken, '1.0.0'))).toMatchObject([
      { result: { changed: true } },
      { error: { message: 'the storage is away' }, scope: { platform: 'ios' } },
    ]);
    expect(await versions(storage)).toEqual([['1.0.0'], []]);
    expect(await publishTogether(parts(storage, '1.0.0'))).toMatchObject([
      { result: { changed: false } },
      { result: { changed: true } },
    ]);
  });
});
