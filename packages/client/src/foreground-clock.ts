import type { TimerPort } from './ports.ts';

/** Time that the app spent in front of its user, on the monotonic clock. */
export interface ForegroundClock {
  /** Told by the app (AppState). A host that never tells is in the foreground all the time. */
  set(isForeground: boolean): void;
  isForeground(): boolean;
  /** Total so far. */
  foregroundMs(): number;
  /** Length of the last stay in the background, or of the one that lasts. */
  backgroundMs(): number;
  /** Resolves when `ms` more have been spent in the foreground. */
  wait(ms: number): Promise<void>;
}

/** Starts in the foreground. Wall clocks jump, and a phone in a pocket proves nothing: neither counts. */
export function createForegroundClock(timer: TimerPort): ForegroundClock {
  let isForeground = true;
  let sinceMs = timer.monotonicMs();
  let spentMs = 0;
  let backgroundMs = 0;
  const sinceChange = (): number => Math.max(0, timer.monotonicMs() - sinceMs);
  const foregroundMs = (): number => spentMs + (isForeground ? sinceChange() : 0);
  return {
    backgroundMs: () => (isForeground ? backgroundMs : sinceChange()),
    foregroundMs,
    isForeground: () => isForeground,
    set: (next) => {
      if (next === isForeground) return;
      if (next) backgroundMs = sinceChange();
      else spentMs += sinceChange();
      isForeground = next;
      sinceMs = timer.monotonicMs();
    },
    wait: async (ms) => {
      const untilMs = foregroundMs() + ms;
      for (let restMs = ms; restMs > 0; restMs = untilMs - foregroundMs()) {
        // In the background the rest does not shrink; asking once a second costs nothing there.
        await timer.sleep(isForeground ? restMs : Math.max(restMs, 1000), { unref: true });
      }
    },
  };
}
