import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import { bucketOf } from './bucket.ts';
import type { DeviceFacts } from './facts.ts';
import { evaluateRule } from './rule.ts';
import { satisfiesRange } from './version-range.ts';

/** Why a release is (not) for a device, or why nothing is decided at all. Closed. */
export type ReasonCode =
  | 'R_SELECTED'
  | 'R_RUNNING'
  | 'R_NOT_NEWER'
  | 'R_PAUSED'
  | 'R_REVOKED'
  | 'R_RUNTIME_MISMATCH'
  | 'R_TARGETING'
  | 'R_TARGETING_UNKNOWN'
  | 'R_NOT_IN_ROLLOUT'
  | 'R_FAILED_HERE'
  | 'R_SUPERSEDED'
  | 'R_OTHER_SCOPE'
  | 'R_INDEX_EXPIRED'
  | 'R_ROLLBACK_TO_EMBEDDED';

/** One reason; about a release, or about the index when there is no `releaseId`. */
export interface Reason {
  readonly code: ReasonCode;
  readonly releaseId?: string;
  readonly detail?: string;
}

/** The outcome for one device. Expected outcomes are values: nothing here throws. */
export type Decision =
  | { readonly action: 'none'; readonly reasons: readonly Reason[] }
  | {
      readonly action: 'update';
      readonly release: IndexRelease;
      readonly mandatory: boolean;
      readonly reasons: readonly Reason[];
    }
  | {
      readonly action: 'rollback';
      readonly to: 'embedded' | IndexRelease;
      readonly reasons: readonly Reason[];
    };

/**
 * What `device` gets from `index` at `nowSeconds`. The same function on device, edge and server; `index` must be verified.
 *
 * Scope and expiry first. Then the highest active release above what the device has, that fits its runtime, its
 * targeting and its place in the rollout. When the running release is revoked (by index or trust root) and nothing newer
 * fits, the way down: `rollbackTo`, else the next lower release above the embedded bundle that fits, else that bundle. Every release is looked at once and gets
 * one reason. O(releases).
 */
export function decide(index: ChannelIndex, device: DeviceFacts, nowSeconds: number): Decision {
  const scope = (['project', 'app', 'platform', 'channel'] as const).find(
    (name) => index[name] !== device[name],
  );
  if (scope !== undefined) return { action: 'none', reasons: [{ code: 'R_OTHER_SCOPE', detail: scope }] };
  if (nowSeconds >= index.expiresAtSeconds) return { action: 'none', reasons: [{ code: 'R_INDEX_EXPIRED' }] };

  const reasons: Reason[] = [];
  const lower: IndexRelease[] = [];
  let best: IndexRelease | undefined;
  let running: IndexRelease | undefined;
  // Highest first, so that the first that fits is the one.
  for (let i = index.releases.length - 1; i >= 0; i--) {
    const release = index.releases[i] as IndexRelease;
    if (release.releaseId === device.currentReleaseId) running = release;
    const obstacle = obstacleFor(release, device);
    if (obstacle !== undefined) {
      reasons.push(obstacle);
      if (obstacle.code === 'R_NOT_NEWER' && isBetween(release, device)) lower.push(release);
    } else if (best === undefined) {
      best = release;
      reasons.push({ code: 'R_SELECTED', releaseId: release.releaseId });
    } else {
      reasons.push({ code: 'R_SUPERSEDED', detail: `by ${best.releaseId}`, releaseId: release.releaseId });
    }
  }
  if (best !== undefined) return { action: 'update', mandatory: best.mandatory, reasons, release: best };
  return isRunningRevoked(running, device)
    ? rollback(running?.rollbackTo, lower, index, device, reasons)
    : { action: 'none', reasons };
}

function rollback(
  named: string | undefined,
  lower: readonly IndexRelease[],
  index: ChannelIndex,
  device: DeviceFacts,
  reasons: readonly Reason[],
): Decision {
  const target =
    named === undefined
      ? lower.find((release) => misfitOf(release, device) === undefined)
      : index.releases.find(
          (release) =>
            release.releaseId === named &&
            isBetween(release, device) &&
            unusable(release, device) === undefined,
        );
  if (target === undefined) {
    return { action: 'rollback', reasons: [...reasons, { code: 'R_ROLLBACK_TO_EMBEDDED' }], to: 'embedded' };
  }
  const others = reasons.filter(({ releaseId }) => releaseId !== target.releaseId);
  return {
    action: 'rollback',
    reasons: [...others, { code: 'R_SELECTED', releaseId: target.releaseId }],
    to: target,
  };
}

/** The first thing that keeps a release from being an update, in the order of the specification. */
function obstacleFor(release: IndexRelease, device: DeviceFacts): Reason | undefined {
  const { releaseId } = release;
  if (isRevoked(release, device)) return { code: 'R_REVOKED', releaseId };
  if (releaseId === device.currentReleaseId) return { code: 'R_RUNNING', releaseId };
  if (release.status === 'paused') return { code: 'R_PAUSED', releaseId };
  const known = isRetry(release, device)
    ? device.currentVersionCode
    : Math.max(device.currentVersionCode, device.highestVersionCode ?? 0, device.embeddedVersionCode ?? 0);
  if (release.versionCode <= known)
    return { code: 'R_NOT_NEWER', detail: `${release.versionCode} ≤ ${known}`, releaseId };
  return misfitOf(release, device);
}

/** What keeps a release from this device whatever it runs now: status, runtime, failure here, targeting, rollout. */
function misfitOf(release: IndexRelease, device: DeviceFacts): Reason | undefined {
  const hard = unusable(release, device);
  if (hard !== undefined) return hard;
  const { releaseId, targeting } = release;
  if (targeting !== undefined) {
    const verdict = evaluateRule(targeting, device);
    if (verdict === 'unknown') return { code: 'R_TARGETING_UNKNOWN', releaseId };
    if (verdict === 'no-match') return { code: 'R_TARGETING', releaseId };
  }
  if (!release.mandatory && release.rolloutBasisPoints < 10_000) {
    const bucket = bucketOf(release.salt, device.deviceId);
    if (bucket >= release.rolloutBasisPoints) {
      return {
        code: 'R_NOT_IN_ROLLOUT',
        detail: `its bucket is ${bucket}, rolled out below ${release.rolloutBasisPoints} of 10000`,
        releaseId,
      };
    }
  }
  return undefined;
}

/** What no directive can overrule. */
function unusable(release: IndexRelease, device: DeviceFacts): Reason | undefined {
  const { releaseId } = release;
  if (isRevoked(release, device)) return { code: 'R_REVOKED', releaseId };
  if (release.status === 'paused') return { code: 'R_PAUSED', releaseId };
  if (!fitsRuntime(release, device))
    return {
      code: 'R_RUNTIME_MISMATCH',
      detail: release.runtimeVersion ?? release.binaryVersion ?? '',
      releaseId,
    };
  if ((device.failedSha256Hex ?? []).includes(release.launchSha256Hex) && !isRetry(release, device)) {
    return { code: 'R_FAILED_HERE', releaseId };
  }
  return undefined;
}

function isRevoked({ releaseId, status }: IndexRelease, device: DeviceFacts): boolean {
  return status === 'revoked' || (device.revokedReleaseIds ?? []).includes(releaseId);
}

/** The running release may be revoked by the trust root alone, when no index names it any more. */
function isRunningRevoked(running: IndexRelease | undefined, device: DeviceFacts): boolean {
  if (running !== undefined) return isRevoked(running, device);
  return (
    device.currentReleaseId !== undefined &&
    (device.revokedReleaseIds ?? []).includes(device.currentReleaseId)
  );
}

/** A way down never ends below what the binary itself brought. */
function isBetween({ versionCode }: IndexRelease, device: DeviceFacts): boolean {
  return versionCode < device.currentVersionCode && versionCode > (device.embeddedVersionCode ?? 0);
}

function isRetry(release: IndexRelease, device: DeviceFacts): boolean {
  const token = device.retryTokens?.[release.launchSha256Hex];
  return token !== undefined && release.retryToken !== undefined && release.retryToken > token;
}

function fitsRuntime({ runtimeVersion, binaryVersion }: IndexRelease, device: DeviceFacts): boolean {
  if (runtimeVersion !== undefined) return runtimeVersion === device.runtimeVersion;
  return satisfiesRange(device.binaryVersion, binaryVersion as string) === true;
}
