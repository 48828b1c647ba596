import type { ChannelIndex } from '@kivyx-ota/manifest';
import { publishError } from '../error.ts';
import { inParallel } from '../in-parallel.ts';
import { listAll } from './list-all.ts';
import { findLiveKeys, type Retention } from './live-keys.ts';
import type { PublisherOptions } from '../options.ts';
import {
  CLOCK_SKEW_SECONDS,
  PUBLISH_WINDOW_SECONDS,
  readMarks,
  type StoredMarks,
  swapMarks,
  type SweepMarks,
  withoutVariant,
} from './sweep-marks.ts';

/** Options of `collectGarbage`. */
export interface GarbageOptions {
  /** Which indexes of the past still count. */
  readonly retention?: Retention;
  /** Time between finding an object unused and deleting it; default a day, at least two hours. */
  readonly graceSeconds?: number;
  /** Say what would happen, write nothing. */
  readonly dryRun?: boolean;
  /** More indexes whose releases stay: those that a server keeps in its database. */
  readonly alsoKeep?: readonly Pick<ChannelIndex, 'releases'>[];
}

/** An object that no index in retention names. */
export interface Garbage {
  readonly key: string;
  readonly sizeBytes: number;
  /** When it may be deleted, at the earliest. */
  readonly dueAtSeconds: number;
}

/** What was collected; with `dryRun`, what would be. */
export interface GarbageReport {
  readonly dryRun: boolean;
  readonly live: { readonly objects: number; readonly bytes: number };
  /** Deleted now: found unused at least the grace period ago, and still unused. */
  readonly deleted: readonly Garbage[];
  readonly deletedBytes: number;
  /** Unused, but not for long enough; run it again when they are due. */
  readonly waiting: readonly Garbage[];
}

/** All that can be garbage. Indexes, their log and the roots never are. */
const FOLDERS = ['attestations/', 'manifests/', 'objects/', 'patches/', 'sourcemaps/'] as const;
const SWEEP_SECONDS = 600;
const DELETES_AT_ONCE = 16;
const DAY = 86_400;

/**
 * Deletes what no index in retention names, of all channels in the storage, in two steps: what is unused is marked, and deleted by a
 * run at least `graceSeconds` later that still finds it unused. A publisher that relies on something marked takes it off the list by
 * compare-and-swap, and none takes longer than the grace period; so collecting and publishing may run at once, and no
 * adapter has to know how old an object is. Clocks may differ by five minutes, and a delete that was asked for has to take effect
 * within that time.
 *
 * @throws ERR_PUBLISH_GARBAGE when it cannot be told what is in use: then nothing is deleted
 * @throws ERR_PUBLISH_NO_CONDITIONAL_WRITES, ERR_PUBLISH_CONTENTION when another collector is at work
 * @throws RangeError
 */
export async function collectGarbage(
  options: PublisherOptions,
  { alsoKeep = [], dryRun = false, graceSeconds = DAY, retention = {} }: GarbageOptions,
): Promise<GarbageReport> {
  const { clock, storage } = options;
  checkArguments(options, graceSeconds, retention);
  const startedSeconds = Math.floor(clock.nowMs() / 1000);
  // In this order: what is uploaded or named after a step is not seen by it, and both err on the side of keeping.
  const before = await readMarks(storage);
  if (before.sweep !== undefined && startedSeconds <= before.sweep.untilSeconds + CLOCK_SKEW_SECONDS) {
    throw publishError('ERR_PUBLISH_CONTENTION', 'Another collector is at work; try again later', {
      retryable: true,
    });
  }
  const inventory = (await Promise.all(FOLDERS.map((folder) => listAll(storage, folder)))).flat();
  const live = await findLiveKeys(options, retention, alsoKeep);
  const unused = inventory
    .filter(({ key }) => !live.has(withoutVariant(key)))
    .map(({ key, sizeBytes }): Garbage => {
      const since = before.marks[key] ?? startedSeconds;
      return { dueAtSeconds: since + graceSeconds, key, sizeBytes };
    });
  const due = unused.filter(({ dueAtSeconds }) => dueAtSeconds <= startedSeconds);
  const marks = Object.fromEntries(unused.map(({ key, dueAtSeconds }) => [key, dueAtSeconds - graceSeconds]));
  const deleted = dryRun ? due : await sweep(options, before, marks, due, startedSeconds);
  const sum = (list: readonly { readonly sizeBytes: number }[]): number =>
    list.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
  return {
    deleted,
    deletedBytes: sum(deleted),
    dryRun,
    live: { bytes: sum(inventory) - sum(unused), objects: inventory.length - unused.length },
    waiting: unused.filter((one) => !deleted.includes(one)),
  };
}

/** Announces what will be deleted, deletes it, and writes down what is left. Gives what was deleted. */
async function sweep(
  options: PublisherOptions,
  before: StoredMarks,
  marks: SweepMarks['marks'],
  due: readonly Garbage[],
  startedSeconds: number,
): Promise<readonly Garbage[]> {
  const { clock, storage } = options;
  if (due.length === 0) {
    if (Object.keys(marks).length + Object.keys(before.marks).length > 0)
      await announce(options, before, { marks });
    return [];
  }
  const untilSeconds = startedSeconds + SWEEP_SECONDS;
  await announce(options, before, { marks, sweep: { keys: due.map(({ key }) => key), untilSeconds } });
  const deleted: Garbage[] = [];
  await inParallel(due, DELETES_AT_ONCE, async (one) => {
    // Publishers believe that nothing is deleted after this moment.
    if (clock.nowMs() / 1000 >= untilSeconds) return;
    await storage.delete(one.key);
    deleted.push(one);
  });
  for (;;) {
    const now = await readMarks(storage);
    const gone = new Set(deleted.map(({ key }) => key));
    const rest = Object.fromEntries(Object.entries(now.marks).filter(([key]) => !gone.has(key)));
    // Only our own announcement ends here: after a long pause the one that stands may be another collector's.
    const ours = now.sweep?.untilSeconds === untilSeconds && now.sweep.keys[0] === due[0]?.key;
    const next = now.sweep === undefined || ours ? { marks: rest } : { marks: rest, sweep: now.sweep };
    if ((await swapMarks(storage, now, next)).written) return deleted;
  }
}

async function announce({ storage }: PublisherOptions, before: StoredMarks, next: SweepMarks): Promise<void> {
  if ((await swapMarks(storage, before, next)).written) return;
  throw publishError(
    'ERR_PUBLISH_CONTENTION',
    'A publisher or another collector was faster; nothing was deleted, run it again',
    { retryable: true },
  );
}

function checkArguments(
  { storage }: PublisherOptions,
  graceSeconds: number,
  { indexes = 20, seconds = 0 }: Retention,
): void {
  const least = 2 * PUBLISH_WINDOW_SECONDS;
  if (!Number.isFinite(graceSeconds) || graceSeconds < least) {
    throw new RangeError(
      `collectGarbage: graceSeconds must be at least ${least}, twice what a publisher may take; got ${graceSeconds}`,
    );
  }
  for (const [name, value] of [
    ['indexes', indexes],
    ['seconds', seconds],
  ] as const) {
    if (!Number.isFinite(value) || value < 0)
      throw new RangeError(`collectGarbage: retention.${name} must be at least 0, got ${value}`);
  }
  if (!storage.capabilities.conditionalWrites) {
    throw publishError(
      'ERR_PUBLISH_NO_CONDITIONAL_WRITES',
      `The storage ${storage.name} cannot write conditionally: a publisher at the same time would lose files. Wrap it in withLock().`,
    );
  }
}
