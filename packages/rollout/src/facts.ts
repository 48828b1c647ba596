import type { ChannelScope } from '@kivyx-ota/manifest';

/** What is known of a device when a decision is made. Nothing else enters it. */
export interface DeviceFacts extends ChannelScope {
  /** Any stable identifier; it is hashed with the salt of a release and goes nowhere by itself. */
  readonly deviceId: string;
  /** Version of the installed binary (semver where releases name a range). */
  readonly binaryVersion: string;
  /** The native runtime of the installed binary, where releases name one. */
  readonly runtimeVersion?: string;
  /** Version code of what runs now; of the embedded bundle when that runs. */
  readonly currentVersionCode: number;
  /** Absent when the embedded bundle runs. */
  readonly currentReleaseId?: string;
  /** Version code of the embedded bundle: the floor of every way down. Default: 0. */
  readonly embeddedVersionCode?: number;
  /** Highest version code ever accepted on this device and binary. Default: the current one. */
  readonly highestVersionCode?: number;
  /** Launch files that failed here. */
  readonly failedSha256Hex?: readonly string[];
  /** Of these the ones that failed for unknown reasons only, with the retry token they failed under. */
  readonly retryTokens?: Readonly<Record<string, number>>;
  /** Releases that the trust root forbids. */
  readonly revokedReleaseIds?: readonly string[];
  /** More for targeting rules: osVersion, arch, rnVersion, locale, anything of the app. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}
