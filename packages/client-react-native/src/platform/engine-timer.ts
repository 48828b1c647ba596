import type { TimerPort } from '@kivyx-ota/client';

/** The engine's globals that a timer needs; React Native has both. */
export interface TimerGlobals {
  setTimeout(run: () => void, ms: number): unknown;
  readonly performance?: { now(): number };
}

/** Time of the JavaScript engine. `performance.now()` is monotonic; without it `Date.now()` has to do. */
export function engineTimer({ setTimeout, performance }: TimerGlobals): TimerPort {
  return {
    monotonicMs: performance === undefined ? Date.now : () => performance.now(),
    sleep: (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms);
      }),
  };
}
