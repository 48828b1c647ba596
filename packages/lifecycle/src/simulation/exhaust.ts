import { type Schedule, simulate } from './simulate.ts';

/** What {@link exhaust} came to. */
export interface ExhaustiveReport {
  readonly schedules: number;
  readonly boots: number;
  /** Of schedules in which an invariant was broken. */
  readonly violations: readonly string[];
}

const EVENTS = 8;

/**
 * Short lives that die at every single step of their disk in turn, once by a kill and once without power, and at every pair of steps for the
 * first `pairsUpTo` seeds. Nothing of it is left to chance but what a torn write looks like.
 */
export function exhaust({
  seeds,
  pairsUpTo,
  ...options
}: {
  readonly seeds: number;
  readonly pairsUpTo: number;
} & Pick<Schedule, 'bug' | 'hashHex'>): ExhaustiveReport {
  const report = { boots: 0, schedules: 0, violations: [] as string[] };
  const run = (schedule: Schedule): void => {
    const { boots, violation } = simulate({ ...options, ...schedule, events: EVENTS });
    report.boots += boots;
    report.schedules++;
    if (violation !== undefined)
      report.violations.push(
        `seed ${schedule.seed}, ${schedule.crashBy} at ${schedule.crashAt?.join(' and ')}: ${violation}`,
      );
  };
  for (let seed = 1; seed <= seeds; seed++) {
    const { steps } = simulate({ ...options, crashAt: [], events: EVENTS, seed });
    for (let first = 1; first <= steps; first++) {
      for (const crashBy of ['kill', 'power'] as const) {
        run({ crashAt: [first], crashBy, seed });
        // A few more than there were: the second life may go on where the first one had ended.
        for (let second = first + 1, last = seed <= pairsUpTo ? steps + 4 : 0; second <= last; second++)
          run({ crashAt: [first, second], crashBy, seed });
      }
    }
  }
  return report;
}
