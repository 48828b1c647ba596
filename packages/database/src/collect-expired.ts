import type { Clock } from '@kivyx-ota/core';
import type { OtaDatabase } from './ota-database.ts';

/** Options of {@link collectExpired}. */
export interface CollectExpiredOptions {
  readonly clock: Clock;
  /** Events per transaction. Small ones hold locks for a short time. Default 500. */
  readonly batchSize?: number;
  /** Default 1000: at most half a million events in one run. */
  readonly maxBatches?: number;
}

/** What {@link collectExpired} did. */
export interface CollectedExpired {
  readonly removed: number;
  /** False when `maxBatches` ended it: run it again. */
  readonly finished: boolean;
}

/**
 * The retention job: removes every event that has expired, in batches, and nothing else. Run it from cron where no server sweeps
 * (a server with telemetry sweeps by itself, twice as much as it writes). Any number of them may run at once.
 *
 * @throws ERR_DATABASE_UNAVAILABLE; what was removed before stays removed
 */
export async function collectExpired(
  database: OtaDatabase,
  { clock, batchSize = 500, maxBatches = 1000 }: CollectExpiredOptions,
): Promise<CollectedExpired> {
  for (const [name, value] of Object.entries({ batchSize, maxBatches }))
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`collectExpired: ${name} is ${value}, expected a whole number from 1`);
  // Taken once: a run ends although new events expire meanwhile.
  const nowSeconds = Math.floor(clock.nowMs() / 1000);
  let removed = 0;
  for (let batch = 0; batch < maxBatches; batch++) {
    const count = await database.removeExpired(nowSeconds, batchSize);
    removed += count;
    if (count < batchSize) return { finished: true, removed };
  }
  return { finished: false, removed };
}
