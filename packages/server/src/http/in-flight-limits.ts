import { problemResponse, serverError } from './error.ts';
import type { Metrics } from './metrics.ts';

/** What requests are counted as. `check`: index and update; `file`: what the storage serves. */
export type RequestClass = 'check' | 'telemetry' | 'admin' | 'file';

/** Requests in work at once, by class. */
export type InFlightLimits = Readonly<Record<RequestClass, number>>;

/** Telemetry: one write's worth, so that what waits for a synchronous database driver is a few milliseconds of work. */
export const DEFAULT_IN_FLIGHT: InFlightLimits = { admin: 32, check: 1000, file: 256, telemetry: 16 };

const RETRY_SECONDS: InFlightLimits = { admin: 2, check: 2, file: 2, telemetry: 10 };
/**
 * Refused telemetry is told so a moment later: whoever sends over connections that it uses again (a proxy, a broken client) sends no
 * faster than it is answered, and parsing what will be refused is most of what a flood costs. Above so many it is told at once.
 */
const HOLD_MS = 250;
const MAX_HELD = 1000;

/**
 * Sheds load class by class: what is too much of one kind is refused before its body is read, so that it cannot slow another.
 */
export function createInFlightLimits(
  limits: InFlightLimits,
  metrics: Metrics,
): {
  /** Does `work`, or answers 503 with Retry-After. */
  run(kind: RequestClass, work: () => Promise<Response>): Promise<Response>;
  counts(): Readonly<Record<RequestClass, number>>;
} {
  for (const [kind, limit] of Object.entries(limits))
    if (!Number.isSafeInteger(limit) || limit < 1)
      throw new RangeError(`createOtaServer: maxInFlight.${kind} ${limit}, expected 1 or more`);
  const counts: Record<RequestClass, number> = { admin: 0, check: 0, file: 0, telemetry: 0 };
  let held = 0;
  const refuse = async (kind: RequestClass): Promise<Response> => {
    metrics.count('kivyx_shed_requests_total', { class: kind });
    if (kind === 'telemetry' && held < MAX_HELD) {
      held++;
      await new Promise((resolve) => setTimeout(resolve, HOLD_MS));
      held--;
    }
    return problemResponse(
      serverError('ERR_SERVER_OVERLOADED', `Too many requests of this kind (${kind}) at once; try again`, {
        details: { retryAfterSeconds: RETRY_SECONDS[kind] },
      }),
    );
  };
  return {
    counts: () => counts,
    run: async (kind, work) => {
      if (counts[kind] >= limits[kind]) return refuse(kind);
      counts[kind]++;
      try {
        return await work();
      } finally {
        counts[kind]--;
      }
    },
  };
}
