import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type ChannelIndex, type IndexRelease, LIMITS, objectKey, type PatchRef } from '@kivyx-ota/manifest';
import { changeChannel, readChannel } from '../channel/channel-document.ts';
import { checkSigners } from '../channel/check-signers.ts';
import { deltaPatchMaker } from './delta-patch-maker.ts';
import { publishError } from '../error.ts';
import { keysOfPairs, makePatches, type PatchBase, type PatchOutcome } from './make-patches.ts';
import type { PublisherOptions } from '../options.ts';
import { type Adoption, planBases } from './plan-bases.ts';
import { requireRelease } from '../channel/release-in-channel.ts';
import { openSweepGuard } from '../collect/sweep-guard.ts';
import { smallestStoredBytes } from '../objects/upload-objects.ts';

/** Options of `backfillPatches`. */
export interface BackfillOptions {
  /** Default: the newest active release of each runtime. */
  readonly releaseIds?: readonly string[];
  /** Releases before each to start from; default 3. */
  readonly bases?: number;
  /** Launch files inside store binaries. */
  readonly embedded?: readonly Uint8Array[];
  readonly adoption?: readonly Adoption[];
}

/** What became of each release. */
export interface BackfillResult {
  readonly releases: readonly {
    readonly releaseId: string;
    readonly version: string;
    readonly targetSizeBytes: number;
    readonly patches: readonly PatchOutcome[];
  }[];
  readonly sequence: number;
  /** False when every patch was offered already. */
  readonly changed: boolean;
}

/**
 * Makes patches for releases that are published, and names them in the index with one swap. What is stored already is applied and
 * named, not built again. At most 32 patches per release stay: the planned ones first.
 *
 * @throws ERR_PUBLISH_UNKNOWN_RELEASE, ERR_PUBLISH_CORRUPT
 */
export async function backfillPatches(
  options: PublisherOptions,
  input: BackfillOptions,
): Promise<BackfillResult> {
  await checkSigners(options);
  const guard = await openSweepGuard(options);
  const before = (await readChannel(options))?.index;
  const wanted = (input.releaseIds ?? newestIds(before)).map(
    (id) => requireRelease(before, id, options.scope.channel).release,
  );
  const made = new Map<string, { sizeBytes: number; patches: readonly PatchOutcome[] }>();
  for (const release of wanted) {
    const bases = basesFor(release, before, input);
    const target = await readTarget(options, release);
    await guard.protect(keysOfPairs(bases, target.sha256Hex));
    const full = await smallestStoredBytes(options, target);
    const patches = await makePatches(options, options.patchMaker ?? deltaPatchMaker, target, bases, full);
    made.set(release.releaseId, { patches, sizeBytes: target.bytes.length });
  }
  let changed = false;
  const index = await changeChannel(
    options,
    async (current) => {
      changed = false;
      const releases = (current?.releases ?? []).map((release) => {
        const fresh = made.get(release.releaseId)?.patches.flatMap(({ patch }) => patch ?? []) ?? [];
        const patches = merge(fresh, release.patches);
        if (patches === release.patches) return release;
        changed = true;
        return { ...release, patches };
      });
      return changed ? { releases } : undefined;
    },
    guard.checkTime,
  );
  return {
    changed,
    releases: wanted.map(({ releaseId, version }) => ({
      patches: made.get(releaseId)?.patches ?? [],
      releaseId,
      targetSizeBytes: made.get(releaseId)?.sizeBytes ?? 0,
      version,
    })),
    sequence: index?.sequence ?? 0,
  };
}

function newestIds(index: ChannelIndex | undefined): readonly string[] {
  const newest = new Map<string, string>();
  for (const { binaryVersion, releaseId, runtimeVersion, status } of index?.releases ?? [])
    if (status === 'active') newest.set(`${runtimeVersion ?? ''} ${binaryVersion ?? ''}`, releaseId);
  return Array.from(newest.values());
}

function basesFor(
  release: IndexRelease,
  index: ChannelIndex | undefined,
  { adoption, bases: count = 3, embedded = [] }: BackfillOptions,
): readonly PatchBase[] {
  const bytesOf = new Map(embedded.map((bytes) => [sha256Hex(bytes), bytes]));
  // Devices go up only.
  const lower = (index?.releases ?? []).filter(({ versionCode }) => versionCode < release.versionCode);
  return planBases({
    count,
    embedded: Array.from(bytesOf.keys()),
    index: { releases: lower },
    target: release,
    ...(adoption === undefined ? {} : { adoption }),
  }).map(({ sha256Hex: hash }) => {
    const bytes = bytesOf.get(hash);
    return bytes === undefined ? { sha256Hex: hash } : { bytes, sha256Hex: hash };
  });
}

async function readTarget(
  { storage }: PublisherOptions,
  { launchSha256Hex, releaseId }: IndexRelease,
): Promise<Parameters<typeof smallestStoredBytes>[1]> {
  const key = objectKey(launchSha256Hex);
  const bytes = (await storage.get(key, { maxSizeBytes: LIMITS.objectSizeBytes }))?.body;
  if (bytes === undefined || sha256Hex(bytes) !== launchSha256Hex) {
    throw publishError(
      'ERR_PUBLISH_CORRUPT',
      `The launch file of ${releaseId} is missing or damaged (${key}); publish the release again, which heals it`,
      { details: { key, releaseId } },
    );
  }
  return { bytes, mediaType: 'application/octet-stream', path: 'launch', sha256Hex: launchSha256Hex };
}

/** The same list when there is nothing new. */
function merge(fresh: readonly PatchRef[], present: readonly PatchRef[]): readonly PatchRef[] {
  const isNamed = (patch: PatchRef): boolean =>
    present.some((one) => isSamePair(one, patch) && one.sha256Hex === patch.sha256Hex);
  if (fresh.every(isNamed)) return present;
  const others = present.filter((patch) => !fresh.some((one) => isSamePair(one, patch)));
  return [...fresh, ...others].slice(0, LIMITS.patchesPerRelease);
}

function isSamePair(a: PatchRef, b: PatchRef): boolean {
  return a.baseSha256Hex === b.baseSha256Hex && a.format === b.format;
}
