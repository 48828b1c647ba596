import { patchOrder, type PatchRef } from '../documents/channel-index.ts';
import { LIMITS } from '../limits.ts';

/**
 * The patches that a release has after `fresh` were made: one for each base and format, `fresh` before those that were there, at most
 * 32. The same list as `present` when nothing is new.
 */
export function mergePatches(fresh: readonly PatchRef[], present: readonly PatchRef[]): readonly PatchRef[] {
  const named = new Map(present.map((patch) => [patchOrder(patch), patch.sha256Hex]));
  if (fresh.every((patch) => named.get(patchOrder(patch)) === patch.sha256Hex)) return present;
  const replaced = new Set(fresh.map(patchOrder));
  const others = present.filter((patch) => !replaced.has(patchOrder(patch)));
  return [...fresh, ...others].slice(0, LIMITS.patchesPerRelease);
}
