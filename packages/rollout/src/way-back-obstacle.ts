import type { IndexRelease } from '@kivyx-ota/manifest';

/** What the way back depends on. */
type Way = Pick<IndexRelease, 'releaseId' | 'runtimeVersion' | 'status' | 'versionCode'>;

/**
 * Why no device that runs `from` can be sent to the release `rollbackTo`, in words; undefined when some can. By the rules of `decide`: a
 * lower release of the index, active, not for another runtime. Whoever revokes asks first, because a device that cannot go where it is
 * sent goes to the embedded bundle.
 */
export function wayBackObstacle(releases: readonly Way[], from: Way, rollbackTo: string): string | undefined {
  if (rollbackTo === 'embedded') return undefined;
  const target = releases.find(({ releaseId }) => releaseId === rollbackTo);
  if (target === undefined) return `there is no release ${rollbackTo} in the index`;
  if (target.releaseId === from.releaseId) return 'it is the release that they leave';
  if (target.versionCode > from.versionCode)
    return `${rollbackTo} is above ${from.releaseId}: devices that it fits go there without being sent`;
  if (target.status === 'revoked') return `${rollbackTo} is revoked, too`;
  if (target.status === 'paused') return `${rollbackTo} is paused; resume it first`;
  if (
    target.runtimeVersion !== undefined &&
    from.runtimeVersion !== undefined &&
    target.runtimeVersion !== from.runtimeVersion
  )
    return `${rollbackTo} is for runtime ${target.runtimeVersion}, they have ${from.runtimeVersion}`;
  return undefined;
}
