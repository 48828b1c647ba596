import { type ChannelIndex, type IndexRelease, LIMITS } from '@kivyx-ota/manifest';

/** How many devices run a release now, as the caller's telemetry says. */
export interface Adoption {
  readonly releaseId: string;
  readonly devices: number;
}

/** A launch file that patches should start from, and why. */
export interface PlannedBase {
  readonly sha256Hex: string;
  /** `embedded`: inside store binaries. `adopted`: devices run it. `recent`: among the newest of the channel. */
  readonly reason: 'embedded' | 'adopted' | 'recent';
  /** Of all releases with this launch file; absent without figures. */
  readonly devices?: number;
}

/** What {@link planBases} looks at. */
export interface PlanBasesInput {
  readonly index: Pick<ChannelIndex, 'releases'> | undefined;
  /** The release that patches lead to. */
  readonly target: {
    readonly launchSha256Hex: string;
    readonly runtimeVersion?: string;
    readonly binaryVersion?: string;
  };
  /** Launch files inside binaries; they come first and do not count. */
  readonly embedded?: readonly string[];
  /** How many releases of the channel. */
  readonly count: number;
  /** Releases that are not in the index are passed over; those of the index without a figure count 0. */
  readonly adoption?: readonly Adoption[];
}

/**
 * The launch files to make patches from: what is embedded, then `count` of the channel: those that most devices run where figures
 * are given, filled up with the newest. Releases for another runtime are left out, because no device goes from there to
 * here; so are revoked ones, unless figures say that devices still run them. Ranges of binary versions may overlap, so
 * all releases that have one count. Pure; at most 32 bases, which is what an index holds.
 *
 * @throws RangeError for a count or a number of devices that is none
 */
export function planBases({
  adoption,
  count,
  embedded = [],
  index,
  target,
}: PlanBasesInput): readonly PlannedBase[] {
  checkCount('count', count);
  const devicesOf = new Map<string, number>();
  for (const { devices, releaseId } of adoption ?? []) {
    checkCount(`adoption of ${releaseId}`, devices);
    devicesOf.set(releaseId, (devicesOf.get(releaseId) ?? 0) + devices);
  }
  const candidates = new Map<string, { devices: number; versionCode: number; usable: boolean }>();
  for (const release of index?.releases ?? []) {
    if (!canReach(release, target) || release.launchSha256Hex === target.launchSha256Hex) continue;
    const known = candidates.get(release.launchSha256Hex);
    candidates.set(release.launchSha256Hex, {
      devices: (known?.devices ?? 0) + (devicesOf.get(release.releaseId) ?? 0),
      usable: known?.usable === true || release.status !== 'revoked',
      versionCode: Math.max(known?.versionCode ?? 0, release.versionCode),
    });
  }
  const chosen = Array.from(candidates)
    .filter(([hash, { devices, usable }]) => (usable || devices > 0) && count > 0 && !embedded.includes(hash))
    .sort(([, a], [, b]) => b.devices - a.devices || b.versionCode - a.versionCode)
    .slice(0, count)
    .map(([sha256Hex, { devices }]): PlannedBase => {
      const figure = adoption === undefined ? {} : { devices };
      return { reason: devices > 0 ? 'adopted' : 'recent', sha256Hex, ...figure };
    });
  const first = Array.from(new Set(embedded))
    .filter((hash) => hash !== target.launchSha256Hex)
    .map((sha256Hex): PlannedBase => {
      const devices = candidates.get(sha256Hex)?.devices;
      return {
        reason: 'embedded',
        sha256Hex,
        ...(adoption === undefined || devices === undefined ? {} : { devices }),
      };
    });
  return [...first, ...chosen].slice(0, LIMITS.patchesPerRelease);
}

function canReach(release: IndexRelease, target: PlanBasesInput['target']): boolean {
  return release.runtimeVersion === undefined
    ? target.binaryVersion !== undefined
    : release.runtimeVersion === target.runtimeVersion;
}

function checkCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError(`planBases: ${name} must be a whole number of at least 0, got ${value}`);
}
