import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type ChannelIndex, type IndexRelease, LIMITS, objectKey, type PatchRef } from '@kivyx-ota/manifest';
import { mergePatches } from '@kivyx-ota/manifest/sign';
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

/** Who names patches where a server signs the index: `createControlPlane` gives one. */
export interface PatchNaming {
  namePatches(
    releaseId: string,
    patches: readonly PatchRef[],
  ): Promise<{ readonly sequence: number; readonly changed: boolean }>;
}

/** Options of `backfillPatches`. */
export interface BackfillOptions {
  /** Default: the newest active release of each runtime. */
  readonly releaseIds?: readonly string[];
  /** Releases before each to start from; default 3. */
  readonly bases?: number;
  /** Launch files inside store binaries. */
  readonly embedded?: readonly Uint8Array[];
  readonly adoption?: readonly Adoption[];
  /** Asked to name the patches; then nothing is signed here, and `storage` shows the index of the server (`withServedIndex`). */
  readonly control?: PatchNaming;
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
 * Makes patches for releases that are published, and names them in the index with one swap, or asks the server to. What is stored
 * already is applied and named, not built again. At most 32 patches per release stay: the planned ones first.
 *
 * @throws ERR_PUBLISH_UNKNOWN_RELEASE, ERR_PUBLISH_CORRUPT, with `control` ERR_PUBLISH_SERVER
 */
export async function backfillPatches(
  options: PublisherOptions,
  input: BackfillOptions,
): Promise<BackfillResult> {
  if (input.control === undefined) await checkSigners(options);
  const guard = await openSweepGuard(options);
  const before = (await readChannel(options))?.index;
  const wanted = (input.releaseIds ?? newestIds(before)).map(
    (id) => requireRelease(before, id, options.scope.channel).release,
  );
  const releases: BackfillResult['releases'][number][] = [];
  for (const release of wanted) {
    const bases = basesFor(release, before, input);
    const target = await readTarget(options, release);
    await guard.protect(keysOfPairs(bases, target.sha256Hex));
    const full = await smallestStoredBytes(options, target);
    const patches = await makePatches(options, options.patchMaker ?? deltaPatchMaker, target, bases, full);
    const { releaseId, version } = release;
    releases.push({ patches, releaseId, targetSizeBytes: target.bytes.length, version });
  }
  const fresh = new Map(
    releases.map(({ patches, releaseId }) => [releaseId, patches.flatMap(({ patch }) => patch ?? [])]),
  );
  const named =
    input.control === undefined
      ? await nameInIndex(options, fresh, guard.checkTime)
      : await nameByServer(input.control, fresh, before?.sequence ?? 0, guard.checkTime);
  return { ...named, releases };
}

type Named = Pick<BackfillResult, 'changed' | 'sequence'>;
type FreshPatches = ReadonlyMap<string, readonly PatchRef[]>;

async function nameInIndex(
  options: PublisherOptions,
  fresh: FreshPatches,
  checkTime: () => void,
): Promise<Named> {
  let changed = false;
  const index = await changeChannel(
    options,
    async (current) => {
      changed = false;
      const releases = (current?.releases ?? []).map((release) => {
        const patches = mergePatches(fresh.get(release.releaseId) ?? [], release.patches);
        if (patches === release.patches) return release;
        changed = true;
        return { ...release, patches };
      });
      return changed ? { releases } : undefined;
    },
    checkTime,
  );
  return { changed, sequence: index?.sequence ?? 0 };
}

async function nameByServer(
  control: PatchNaming,
  fresh: FreshPatches,
  sequence: number,
  checkTime: () => void,
): Promise<Named> {
  let named: Named = { changed: false, sequence };
  for (const [releaseId, patches] of fresh) {
    if (patches.length === 0) continue;
    checkTime();
    const { changed, sequence: after } = await control.namePatches(releaseId, patches);
    named = { changed: named.changed || changed, sequence: after };
  }
  return named;
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
