import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type IndexRelease, manifestKey, objectKey } from '@kivyx-ota/manifest';
import { signManifest } from '@kivyx-ota/manifest/sign';
import { changeChannel } from '../channel/channel-document.ts';
import { findOrAdmit, nextVersionCode } from '../channel/release-in-channel.ts';
import { flagWarnings, type PublishWarning } from '../check/flag-warnings.ts';
import { sourceMapKey } from '../objects/source-map.ts';
import { IMMUTABLE, smallestStoredBytes, uploadObjects } from '../objects/upload-objects.ts';
import type { PublisherOptions } from '../options.ts';
import { deltaPatchMaker } from '../patches/delta-patch-maker.ts';
import { keysOfPairs, makePatches, type PatchOutcome } from '../patches/make-patches.ts';
import type { ReleaseInput } from '../release-input.ts';
import { indexRelease, type OpenedRelease, openRelease } from './open-release.ts';

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

/** A release of which devices could get everything, and which no index names yet. */
export interface UploadedRelease extends OpenedRelease {
  readonly patches: readonly PatchOutcome[];
  readonly warnings: readonly PublishWarning[];
}

/** The whole transaction: everything that devices will ask for is there before the index names it. */
export async function publishRelease(options: PublisherOptions, input: ReleaseInput): Promise<PublishResult> {
  return nameRelease(await uploadRelease(await openRelease(options, input)));
}

/** Uploads what is missing and makes the patches; the channel stays as it is. */
export async function uploadRelease(opened: OpenedRelease): Promise<UploadedRelease> {
  const { bases, before, guard, input, options, prepared } = opened;
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
  const maker = options.patchMaker ?? deltaPatchMaker;
  const patches =
    bases.length === 0 ? [] : await makePatches(options, maker, prepared.launch, bases, fullSizeBytes);
  const warnings = flagWarnings(
    input.patchBases ?? [],
    prepared.launch.bytes,
    before,
    patches,
    fullSizeBytes,
  );
  for (const warning of warnings) options.onEvent?.({ type: 'warning', warning });
  return { ...opened, patches, warnings };
}

/** Signs the manifest and swaps in the index that names it. */
export async function nameRelease(uploaded: UploadedRelease): Promise<PublishResult> {
  const { guard, identity, input, options, patches, prepared, warnings } = uploaded;
  const refs = patches.flatMap(({ patch }) => (patch === undefined ? [] : [patch]));
  let published: IndexRelease | undefined;
  let changed = false;
  const index = await changeChannel(
    options,
    async (current) => {
      changed = false;
      published = findOrAdmit(current, identity);
      if (published !== undefined) return undefined;
      const versionCode = input.versionCode ?? nextVersionCode(current);
      const manifest = await uploadManifest(uploaded, versionCode);
      published = indexRelease(input, prepared, versionCode, manifest, refs);
      changed = true;
      return { releases: [...(current?.releases ?? []), published] };
    },
    guard.checkTime,
  );
  return { changed, patches, release: published as IndexRelease, sequence: index?.sequence ?? 0, warnings };
}

async function uploadManifest(
  { guard, options: { onEvent, signers, storage }, prepared }: OpenedRelease,
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
