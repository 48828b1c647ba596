import { channelKey, type OtaDatabase, type StoredEvent } from '@kivyx-ota/database';
import type { ConformanceCase } from './case.ts';
import { audit, commit, event, release, SCOPE } from './database-samples.ts';
import { expectThat } from './expect.ts';

/** Options of {@link databaseContentionCases}. */
export interface DatabaseContentionOptions {
  /** One empty database, seen through several connections (processes, where that is cheap). At least one. */
  readonly open: () => Promise<readonly OtaDatabase[]>;
  /** Default 8. */
  readonly writers?: number;
  /** What each of them changes. Default 5. */
  readonly changesPerWriter?: number;
}

const HOUR = 3600;
const START = 1_790_000_000 - (1_790_000_000 % HOUR);

/**
 * Many writers at once, in the patterns of a server: nobody's change is lost, nothing counts twice. Slower than `databaseCases`, which has
 * the single races.
 */
export function databaseContentionCases({
  open,
  writers = 8,
  changesPerWriter = 5,
}: DatabaseContentionOptions): readonly ConformanceCase[] {
  const team = async (): Promise<readonly OtaDatabase[]> => {
    const opened = await open();
    if (opened.length === 0) throw new RangeError('databaseContentionCases: open() gave no database');
    return Array.from({ length: writers }, (_, i) => opened[i % opened.length] as OtaDatabase);
  };

  return [
    {
      clause: 4,
      id: 'database/4-contention',
      run: async () => {
        const databases = await team();
        const any = databases[0] as OtaDatabase;
        const start = { ...release(1).release, rolloutBasisPoints: 0 };
        await any.commitChannel(commit(0, { releases: [{ indexed: true, release: start }] }));
        await Promise.all(
          databases.map(async (database, writer) => {
            for (let i = 0; i < changesPerWriter; i++) await raiseRollout(database, `writer ${writer}`);
          }),
        );
        const changes = writers * changesPerWriter;
        const rollout = (await any.readRelease(SCOPE, 'r1'))?.release.rolloutBasisPoints;
        expectThat(
          rollout === changes,
          `rollout ${rollout} after ${changes} steps of one: changes were lost`,
        );
        const revision = (await any.readHead(SCOPE))?.revision;
        expectThat(revision === changes + 1, `revision ${revision} after ${changes + 1} commits`);
        const entries = (await any.listAudit(channelKey(SCOPE), { limit: changes + 1 })).items;
        expectThat(
          entries.length === changes && entries.every(({ number }, i) => number === changes - i),
          `audit numbers ${entries.map(({ number }) => number).join(' ')}`,
        );
        for (let writer = 0; writer < writers; writer++) {
          const own = entries.filter(({ actor }) => actor === `writer ${writer}`).length;
          expectThat(
            own === changesPerWriter,
            `${own} of ${changesPerWriter} audit entries of writer ${writer}`,
          );
        }
      },
      title: `clause 4: ${writers} writers raise one rollout ${changesPerWriter} times each; no step is lost`,
    },
    {
      clause: 10,
      id: 'database/10-contention',
      run: async () => {
        const databases = await team();
        const any = databases[0] as OtaDatabase;
        await any.commitChannel(commit(0, { releases: [release(1)] }));
        const devices = 40;
        // Every device reports twice, in two hours, by two events; every writer tells a part of it, overlapping, in its own order.
        const all: StoredEvent[] = Array.from({ length: devices * 2 }, (_, i) =>
          event(`e${i}`, `d${i % devices}`, {
            atSeconds: START + (i < devices ? 0 : HOUR),
            marks: i % 3 === 0 ? ['exposed', 'healthy', 'failed'] : ['healthy', 'exposed'],
          }),
        );
        const accepted = await Promise.all(
          databases.map(async (database, writer) => {
            let sum = 0;
            for (let from = 0; from < all.length; from += 20) {
              const at = (from + writer * 20) % all.length;
              const batch = [...all.slice(at, at + 20), ...all.slice(0, 15)];
              sum += await database.recordEvents(writer % 2 === 0 ? batch : batch.reverse());
              if (from === 20) await raiseRollout(database, `writer ${writer}`);
            }
            return sum;
          }),
        );
        const sum = accepted.reduce((a, b) => a + b, 0);
        expectThat(sum === all.length, `${sum} events were accepted, there are ${all.length}`);
        const failed = new Set(
          all.filter(({ marks }) => marks.includes('failed')).map(({ deviceHash }) => deviceHash),
        ).size;
        const counts = await any.readCounts(SCOPE, 'r1');
        const hours = await any.readAdoption(SCOPE, 'r1', { fromSeconds: 0, toSeconds: START + 2 * HOUR });
        for (const [mark, expected] of [
          ['exposed', devices],
          ['failed', failed],
          ['healthy', devices],
        ] as const) {
          const total = counts.find((one) => one.mark === mark)?.devices;
          expectThat(total === expected, `${total} devices are ${mark}, expected ${expected}`);
          const hourly = hours.filter((one) => one.mark === mark).reduce((a, one) => a + one.devices, 0);
          expectThat(hourly === expected, `${hourly} devices are ${mark} in the hours, ${expected} in all`);
        }
      },
      title: `clause 10: ${writers} writers tell the same devices' events at once; each device counts once`,
    },
    {
      clause: 11,
      id: 'database/11-contention',
      run: async () => {
        const databases = await team();
        const any = databases[0] as OtaDatabase;
        for (let from = 0; from < 100; from += 50)
          await any.recordEvents(
            Array.from({ length: 50 }, (_, i) =>
              event(`old${from + i}`, `d${i}`, { expiresAtSeconds: 1_790_000_000 + i }),
            ),
          );
        const removed = await Promise.all(
          databases.map(async (database, writer) => {
            let sum = 0;
            for (let i = 0; i < 5; i++) {
              sum += await database.removeExpired(1_790_000_000 + 49, 10);
              await database.recordEvents([
                event(`new${writer}-${i}`, `d${i}`, { expiresAtSeconds: 1_790_000_000 + 50 }),
              ]);
            }
            return sum;
          }),
        );
        let sum = removed.reduce((a, b) => a + b, 0);
        for (let last = 1; last > 0; sum += last) last = await any.removeExpired(1_790_000_000 + 49, 50);
        expectThat(sum === 100, `${sum} events were removed, 100 had expired`);
        const kept = await any.removeExpired(1_790_000_000 + 50, 1000);
        expectThat(kept === writers * 5, `${kept} events were left, expected ${writers * 5}`);
      },
      title: `clause 11: ${writers} sweepers and writers at once remove each expired event once, and nothing else`,
    },
  ];
}

/** As the server does it: read, change, compare-and-swap, again when somebody was faster. */
async function raiseRollout(database: OtaDatabase, actor: string): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const head = await database.readHead(SCOPE);
    const [stored] = await database.listIndexed(SCOPE);
    if (head === undefined || stored === undefined) throw new Error('the channel is gone');
    const { rolloutBasisPoints } = stored.release;
    const result = await database.commitChannel(
      commit(head.revision, {
        audit: { ...audit('rollout'), actor },
        releases: [{ ...stored, release: { ...stored.release, rolloutBasisPoints: rolloutBasisPoints + 1 } }],
      }),
    );
    if (result.committed) return;
  }
  throw new Error('500 lost races in a row: nobody makes progress');
}
