import type { Reason } from '@kivyx-ota/rollout';

/** Why a patch was not used and the whole file was. */
export type PatchFallbackReason =
  | 'base-missing'
  | 'fetch-failed'
  | 'patch-damaged'
  | 'apply-failed'
  | 'format-unknown'
  | 'tried-before';

/** What happens, for telemetry and logs. */
export type ClientEvent =
  | {
      readonly type: 'check';
      readonly action: 'none' | 'update' | 'rollback';
      readonly notModified: boolean;
      readonly reasons: readonly Reason[];
    }
  | {
      readonly type: 'patch-hit';
      readonly releaseId: string;
      readonly format: string;
      readonly patchSizeBytes: number;
      readonly fullSizeBytes: number;
    }
  | {
      readonly type: 'patch-fallback';
      readonly releaseId: string;
      readonly reason: PatchFallbackReason;
      readonly code?: string;
    }
  | {
      readonly type: 'download';
      readonly releaseId: string;
      readonly receivedBytes: number;
      readonly reusedFiles: number;
      readonly files: number;
      readonly how: 'full' | 'patch' | 'present';
      readonly durationMs: number;
    }
  /** The app is about to restart, so that what is staged runs. */
  | { readonly type: 'restart' }
  | { readonly type: 'staged'; readonly releaseId: string; readonly versionCode: number }
  | {
      /** Once per start, by ensureHealthyOrRollback(). */
      readonly type: 'launch';
      /** `embedded`, or the hash of the launch file. */
      readonly running: string;
      readonly versionCode: number;
      readonly releaseId?: string;
      readonly pending: boolean;
    }
  | {
      readonly type: 'healthy';
      readonly launchId: number;
      readonly versionCode: number;
      readonly releaseId?: string;
    }
  | {
      /** This launch was not confirmed in time; the app restarts. */
      readonly type: 'timed-out';
      readonly launchId: number;
    }
  | {
      /** The boot code left this bundle. */
      readonly type: 'rolled-back';
      readonly sha256Hex: string;
      readonly releaseId?: string;
      readonly cause: string;
    }
  | {
      readonly type: 'retry';
      readonly url: string;
      readonly attempt: number;
      readonly waitMs: number;
      readonly code: string;
    }
  | {
      readonly type: 'refused';
      readonly what: 'root' | 'index' | 'manifest' | 'object' | 'patch';
      readonly code: string;
      readonly message: string;
    };

/** Bytes of this download; never goes backwards. */
export interface DownloadProgress {
  readonly receivedBytes: number;
  readonly totalBytes: number;
}
