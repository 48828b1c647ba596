import { serverError } from './error.ts';
import type { Metrics } from './metrics.ts';

/** What requests are counted as. `check`: index and update; `file`: what the storage serves. */
export type RequestClass = 'check' | 'telemetry' | 'admin' | 'file';

/** Requests in work at once, by class. */
export type InFlightLimits = Readonly<Record<RequestClass, number>>;

/** Telemetry: few, so that what waits for a synchronous database driver is some milliseconds of work. */
export const DEFAULT_IN_FLIGHT: InFlightLimits = { admin: 32, check: 1000, file: 256, telemetry: 16 };

/**
 * Sheds load class by class: what is too much of one kind is refused before it costs anything, so that it cannot slow another.
 */
export function createInFlightLimits(
  limits: InFlightLimits,
  metrics: Metrics,
): {
  /** Does `work`, or refuses. @throws ERR_SERVER_OVERLOADED */
  run<T>(kind: RequestClass, work: () => T | Promise<T>): Promise<T>;
  counts(): Readonly<Record<RequestClass, number>>;
} {
  for (const [kind, limit] of Object.entries(limits))
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new RangeError(`createOtaServer: maxInFlight.${kind} ${limit}, expected 1 or more`);
  const counts: Record<RequestClass, number> = { admin: 0, check: 0, file: 0, telemetry: 0 };
  return {
    counts: () => counts,
    run: async (kind, work) => {
      if (counts[kind] >= limits[kind]) {
        metrics.count('kivyx_shed_requests_total', { class: kind });
        throw serverError(
          'ERR_SERVER_OVERLOADED',
          `Too many requests of this kind (${kind}) at once; try again`,
          {
            details: { retryAfterSeconds: kind === 'telemetry' ? 10 : 2 },
          },
        );
      }
      counts[kind]++;
      try {
        return await work();
      } finally {
        counts[kind]--;
      }
    },
  };
}
