import { publishError } from '../error.ts';
import type { PublisherOptions } from '../options.ts';
import {
  CLOCK_SKEW_SECONDS,
  PUBLISH_WINDOW_SECONDS,
  readMarks,
  swapMarks,
  withoutVariant,
} from './sweep-marks.ts';
import { wait } from '../wait.ts';

/** Keeps the collector away from what a publisher is about to name. */
export interface SweepGuard {
  /** Call before looking whether `keys` are there. Costs nothing when none of them is marked. */
  protect(keys: readonly string[]): Promise<void>;
  /** Call right before the index names anything. @throws ERR_PUBLISH_TOO_SLOW */
  checkTime(): void;
}

/** A patch is looked for in every format, an object with its variants. */
function family(key: string): string {
  return key.startsWith('patches/') ? key.replace(/\.[a-z0-9]+$/, '') : withoutVariant(key);
}

const MAX_ATTEMPTS = 60;
const WAIT_MS = 10_000;

/**
 * Reads the collector's marks once. What is marked later is not deleted before this publisher has either swapped the index or given
 * up, because the collector waits longer than a publisher may take; what is marked already is taken off the list before it
 * is relied on, by compare-and-swap against the collector's own.
 */
export async function openSweepGuard(options: PublisherOptions): Promise<SweepGuard> {
  const { clock, storage } = options;
  const startedMs = clock.nowMs();
  const first = await readMarks(storage);
  const marked = new Set(Object.keys(first.marks).map(family));
  return {
    checkTime: () => {
      const seconds = (clock.nowMs() - startedMs) / 1000;
      if (seconds <= PUBLISH_WINDOW_SECONDS) return;
      throw publishError(
        'ERR_PUBLISH_TOO_SLOW',
        `This took ${Math.round(seconds)} s, at most ${PUBLISH_WINDOW_SECONDS} are allowed: what it relies on may be collected. Run it again, what is uploaded is found.`,
        { retryable: true },
      );
    },
    protect: async (keys) => {
      const wanted = new Set(keys.map(family).filter((key) => marked.has(key)));
      if (wanted.size > 0) await unmark(options, wanted);
    },
  };
}

async function unmark(
  { clock, sleep = wait, storage }: PublisherOptions,
  wanted: ReadonlySet<string>,
): Promise<void> {
  const isWanted = (key: string): boolean => wanted.has(family(key));
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const before = await readMarks(storage);
    const keys = Object.keys(before.marks);
    const rest = keys.filter((key) => !isWanted(key));
    if (rest.length === keys.length) return;
    const sweep = before.sweep;
    if (sweep?.keys.some(isWanted) === true) {
      const over = clock.nowMs() / 1000 > sweep.untilSeconds + CLOCK_SKEW_SECONDS;
      if (!over) {
        await sleep(WAIT_MS);
        continue;
      }
    }
    const marks = Object.fromEntries(rest.map((key) => [key, before.marks[key] as number]));
    const stillSweeping = sweep === undefined || sweep.keys.some(isWanted) ? {} : { sweep };
    if ((await swapMarks(storage, before, { marks, ...stillSweeping })).written) return;
  }
  throw publishError(
    'ERR_PUBLISH_CONTENTION',
    'Garbage is being collected, and some of it is needed again; try again in a few minutes',
    { retryable: true },
  );
}
