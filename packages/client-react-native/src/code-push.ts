// CodePush's names over this engine, for apps that come from there. docs/guide/migrate-from-codepush.md has the table.
import type { Ota } from './create-ota.ts';

/** CodePush's install modes. `ON_NEXT_SUSPEND` is taken as `ON_NEXT_RESUME`: a restart in the background is not seen by anybody either way. */
export const InstallMode: {
  readonly IMMEDIATE: 'immediate';
  readonly ON_NEXT_RESTART: 'on-next-restart';
  readonly ON_NEXT_RESUME: 'on-next-resume';
  readonly ON_NEXT_SUSPEND: 'on-next-resume';
} = {
  IMMEDIATE: 'immediate',
  ON_NEXT_RESTART: 'on-next-restart',
  ON_NEXT_RESUME: 'on-next-resume',
  ON_NEXT_SUSPEND: 'on-next-resume',
};

/** CodePush's numbers. */
export const SyncStatus: { readonly UP_TO_DATE: 0; readonly UPDATE_INSTALLED: 1; readonly UNKNOWN_ERROR: 3 } =
  {
    UP_TO_DATE: 0,
    UPDATE_INSTALLED: 1,
    UNKNOWN_ERROR: 3,
  };

/** What CodePush's `sync()` and friends do, on this engine. */
export interface CodePushNames {
  sync(): Promise<(typeof SyncStatus)[keyof typeof SyncStatus]>;
  notifyAppReady(): Promise<void>;
  restartApp(onlyIfUpdateIsPending?: boolean): Promise<void>;
  disallowRestart(): void;
  /** Takes back one or many `disallowRestart()`: as in CodePush, they do not count. */
  allowRestart(): void;
}

/** The names, for one {@link Ota}. */
export function codePushNames(ota: Ota): CodePushNames {
  let unlock: (() => void) | undefined;
  return {
    allowRestart: () => {
      unlock?.();
      unlock = undefined;
    },
    disallowRestart: () => {
      unlock ??= ota.lockRestart();
    },
    notifyAppReady: () => ota.markHealthy(),
    restartApp: (onlyIfUpdateIsPending = false) =>
      ota.client.restart({ onlyIfStaged: onlyIfUpdateIsPending }),
    sync: async () => {
      const { kind } = await ota.update();
      if (kind === 'error') return SyncStatus.UNKNOWN_ERROR;
      return kind === 'ready' || kind === 'restarting' ? SyncStatus.UPDATE_INSTALLED : SyncStatus.UP_TO_DATE;
    },
  };
}
