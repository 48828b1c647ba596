import type { ForegroundClock } from './foreground-clock.ts';

/** When a staged release begins to run. */
export type InstallMode = 'immediate' | 'on-next-restart' | 'on-next-resume';

/** How a staged release is installed. */
export interface InstallOptions {
  /** Default `on-next-restart`: nothing is restarted. */
  readonly install?: InstallMode;
  /** For releases that are mandatory, and for the way back. Default: as `install`. */
  readonly installMandatory?: InstallMode;
  /** With `on-next-resume`: only after at least this long in the background. Default 0. */
  readonly minimumBackgroundMs?: number;
}

/** Restarts when nobody minds, and never while somebody holds a lock. */
export interface RestartControl {
  /** A release waits for the next start. */
  staged(mode: InstallMode, minimumBackgroundMs: number): Promise<void>;
  /** The app came to the foreground. */
  resumed(): Promise<void>;
  /**
   * No restart until the returned function was called (a payment, a form, onboarding). Locks count: the last one released lets
   * the restart happen that was due meanwhile.
   */
  lock(): () => void;
  /** Restarts now, or as soon as no lock is held. */
  restart(options?: { readonly onlyIfStaged?: boolean }): Promise<void>;
}

export function createRestartControl(
  restart: () => Promise<void>,
  foreground: ForegroundClock,
): RestartControl {
  let waiting: { readonly mode: InstallMode; readonly minimumBackgroundMs: number } | undefined;
  let locks = 0;
  let isDue = false;
  const go = async (): Promise<void> => {
    if (locks > 0) {
      isDue = true;
      return;
    }
    isDue = false;
    waiting = undefined;
    await restart();
  };
  return {
    lock: () => {
      let isHeld = true;
      locks++;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        locks--;
        // Nobody waits for this promise; a host that cannot restart starts the release at its next start anyway.
        if (locks === 0 && isDue) go().catch(() => undefined);
      };
    },
    restart: async ({ onlyIfStaged = false } = {}) => {
      if (!onlyIfStaged || waiting !== undefined) await go();
    },
    resumed: async () => {
      if (waiting?.mode !== 'on-next-resume') return;
      if (foreground.backgroundMs() >= waiting.minimumBackgroundMs) await go();
    },
    staged: async (mode, minimumBackgroundMs) => {
      waiting = { minimumBackgroundMs, mode };
      if (mode === 'immediate') await go();
    },
  };
}
