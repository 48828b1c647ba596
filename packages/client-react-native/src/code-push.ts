// CodePush's names over this engine, for apps that come from there. docs/guide/migrate-from-codepush.md has the table.
import type { InstallOptions } from '@kivyx-ota/client';
import type { Ota } from './create-ota.ts';
import type { OtaPhase } from './ota-state.ts';

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
export const SyncStatus: {
  readonly UP_TO_DATE: 0;
  readonly UPDATE_INSTALLED: 1;
  readonly UPDATE_IGNORED: 2;
  readonly UNKNOWN_ERROR: 3;
  readonly SYNC_IN_PROGRESS: 4;
  readonly CHECKING_FOR_UPDATE: 5;
  readonly AWAITING_USER_ACTION: 6;
  readonly DOWNLOADING_PACKAGE: 7;
  readonly INSTALLING_UPDATE: 8;
} = {
  UP_TO_DATE: 0,
  UPDATE_INSTALLED: 1,
  UPDATE_IGNORED: 2,
  UNKNOWN_ERROR: 3,
  SYNC_IN_PROGRESS: 4,
  CHECKING_FOR_UPDATE: 5,
  AWAITING_USER_ACTION: 6,
  DOWNLOADING_PACKAGE: 7,
  INSTALLING_UPDATE: 8,
};

/** One of {@link SyncStatus}. Nothing is ever ignored or waits for a user here: there is no dialog. */
export type SyncStatusNumber = (typeof SyncStatus)[keyof typeof SyncStatus];

/** Options of `sync()`; what is left out is as `createOta` was told. */
export interface SyncOptions {
  readonly installMode?: InstallOptions['install'];
  readonly mandatoryInstallMode?: InstallOptions['installMandatory'];
  /** Seconds. */
  readonly minimumBackgroundDuration?: number;
}

/** What CodePush's `sync()` and friends do, on this engine. */
export interface CodePushNames {
  sync(
    options?: SyncOptions,
    onStatus?: (status: SyncStatusNumber) => void,
    onProgress?: (progress: { readonly receivedBytes: number; readonly totalBytes: number }) => void,
  ): Promise<SyncStatusNumber>;
  notifyAppReady(): Promise<void>;
  restartApp(onlyIfUpdateIsPending?: boolean): Promise<void>;
  disallowRestart(): void;
  /** Takes back one or many `disallowRestart()`: as in CodePush, they do not count. */
  allowRestart(): void;
}

/** The names, for one {@link Ota}. */
export function codePushNames(ota: Ota): CodePushNames {
  let unlock: (() => void) | undefined;
  let isSyncing = false;
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
    sync: async (options = {}, onStatus, onProgress) => {
      if (isSyncing) {
        onStatus?.(SyncStatus.SYNC_IN_PROGRESS);
        return SyncStatus.SYNC_IN_PROGRESS;
      }
      isSyncing = true;
      let told: SyncStatusNumber | undefined;
      const tell = (status: SyncStatusNumber): void => {
        if (status !== told) onStatus?.(status);
        told = status;
      };
      const stop = ota.subscribe(() => {
        const { phase } = ota.getState();
        if (phase.kind === 'checking') tell(SyncStatus.CHECKING_FOR_UPDATE);
        if (phase.kind === 'ready') tell(SyncStatus.INSTALLING_UPDATE);
        if (phase.kind !== 'downloading') return;
        tell(SyncStatus.DOWNLOADING_PACKAGE);
        if (phase.progress.totalBytes > 0) onProgress?.(phase.progress);
      });
      try {
        const status = statusOf((await ota.update(installOf(options))).kind);
        tell(status);
        return status;
      } finally {
        stop();
        isSyncing = false;
      }
    },
  };
}

function installOf({
  installMode,
  mandatoryInstallMode,
  minimumBackgroundDuration,
}: SyncOptions): InstallOptions {
  return {
    ...(installMode === undefined ? {} : { install: installMode }),
    ...(mandatoryInstallMode === undefined ? {} : { installMandatory: mandatoryInstallMode }),
    ...(minimumBackgroundDuration === undefined
      ? {}
      : { minimumBackgroundMs: minimumBackgroundDuration * 1000 }),
  };
}

function statusOf(kind: OtaPhase['kind']): SyncStatusNumber {
  if (kind === 'error') return SyncStatus.UNKNOWN_ERROR;
  return kind === 'ready' || kind === 'restarting' ? SyncStatus.UPDATE_INSTALLED : SyncStatus.UP_TO_DATE;
}
