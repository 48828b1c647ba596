import { indexKey } from '@kivyx-ota/manifest';
import type { ObjectStorage } from '@kivyx-ota/storage';
import assert from 'node:assert/strict';
import type { PlainCase } from '../report-cases.ts';
import { checkChannel } from './check-channel.ts';
import { KILLED, mortalStorage } from './mortal-storage.ts';
import { publisherOn, releaseOf, SCOPE } from './sample-channel.ts';

/** Options of {@link publisherCases}. */
export interface PublisherCasesOptions {
  /** An empty storage, or a storage below a fresh prefix. */
  readonly create: () => Promise<ObjectStorage> | ObjectStorage;
  /** Default 8. */
  readonly publishers?: number;
  /** Default 50. */
  readonly rounds?: number;
}

/**
 * What publishing promises on every storage with conditional writes (regressions 22 and 23): publishers at once lose nothing, and a
 * publisher killed at any storage call leaves a channel that reads, and that the next run completes.
 */
export function publisherCases({
  create,
  publishers = 8,
  rounds = 50,
}: PublisherCasesOptions): readonly PlainCase[] {
  return [
    {
      run: async () => race(await create(), publishers, rounds),
      title: `${publishers} publishers at once, ${rounds} rounds: every release is in the index, no gap in the sequence, the chain holds`,
    },
    {
      run: async () => killedEverywhere(create, 'before'),
      title: 'killed before any storage call: the channel is as it was, and running again completes it',
    },
    {
      run: async () => killedEverywhere(create, 'after'),
      title:
        'killed after any storage call: the channel is as it was or complete, and running again completes it',
    },
  ];
}

async function race(storage: ObjectStorage, publishers: number, rounds: number): Promise<void> {
  const versions: string[] = [];
  for (let round = 0; round < rounds; round++) {
    await Promise.all(
      Array.from({ length: publishers }, async (_, i) => {
        const version = `${round}.${i}.0`;
        versions.push(version);
        const done = await publisherOn(storage, { patchBaseCount: 0 }).publish(releaseOf(version, 16));
        assert.equal(done.changed, true);
      }),
    );
  }
  const total = publishers * rounds;
  const { releases } = await checkChannel(storage, total);
  assert.deepEqual(releases.map(({ version }) => version).sort(), versions.sort());
  assert.deepEqual(
    releases.map(({ versionCode }) => versionCode),
    Array.from({ length: total }, (_, i) => i + 1),
  );
}

async function killedEverywhere(
  create: () => Promise<ObjectStorage> | ObjectStorage,
  moment: 'before' | 'after',
): Promise<void> {
  const [first, second] = [releaseOf('1.0.0', 2000), releaseOf('1.0.1', 2000)];
  const input = { ...second, assets: [{ bytes: Uint8Array.of(9), path: 'a.png' }] };

  const probe = await create();
  await publisherOn(probe).publish(first);
  const { calls, storage: counted } = mortalStorage(probe, Number.POSITIVE_INFINITY, moment);
  await publisherOn(counted).publish(input);
  const swap = `put ${indexKey(SCOPE)}`;
  assert.ok(calls.includes(swap) && calls.length > 10, `the publisher made only ${calls.length} calls`);
  assert.ok(
    calls.some((call) => call.startsWith('put patches/')),
    'there was no patch to lose',
  );

  for (let deadly = 1; deadly <= calls.length; deadly++) {
    const storage = await create();
    await publisherOn(storage).publish(first);
    const before = (await storage.get(indexKey(SCOPE)))?.body;
    const mortal = mortalStorage(storage, deadly, moment);
    const outcome = await publisherOn(mortal.storage)
      .publish(input)
      .catch((error: unknown) => error);
    const at = `killed ${moment} call ${deadly}, ${mortal.calls[deadly - 1]}`;
    assert.equal((outcome as Error).message, KILLED, at);
    // One call decides: the swap of the index. Until then no byte of it has changed.
    const happened = mortal.calls.slice(0, moment === 'after' ? deadly : deadly - 1);
    const complete = happened.includes(swap);
    const index = (await storage.get(indexKey(SCOPE)))?.body;
    if (!complete) assert.deepEqual(index, before, `${at}: the index changed`);
    const report = await publisherOn(storage).verify();
    assert.deepEqual(report.problems, [], at);
    assert.equal(report.sequence, complete ? 2 : 1, at);
    const again = await publisherOn(storage).publish(input);
    assert.equal(again.changed, !complete, at);
    const { releases } = await checkChannel(storage, 2);
    assert.deepEqual(
      releases.map(({ version }) => version),
      ['1.0.0', '1.0.1'],
      at,
    );
  }
}
