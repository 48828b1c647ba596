import type { Adoption } from './plan-bases.ts';

/** How many devices ever were healthy on a release, as telemetry counts them. */
export interface ReleaseCount {
  readonly releaseId: string;
  /** Higher is newer. */
  readonly versionCode: number;
  /** Each device once: mark `healthy` of `readCounts` in `@kivyx-ota/database`, or of the server's `/releases/{id}/funnel`. */
  readonly devices: number;
}

/**
 * How many devices run each release now, for `adoption` of publish and backfillPatches. Telemetry counts who came, not who left; devices
 * only go up, so those on newer releases have left the older ones. Devices that skipped a release make the estimate too low for it,
 * never negative: it orders bases, no more.
 *
 * @example
 * ```ts
 * import { estimateAdoption } from '@kivyx-ota/publisher';
 *
 * const adoption = estimateAdoption([
 *   { devices: 1000, releaseId: '1.0.0', versionCode: 1 },
 *   { devices: 900, releaseId: '1.0.1', versionCode: 2 },
 * ]);
 * console.log(adoption[1]); // { devices: 100, releaseId: '1.0.0' }
 * ```
 */
export function estimateAdoption(counts: readonly ReleaseCount[]): readonly Adoption[] {
  let gone = 0;
  return counts
    .slice()
    .sort((a, b) => b.versionCode - a.versionCode)
    .map(({ devices, releaseId }) => {
      const left = Math.max(0, devices - gone);
      gone += left;
      return { devices: left, releaseId };
    });
}
