import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';

/**
 * The releases that an index can do without: older than the newest `keep`, and below a release for the same runtime that goes to
 * everybody. Revoked ones stay, for the devices that still run them; so do those that a way down names. Pure.
 */
export function retirable(
  { releases }: Pick<ChannelIndex, 'releases'>,
  keep: number,
): readonly IndexRelease[] {
  const targets = new Set(releases.map(({ rollbackTo }) => rollbackTo));
  const isBelow = (release: IndexRelease): boolean =>
    releases.some(
      (above) =>
        above.versionCode > release.versionCode &&
        above.runtimeVersion === release.runtimeVersion &&
        above.binaryVersion === release.binaryVersion &&
        above.status === 'active' &&
        above.targeting === undefined &&
        above.rolloutBasisPoints === 10_000,
    );
  return releases
    .slice(0, Math.max(0, releases.length - keep))
    .filter((release) => release.status !== 'revoked' && !targets.has(release.releaseId) && isBelow(release));
}
