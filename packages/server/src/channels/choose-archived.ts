import type { IndexRelease } from '@kivyx-ota/manifest';

/**
 * Which releases leave an index that would name more than `max`: the oldest first, but never the newest active one of a
 * runtime (old binaries would be left without), and revoked ones (devices on them would stay) only when nothing else is left.
 * At most 60 in one go, so that the change fits one transaction. `releases` by rising version code.
 */
export function chooseArchived(releases: readonly IndexRelease[], max: number): ReadonlySet<string> {
  const newest = new Map<string, string>();
  for (const { releaseId, status, runtimeVersion, binaryVersion } of releases)
    if (status === 'active') newest.set(runtimeVersion ?? `range ${binaryVersion}`, releaseId);
  const kept = new Set(newest.values());
  const candidates = releases.filter(({ releaseId }) => !kept.has(releaseId));
  const inOrder = [
    ...candidates.filter(({ status }) => status !== 'revoked'),
    ...candidates.filter(({ status }) => status === 'revoked'),
  ];
  const surplus = Math.min(60, Math.max(0, releases.length - max));
  return new Set(inOrder.slice(0, surplus).map(({ releaseId }) => releaseId));
}
