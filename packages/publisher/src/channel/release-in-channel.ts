import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import { publishError } from '../error.ts';

/** What a release must agree on with one of the same id. */
export interface ReleaseIdentity {
  readonly releaseId: string;
  readonly launchSha256Hex: string;
  readonly versionCode?: number;
}

/** The release if the channel has exactly this one; otherwise checks that it could be added. */
export function findOrAdmit(
  index: ChannelIndex | undefined,
  { launchSha256Hex, releaseId, versionCode }: ReleaseIdentity,
): IndexRelease | undefined {
  const present = index?.releases.find((release) => release.releaseId === releaseId);
  if (present !== undefined) {
    const same =
      present.launchSha256Hex === launchSha256Hex &&
      (versionCode ?? present.versionCode) === present.versionCode;
    if (!same) throw duplicateId(releaseId);
    return present;
  }
  if (versionCode !== undefined) checkVersionCode(index, versionCode);
  return undefined;
}

/** A release by its id. @throws ERR_PUBLISH_UNKNOWN_RELEASE with those there are */
export function requireRelease(
  index: ChannelIndex | undefined,
  releaseId: string,
  channel: string,
): { readonly index: ChannelIndex; readonly release: IndexRelease } {
  const release = index?.releases.find((one) => one.releaseId === releaseId);
  if (index !== undefined && release !== undefined) return { index, release };
  const known = index?.releases.map((one) => one.releaseId).join(', ') ?? 'none, the channel is empty';
  throw publishError(
    'ERR_PUBLISH_UNKNOWN_RELEASE',
    `No release ${releaseId} in ${channel}. There are: ${known}`,
    { details: { releaseId } },
  );
}

export function duplicateId(releaseId: string): Error {
  return publishError(
    'ERR_PUBLISH_RELEASE_ID',
    `The channel has another release called ${releaseId}; choose another id, releases never change`,
    { details: { releaseId } },
  );
}

/** @throws ERR_PUBLISH_VERSION_CODE */
export function checkVersionCode(index: ChannelIndex | undefined, versionCode: number): void {
  const least = nextVersionCode(index);
  if (versionCode < least) {
    throw publishError(
      'ERR_PUBLISH_VERSION_CODE',
      `Version code ${versionCode} must be at least ${least}: devices never go back`,
      { details: { least, versionCode } },
    );
  }
}

/** One more than the highest in the channel. */
export function nextVersionCode(index: ChannelIndex | undefined): number {
  const last = index?.releases[index.releases.length - 1];
  return (last?.versionCode ?? 0) + 1;
}
