import { isOtaError } from '@kivyx-ota/core';
import { attestationKey, indexKey, manifestKey, objectKey } from '@kivyx-ota/manifest';
import { createPublisher, type Publisher, type ReleaseInput, retirable } from '@kivyx-ota/publisher';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytecode, options, release, SCOPE } from './samples.ts';
import { intercepted, Killed, mortal } from './storages.ts';

const DAY = 86_400;
const START = 1_790_000_000;

/** A bucket with a clock of its own. */
function world(): {
  readonly storage: ObjectStorage;
  readonly pass: (seconds: number) => void;
  readonly publisher: (channel?: string, storage?: ObjectStorage, patient?: boolean) => Publisher;
} {
  const storage = memoryStorage();
  let nowMs = START * 1000;
  return {
    pass: (seconds) => {
      nowMs += seconds * 1000;
    },
    publisher: (channel = 'production', through = storage, patient = true) =>
      createPublisher(
        options({
          clock: { nowMs: () => nowMs },
          patchBaseCount: 1,
          scope: { ...SCOPE, channel },
          sleep: async (ms) => {
            if (patient) nowMs += ms;
          },
          storage: through,
        }),
      ),
    storage,
  };
}

/** Small enough for hundreds of publishes. */
const small = (version: string, assets: readonly string[] = []): ReleaseInput =>
  release(version, {
    assets: assets.map((name) => ({ bytes: new TextEncoder().encode(`asset ${name}`), path: name })),
    launch: { bytes: bytecode(`print(${JSON.stringify(version)});`.repeat(20)), path: 'main.hbc' },
  });

const keysOf = async (storage: ObjectStorage): Promise<string[]> =>
  (await storage.list('')).objects.map(({ key }) => key);

const retention = { indexes: 1, seconds: 0 };

describe('collectGarbage', () => {
  it('marks first, deletes a day later, and keeps everything that an index names', async () => {
    const { pass, publisher, storage } = world();
    const one = publisher();
    for (const version of ['1', '2', '3', '4']) await one.publish(small(version, [`${version}.png`]));
    expect((await one.retire({ keep: 1 })).releases.map(({ version }) => version)).toEqual(['4']);

    // The indexes that name 1 to 3 have not expired: a device may hold one.
    expect(await one.collectGarbage({ retention })).toMatchObject({ deleted: [], waiting: [] });
    pass(8 * DAY);
    await one.refresh();
    const first = await one.collectGarbage({ retention });
    expect(first.deleted).toEqual([]);
    expect(first.waiting.map(({ key }) => key.split('/')[0]).sort()).toEqual(
      // Of 1 to 3: launch files (that of 3 is the base of a patch), images, manifests, patches.
      [
        ...Array.from({ length: 5 }, () => 'objects'),
        'manifests',
        'manifests',
        'manifests',
        'patches',
        'patches',
      ].sort(),
    );
    pass(DAY - 1);
    expect(await one.collectGarbage({ retention })).toMatchObject({ deleted: [] });
    pass(1);
    const second = await one.collectGarbage({ retention });
    expect(second.deleted.map(({ key }) => key).sort()).toEqual(first.waiting.map(({ key }) => key).sort());
    expect(second.deletedBytes).toBeGreaterThan(0);
    expect(await one.verify()).toMatchObject({ problems: [], releases: 1 });
    expect(await one.collectGarbage({ retention })).toMatchObject({ deleted: [], waiting: [] });
    // The log is an audit trail: it is never collected.
    expect((await keysOf(storage)).filter((key) => key.includes('/log/'))).toHaveLength(6);
    expect((await one.readAuditLog()).problems).toEqual([]);
  });

  it('only looks in a dry run', async () => {
    const { pass, publisher, storage } = world();
    await expect(
      publisher('production', mortal(storage, 6)).publish(small('lost', ['lost.png'])),
    ).rejects.toBeInstanceOf(Killed);
    const before = await keysOf(storage);
    expect(before.length).toBeGreaterThan(0);
    const dry = await publisher().collectGarbage({ dryRun: true });
    expect(dry.waiting.map(({ key }) => key).sort()).toEqual(before);
    expect(await keysOf(storage)).toEqual(before);

    await publisher().collectGarbage();
    pass(2 * DAY);
    const due = await publisher().collectGarbage({ dryRun: true });
    expect(due).toMatchObject({ dryRun: true, waiting: [] });
    expect(due.deleted).toHaveLength(before.length);
    expect((await keysOf(storage)).filter((key) => !key.startsWith('gc/'))).toEqual(before);
  });

  it('keeps what other channels name, attestations, variants, source maps; leaves alone what it does not know', async () => {
    const { pass, publisher, storage } = world();
    const { release: r } = await publisher('beta').publish(small('1', ['a.png']));
    for (const key of [
      `${objectKey(r.launchSha256Hex)}.br`,
      attestationKey(r.manifest.sha256Hex),
      `sourcemaps/${r.launchSha256Hex}`,
      'roots/0000000001.cose',
      'something/else',
    ])
      await storage.put(key, Uint8Array.of(1));
    const stray = [
      `${objectKey('0'.repeat(64))}`,
      `${objectKey('0'.repeat(64))}.br`,
      `sourcemaps/${'0'.repeat(64)}`,
    ];
    for (const key of stray) await storage.put(key, Uint8Array.of(1));
    const before = await keysOf(storage);
    await publisher().collectGarbage();
    pass(DAY);
    const { deleted } = await publisher().collectGarbage();
    expect(deleted.map(({ key }) => key).sort()).toEqual(stray.sort());
    expect((await keysOf(storage)).filter((key) => !key.startsWith('gc/'))).toEqual(
      before.filter((key) => !stray.includes(key)),
    );
  });

  it('keeps the releases that a server has in its database', async () => {
    const { pass, publisher, storage } = world();
    const { release: r } = await publisher().publish(small('1'));
    await storage.delete(indexKey(SCOPE));
    for (const { key } of (await storage.list('channels/')).objects) await storage.delete(key);
    await publisher().collectGarbage({ alsoKeep: [{ releases: [r] }] });
    pass(DAY);
    expect((await publisher().collectGarbage({ alsoKeep: [{ releases: [r] }] })).deleted).toEqual([]);
    expect(await storage.head(manifestKey(r.manifest.sha256Hex))).toBeDefined();
  });

  it.each([
    ['an index', (key: string) => key.endsWith('/index.cose')],
    ['a log entry', (key: string) => key.includes('/log/')],
    ['a manifest', (key: string) => key.startsWith('manifests/')],
  ])('deletes nothing when %s cannot be read', async (_name, isIt) => {
    const { pass, publisher, storage } = world();
    await publisher().publish(small('1'));
    await storage.put(objectKey('0'.repeat(64)), Uint8Array.of(1));
    await publisher().collectGarbage();
    pass(DAY);
    const key = (await keysOf(storage)).find(isIt) as string;
    await storage.put(key, Uint8Array.of(1, 2, 3));
    const before = await keysOf(storage);
    await expect(publisher().collectGarbage()).rejects.toMatchObject({ code: 'ERR_PUBLISH_GARBAGE' });
    expect(await keysOf(storage)).toEqual(before);
  });

  it('refuses a grace period that a publisher could outlast', async () => {
    await expect(world().publisher().collectGarbage({ graceSeconds: 60 })).rejects.toThrow(RangeError);
  });

  it('a publisher that took longer than it may does not swap the index', async () => {
    const { pass, publisher, storage } = world();
    await publisher().publish(small('1'));
    const slow = intercepted(storage, (call) => (call === 5 ? pass(4000) : undefined));
    await expect(publisher('production', slow).publish(small('2'))).rejects.toMatchObject({
      code: 'ERR_PUBLISH_TOO_SLOW',
      retryable: true,
    });
    expect((await publisher().read())?.index.sequence).toBe(1);
    expect(await publisher().publish(small('2'))).toMatchObject({ sequence: 2 });
  });
});

describe('collecting while publishing', () => {
  /** A killed publisher left everything of release 2 behind, and it was marked a day ago. */
  async function prepared(): Promise<ReturnType<typeof world>> {
    const there = world();
    const { publisher, storage } = there;
    await publisher().publish(small('1', ['a.png']));
    let last = 0;
    const probe = intercepted(storage, (call, verb) => {
      last = call;
      // The second swap of the index never happens.
      if (verb === 'put' && call > 1 && probe.calls() > 12) throw new Killed();
    });
    await publisher('production', probe)
      .publish(small('2', ['a.png', 'b.png', 'c.png']))
      .catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
    expect(last).toBeGreaterThan(5);
    expect((await publisher().collectGarbage()).waiting.length).toBeGreaterThan(1);
    there.pass(DAY + 1);
    return there;
  }
  const again = small('2', ['a.png', 'b.png', 'c.png']);
  /** What may be lost is the race; then it is run again. */
  const orRetryable = async (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => true,
      (error: unknown) => {
        if (isOtaError(error) && error.retryable) return false;
        throw error;
      },
    );

  it('between any two storage calls of a publisher: nothing is lost', async () => {
    const counter = await prepared();
    const probe = intercepted(counter.storage, () => undefined);
    await counter.publisher('production', probe).publish(again);
    let collected = 0;
    for (let at = 1; at <= probe.calls() + 1; at++) {
      const { publisher, storage } = await prepared();
      const paused = intercepted(storage, async (call) => {
        if (call === at && (await orRetryable(publisher().collectGarbage()))) collected++;
      });
      if (!(await orRetryable(publisher('production', paused).publish(again))))
        await publisher().publish(again);
      expect(await publisher().verify(), `at ${at}`).toMatchObject({ problems: [], releases: 2 });
    }
    expect(collected).toBeGreaterThan(0);
  });

  it('between any two storage calls of a collector: nothing is lost', async () => {
    const counter = await prepared();
    const probe = intercepted(counter.storage, () => undefined);
    expect((await counter.publisher('production', probe).collectGarbage()).deleted.length).toBeGreaterThan(0);
    for (let at = 1; at <= probe.calls(); at++) {
      const { publisher, storage } = await prepared();
      const paused = intercepted(storage, async (call, verb) => {
        // A delete that was asked for takes effect soon: time stands still then, and the publisher has to give up.
        const one = publisher('production', storage, verb !== 'delete');
        if (call === at && !(await orRetryable(one.publish(again)))) await orRetryable(one.publish(again));
      });
      await orRetryable(publisher('production', paused).collectGarbage());
      expect((await publisher().verify()).problems, `at ${at}`).toEqual([]);
      // And once more after everything has settled.
      await publisher().publish(again);
      expect(await publisher().verify(), `at ${at}`).toMatchObject({ problems: [], releases: 2 });
    }
  });

  it('a collector killed anywhere leaves a channel that verifies, and the next one goes on', async () => {
    const counter = await prepared();
    const probe = intercepted(counter.storage, () => undefined);
    await counter.publisher('production', probe).collectGarbage();
    for (let deadly = 1; deadly <= probe.calls(); deadly++) {
      const { pass, publisher, storage } = await prepared();
      await expect(publisher('production', mortal(storage, deadly)).collectGarbage()).rejects.toBeInstanceOf(
        Killed,
      );
      expect((await publisher().verify()).problems).toEqual([]);
      pass(1000);
      await publisher().collectGarbage();
      expect((await publisher().collectGarbage()).waiting).toEqual([]);
    }
  });

  it('both at once, in any order of their steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const { publisher, storage } = await prepared();
        const step = (name: string): ObjectStorage =>
          intercepted(storage, async (call, verb) => {
            await scheduler.schedule(Promise.resolve(), `${name} ${call} ${verb}`);
          });
        const publishing = orRetryable(publisher('production', step('publish')).publish(again));
        const collecting = orRetryable(publisher('production', step('collect')).collectGarbage());
        await scheduler.waitFor(Promise.all([publishing, collecting]));
        if (!(await publishing)) await publisher().publish(again);
        expect(await publisher().verify()).toMatchObject({ problems: [], releases: 2 });
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});

describe('random histories', () => {
  const step = fc.oneof(
    {
      arbitrary: fc.record({ do: fc.constant('publish'), channel: fc.nat(1), version: fc.nat(6) }),
      weight: 5,
    },
    {
      arbitrary: fc.record({
        deadly: fc.integer({ max: 25, min: 1 }),
        do: fc.constant('killed'),
        version: fc.nat(6),
      }),
      weight: 3,
    },
    { arbitrary: fc.record({ do: fc.constant('collect'), dry: fc.boolean() }), weight: 4 },
    {
      arbitrary: fc.record({
        do: fc.constant('retire'),
        channel: fc.nat(1),
        keep: fc.integer({ max: 3, min: 1 }),
      }),
      weight: 2,
    },
    {
      arbitrary: fc.record({ do: fc.constant('pass'), seconds: fc.constantFrom(60, DAY, 4 * DAY, 40 * DAY) }),
      weight: 4,
    },
    { arbitrary: fc.record({ do: fc.constant('promote') }), weight: 1 },
    { arbitrary: fc.record({ do: fc.constant('refresh'), channel: fc.nat(1) }), weight: 1 },
  );

  it('whatever was published, killed, retired, promoted and collected: every channel verifies to its last byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { pass, publisher, storage } = world();
        const channels = ['production', 'beta'] as const;
        for (const one of steps as readonly unknown[] as readonly Record<string, never>[]) {
          const of = publisher(channels[one['channel'] ?? 0]);
          const input = small(`1.${one['version'] ?? 0}`, [`${one['version'] ?? 0}.png`, 'same.png']);
          const work: Record<string, () => Promise<unknown>> = {
            collect: () => of.collectGarbage({ dryRun: one['dry'], retention }),
            killed: () => publisher('production', mortal(storage, one['deadly'])).publish(input),
            pass: async () => pass(one['seconds']),
            promote: async () => {
              const from = (await publisher('beta').read())?.index.releases.at(-1);
              return from === undefined ? undefined : of.promote(from);
            },
            publish: () => of.publish(input),
            refresh: () => of.refresh(),
            retire: () => of.retire({ keep: one['keep'] }),
          };
          await work[one['do'] as string]?.().catch((error: unknown) => {
            if (!(error instanceof Killed) && !isOtaError(error)) throw error;
            if (isOtaError(error, 'ERR_PUBLISH_GARBAGE')) throw error;
          });
        }
        for (const channel of channels) {
          expect((await publisher(channel).verify()).problems).toEqual([]);
          // Closes the gap that a publisher leaves when it is killed between the swap and the log.
          await publisher(channel).refresh();
          expect((await publisher(channel).readAuditLog()).problems).toEqual([]);
        }
      }),
      { numRuns: Number(process.env['GC_HISTORIES'] ?? 60) },
    );
  }, 600_000);
});

describe('retire', () => {
  it('keeps what a revoked release points to, what is revoked, and what has no successor for everybody', async () => {
    const { publisher } = world();
    const one = publisher();
    const ids: string[] = [];
    for (const version of ['1', '2', '3', '4', '5'])
      ids.push((await one.publish(small(version))).release.releaseId);
    await one.revoke(ids[3] as string, { rollbackTo: ids[0] as string });
    const index = (await one.read())?.index;
    expect(retirable(index as never, 1).map(({ version }) => version)).toEqual(['2', '3']);
    await one.setRollout(ids[4] as string, 5000);
    // Half of the devices still need 3.
    expect((await one.retire({ keep: 1 })).releases.map(({ version }) => version)).toEqual([
      '1',
      '3',
      '4',
      '5',
    ]);
    expect((await one.verify()).problems).toEqual([]);
    await expect(one.retire({ keep: 0 })).rejects.toThrow(RangeError);
  });
});

it('a promoted release takes its files off the list of the collector', async () => {
  const { pass, publisher, storage } = world();
  const { release: r } = await publisher('beta').publish(small('1', ['a.png']));
  for (const { key } of (await storage.list('channels/')).objects) await storage.delete(key);
  await publisher().collectGarbage();
  pass(DAY);
  await publisher().promote(r);
  expect((await publisher().collectGarbage()).deleted).toEqual([]);
  expect((await publisher().verify()).problems).toEqual([]);
});
