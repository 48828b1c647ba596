import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type ChannelIndex, type IndexRelease, LIMITS, type PatchRef } from '@kivyx-ota/manifest';
import { nextIndex, readChannel } from '../channel/channel-document.ts';
import { checkIndexRoom } from '../channel/check-index-room.ts';
import { checkSigners } from '../channel/check-signers.ts';
import { findOrAdmit, nextVersionCode, type ReleaseIdentity } from '../channel/release-in-channel.ts';
import { checkBytecodeVersion } from '../check/check-bytecode-version.ts';
import { checkRelease } from '../check/check-release.ts';
import { openSweepGuard, type SweepGuard } from '../collect/sweep-guard.ts';
import type { PublisherOptions } from '../options.ts';
import type { PatchBase } from '../patches/make-patches.ts';
import { planBases, type PlannedBase } from '../patches/plan-bases.ts';
import type { ReleaseInput } from '../release-input.ts';
import { prepareRelease, type PreparedRelease } from './prepare-release.ts';

/** A release that passed every check there is before something is written. */
export interface OpenedRelease {
  readonly options: PublisherOptions;
  readonly input: ReleaseInput;
  readonly prepared: PreparedRelease;
  readonly identity: ReleaseIdentity;
  readonly guard: SweepGuard;
  /** The channel as it was looked at. */
  readonly before: ChannelIndex | undefined;
  /** When the channel has exactly this one already. */
  readonly present: IndexRelease | undefined;
  readonly bases: readonly (PlannedBase & PatchBase)[];
}

/** Checks a release against its build, its channel and its keys. Reads only. */
export async function openRelease(options: PublisherOptions, input: ReleaseInput): Promise<OpenedRelease> {
  await checkSigners(options);
  checkRelease(options, input);
  const prepared = prepareRelease(input, options.scope, Math.floor(options.clock.nowMs() / 1000));
  const { versionCode } = input;
  const identity: ReleaseIdentity = {
    launchSha256Hex: prepared.launch.sha256Hex,
    releaseId: prepared.releaseId,
    ...(versionCode === undefined ? {} : { versionCode }),
  };
  // Before the first look at the storage: what is relied on is protected from then on.
  const guard = await openSweepGuard(options);
  const before = (await readChannel(options))?.index;
  const present = findOrAdmit(before, identity);
  await checkBytecodeVersion(options, input, before);
  const opened = {
    bases: basesOf(options, input, prepared, before),
    before,
    guard,
    identity,
    input,
    options,
  };
  const release = { ...opened, prepared, present };
  if (present === undefined) checkRoom(release);
  return release;
}

/** As an index names it. */
export function indexRelease(
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

function basesOf(
  { patchBaseCount: count = 3 }: PublisherOptions,
  { adoption, binaryVersion, patchBases = [], runtimeVersion }: ReleaseInput,
  { launch }: PreparedRelease,
  index: ChannelIndex | undefined,
): OpenedRelease['bases'] {
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

/** As large as the index can become by this release. */
function checkRoom({
  bases,
  before,
  input,
  options,
  prepared,
}: Pick<OpenedRelease, 'bases' | 'before' | 'input' | 'options' | 'prepared'>): void {
  const hash = 'f'.repeat(64);
  const patches = bases.map(({ sha256Hex: baseSha256Hex }) => ({
    baseSha256Hex,
    format: 'none',
    sha256Hex: hash,
    sizeBytes: LIMITS.objectSizeBytes,
  }));
  const manifest = { sha256Hex: hash, sizeBytes: LIMITS.manifestSizeBytes };
  const versionCode = input.versionCode ?? nextVersionCode(before);
  const release = indexRelease(input, prepared, versionCode, manifest, patches);
  checkIndexRoom(
    nextIndex(options, {
      releases: [...(before?.releases ?? []), release],
      sequence: (before?.sequence ?? 0) + 1,
      ...(before === undefined ? {} : { previousSha256Hex: hash }),
    }),
  );
}
