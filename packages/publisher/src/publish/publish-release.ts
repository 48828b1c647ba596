import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  type ChannelIndex,
  type IndexRelease,
  LIMITS,
  manifestKey,
  objectKey,
  type PatchRef,
} from '@kivyx-ota/manifest';
import { signManifest } from '@kivyx-ota/manifest/sign';
import { changeChannel, nextIndex, readChannel } from '../channel/channel-document.ts';
import { checkBytecodeVersion } from '../check/check-bytecode-version.ts';
import { checkIndexRoom } from '../channel/check-index-room.ts';
import { checkRelease } from '../check/check-release.ts';
import { checkSigners } from '../channel/check-signers.ts';
import { deltaPatchMaker } from '../patches/delta-patch-maker.ts';
import { flagWarnings, type PublishWarning } from '../check/flag-warnings.ts';
import { keysOfPairs, makePatches, type PatchBase, type PatchOutcome } from '../patches/make-patches.ts';
import type { PublisherOptions } from '../options.ts';
import { planBases, type PlannedBase } from '../patches/plan-bases.ts';
import { prepareRelease, type PreparedRelease } from './prepare-release.ts';
import type { ReleaseInput } from '../release-input.ts';
import { findOrAdmit, nextVersionCode } from '../channel/release-in-channel.ts';
import { sourceMapKey } from '../objects/source-map.ts';
import { openSweepGuard, type SweepGuard } from '../collect/sweep-guard.ts';
import { IMMUTABLE, missingObjects, smallestStoredBytes, uploadObjects } from '../objects/upload-objects.ts';

/** What publishing came to. */
export interface PublishResult {
  readonly release: IndexRelease;
  readonly sequence: number;
  /** False when the channel already had exactly this release. */
  readonly changed: boolean;
  /** Each base that was looked at. */
  readonly patches: readonly PatchOutcome[];
  readonly warnings: readonly PublishWarning[];
}

/** What publishing would do. */
export interface PublishPlan {
  readonly releaseId: string;
  readonly versionCode: number;
  readonly alreadyPublished: boolean;
  readonly uploads: readonly { readonly path: string; readonly sizeBytes: number }[];
  readonly uploadBytes: number;
  /** Launch files that patches would be made from. */
  readonly patchBases: readonly PlannedBase[];
  readonly nextSequence: number;
  readonly warnings: readonly PublishWarning[];
}

/** The whole transaction: everything that devices will ask for is there before the index names it. */
export async function publishRelease(options: PublisherOptions, input: ReleaseInput): Promise<PublishResult> {
  await checkSigners(options);
  checkRelease(options, input);
  const prepared = prepareRelease(input, options.scope, Math.floor(options.clock.nowMs() / 1000));
  const identity = identityOf(input, prepared);
  const guard = await openSweepGuard(options);
  const before = await readChannel(options);
  const present = findOrAdmit(before?.index, identity);
  await checkBytecodeVersion(options, input, before?.index);
  const bases = basesOf(options, input, prepared, before?.index);
  if (present === undefined) checkRoom(options, input, prepared, bases, before?.index);
  await guard.protect([
    sourceMapKey(prepared.launch.sha256Hex),
    ...prepared.files.map((file) => objectKey(file.sha256Hex)),
    ...keysOfPairs(bases, prepared.launch.sha256Hex),
  ]);
  await uploadObjects(options, prepared.files);
  if (input.sourceMap !== undefined) {
    await options.storage.put(sourceMapKey(prepared.launch.sha256Hex), input.sourceMap, {
      cacheControl: 'private, no-store',
      contentType: 'application/json',
      ifAbsent: true,
    });
  }
  const fullSizeBytes = await smallestStoredBytes(options, prepared.launch);
  const outcomes =
    bases.length === 0
      ? []
      : await makePatches(
          options,
          options.patchMaker ?? deltaPatchMaker,
          prepared.launch,
          bases.map(({ bytes, sha256Hex: hash }) =>
            bytes === undefined ? { sha256Hex: hash } : { bytes, sha256Hex: hash },
          ),
          fullSizeBytes,
        );
  const warnings = flagWarnings(
    input.patchBases ?? [],
    prepared.launch.bytes,
    before?.index,
    outcomes,
    fullSizeBytes,
  );
  for (const warning of warnings) options.onEvent?.({ type: 'warning', warning });
  const patches = outcomes.flatMap(({ patch }) => (patch === undefined ? [] : [patch]));

  let published: IndexRelease | undefined;
  let changed = false;
  const index = await changeChannel(
    options,
    async (current) => {
      changed = false;
      published = findOrAdmit(current, identity);
      if (published !== undefined) return undefined;
      const versionCode = input.versionCode ?? nextVersionCode(current);
      const manifest = await uploadManifest(options, guard, prepared, versionCode);
      published = indexRelease(input, prepared, versionCode, manifest, patches);
      changed = true;
      return { releases: [...(current?.releases ?? []), published] };
    },
    guard.checkTime,
  );
  return {
    changed,
    patches: outcomes,
    release: published as IndexRelease,
    sequence: index?.sequence ?? 0,
    warnings,
  };
}

/** Says what {@link publishRelease} would do. */
export async function planRelease(options: PublisherOptions, input: ReleaseInput): Promise<PublishPlan> {
  await checkSigners(options);
  checkRelease(options, input);
  const prepared = prepareRelease(input, options.scope, Math.floor(options.clock.nowMs() / 1000));
  const index = (await readChannel(options))?.index;
  const present = findOrAdmit(index, identityOf(input, prepared));
  await checkBytecodeVersion(options, input, index);
  const bases = basesOf(options, input, prepared, index);
  if (present === undefined) checkRoom(options, input, prepared, bases, index);
  const uploads = (await missingObjects(options, prepared.files)).map(({ path, bytes }) => ({
    path,
    sizeBytes: bytes.length,
  }));
  return {
    alreadyPublished: present !== undefined,
    nextSequence: (index?.sequence ?? 0) + (present === undefined ? 1 : 0),
    patchBases: bases.map(({ bytes: _bytes, ...base }) => base),
    releaseId: prepared.releaseId,
    uploadBytes: uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    uploads,
    versionCode: present?.versionCode ?? input.versionCode ?? nextVersionCode(index),
    warnings: flagWarnings(input.patchBases ?? [], prepared.launch.bytes, index, undefined, 0),
  };
}

function identityOf(
  { versionCode }: ReleaseInput,
  { launch, releaseId }: PreparedRelease,
): Parameters<typeof findOrAdmit>[1] {
  const identity = { launchSha256Hex: launch.sha256Hex, releaseId };
  return versionCode === undefined ? identity : { ...identity, versionCode };
}

function basesOf(
  { patchBaseCount: count = 3 }: PublisherOptions,
  { adoption, binaryVersion, patchBases = [], runtimeVersion }: ReleaseInput,
  { launch }: PreparedRelease,
  index: ChannelIndex | undefined,
): readonly (PlannedBase & PatchBase)[] {
  if (count === 0) return [];
  const embedded = new Map(patchBases.map((bytes) => [sha256Hex(bytes), bytes]));
  return planBases({
    count,
    embedded: Array.from(embedded.keys()),
    index,
    target: {
      launchSha256Hex: launch.sha256Hex,
      ...(runtimeVersion === undefined ? {} : { runtimeVersion }),
      ...(binaryVersion === undefined ? {} : { binaryVersion }),
    },
    ...(adoption === undefined ? {} : { adoption }),
  }).map((base) => {
    const bytes = embedded.get(base.sha256Hex);
    return bytes === undefined ? base : { ...base, bytes };
  });
}

/** Before anything is uploaded: as large as the index can become by this release. */
function checkRoom(
  options: PublisherOptions,
  input: ReleaseInput,
  prepared: PreparedRelease,
  bases: readonly PatchBase[],
  index: ChannelIndex | undefined,
): void {
  const hash = 'f'.repeat(64);
  const patches = bases.map(({ sha256Hex: baseSha256Hex }) => ({
    baseSha256Hex,
    format: 'none',
    sha256Hex: hash,
    sizeBytes: LIMITS.objectSizeBytes,
  }));
  const manifest = { sha256Hex: hash, sizeBytes: LIMITS.manifestSizeBytes };
  const versionCode = input.versionCode ?? nextVersionCode(index);
  const release = indexRelease(input, prepared, versionCode, manifest, patches);
  checkIndexRoom(
    nextIndex(options, {
      releases: [...(index?.releases ?? []), release],
      sequence: (index?.sequence ?? 0) + 1,
      ...(index === undefined ? {} : { previousSha256Hex: hash }),
    }),
  );
}

async function uploadManifest(
  { onEvent, signers, storage }: PublisherOptions,
  guard: SweepGuard,
  prepared: PreparedRelease,
  versionCode: number,
): Promise<IndexRelease['manifest']> {
  const { envelope } = await signManifest(prepared.manifest(versionCode), signers.release);
  const hash = sha256Hex(envelope);
  // Signatures may be deterministic: this very envelope may be left over from a publisher that was killed.
  await guard.protect([manifestKey(hash)]);
  await storage.put(manifestKey(hash), envelope, {
    cacheControl: IMMUTABLE,
    contentType: 'application/cose; cose-type="cose-sign1"',
    ifAbsent: true,
  });
  onEvent?.({ sha256Hex: hash, type: 'manifest', versionCode });
  return { sha256Hex: hash, sizeBytes: envelope.length };
}

function indexRelease(
  input: ReleaseInput,
  prepared: PreparedRelease,
  versionCode: number,
  manifest: IndexRelease['manifest'],
  patches: readonly PatchRef[],
): IndexRelease {
  return {
    launchSha256Hex: prepared.launch.sha256Hex,
    mandatory: input.mandatory ?? false,
    manifest,
    patches,
    releaseId: prepared.releaseId,
    rolloutBasisPoints: input.rolloutBasisPoints ?? 10_000,
    salt: prepared.releaseId,
    status: 'active',
    version: input.version,
    versionCode,
    ...(input.runtimeVersion === undefined ? {} : { runtimeVersion: input.runtimeVersion }),
    ...(input.binaryVersion === undefined ? {} : { binaryVersion: input.binaryVersion }),
    ...(input.targeting === undefined ? {} : { targeting: input.targeting }),
  };
}
