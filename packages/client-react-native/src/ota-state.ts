import type { ClientEvent, DownloadProgress, RolledBack } from '@kivyx-ota/client';

/** What runs in this process. */
export interface RunningRelease {
  readonly state: 'embedded' | 'healthy' | 'on-probation';
  readonly versionCode: number;
  /** Absent for the embedded bundle. */
  readonly releaseId?: string;
  /** `embedded`, or the hash of the launch file. */
  readonly bundle: string;
}

/** A release that is offered, on its way, or waiting for the next start. */
export interface OfferedRelease {
  /** Absent when the way leads back to the embedded bundle. */
  readonly releaseId?: string;
  readonly version?: string;
  readonly versionCode: number;
  readonly mandatory: boolean;
}

/** Where an update stands; `kind` tells which members are there. */
export type OtaPhase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'checking' }
  | { readonly kind: 'up-to-date'; readonly reasons: readonly string[] }
  | { readonly kind: 'available'; readonly release: OfferedRelease }
  | { readonly kind: 'downloading'; readonly release: OfferedRelease; readonly progress: DownloadProgress }
  /** Staged: runs after the next start. */
  | { readonly kind: 'ready'; readonly release: OfferedRelease }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'error'; readonly code: string; readonly message: string; readonly retryable: boolean };

/** Everything that a screen may want to show. Replaced, never changed. */
export interface OtaState {
  readonly phase: OtaPhase;
  readonly running: RunningRelease;
  /** Bundles that this start left behind. */
  readonly rolledBack: readonly RolledBack[];
  /** Unix milliseconds; absent before the first check of this process. */
  readonly lastCheckMs?: number;
  /** The newest fifty, oldest first. */
  readonly log: readonly { readonly atMs: number; readonly event: ClientEvent }[];
}
