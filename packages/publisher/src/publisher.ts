import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  type ChannelIndex,
  type IndexRelease,
  keysForRole,
  manifestKey,
  type PatchRef,
} from '@kivyx-ota/manifest';
import { signManifest } from '@kivyx-ota/manifest/sign';
import { changeChannel, type ChannelState, readChannel, trustRootOf } from './channel-document.ts';
import { deltaPatchMaker } from './delta-patch-maker.ts';
import { publishError } from './error.ts';
import { makePatches, patchBases } from './make-patches.ts';
import type { PublisherOptions } from './options.ts';
import { prepareRelease, type PreparedRelease } from './prepare-release.ts';
import type { ReleaseInput } from './release-input.ts';
import { IMMUTABLE, missingObjects, uploadObjects } from './upload-objects.ts';
import { type ChannelReport, verifyChannel } from './verify-channel.ts';

/** What publishing came to. */
export interface PublishResult {
  readonly release: IndexRelease;
  readonly sequence: number;
  /** False when the channel already had exactly this release. */
  readonly changed: boolean;
}

/** What publishing would do. */
export interface PublishPlan {
  readonly releaseId: string;
  readonly versionCode: number;
  readonly alreadyPublished: boolean;
  readonly uploads: readonly { readonly path: string; readonly sizeBytes: number }[];
  readonly uploadBytes: number;
  /** Launch files that patches would be made from. */
  readonly patchBases: readonly string[];
  readonly nextSequence: number;
}

/** The verbs of a channel. */
export interface Publisher {
  /** Publishes a release: all of it, or nothing that a device would see. Running it again is harmless. */
  publish(input: ReleaseInput): Promise<PublishResult>;
  /** Says what {@link Publisher.publish} would do, and changes nothing. */
  plan(input: ReleaseInput): Promise<PublishPlan>;
  /** Sets the share of devices, in hundredths of a percent. */
  setRollout(releaseId: string, rolloutBasisPoints: number): Promise<ChannelIndex>;
  pause(releaseId: string): Promise<ChannelIndex>;
  resume(releaseId: string): Promise<ChannelIndex>;
  /** Takes a release back; devices that run it go to `rollbackTo`, the next lower release, or the embedded bundle. */
  revoke(releaseId: string, options?: { readonly rollbackTo?: string }): Promise<ChannelIndex>;
  /** Names the same manifest and patches in this channel that `release` has in another. */
  promote(release: IndexRelease, options?: { readonly rolloutBasisPoints?: number }): Promise<ChannelIndex>;
  /** Signs the index anew with a later expiry. */
  refresh(): Promise<ChannelIndex>;
  /** The verified index, or undefined before the first publish. */
  read(): Promise<ChannelState | undefined>;
  /** Walks the channel to its last byte: signatures, hashes, and every patch applied. */
  verify(): Promise<ChannelReport>;
}

/**
 * A publisher for one channel. Nothing is cached: each verb reads what is there, changes it, signs, and swaps it in only if
 * nobody was faster; so any number of publishers may work on a channel at once.
 */
export function createPublisher(options: PublisherOptions): Publisher {
  const { storage, scope, signers, clock, onEvent } = options;
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000);
  const maker = options.patchMaker ?? deltaPatchMaker;
  const baseCount = options.patchBaseCount ?? 3;

  /** @throws ERR_PUBLISH_KEY: what devices would refuse is refused here (regressions.md 19) */
  const checkSigners = async (): Promise<void> => {
    const root = trustRootOf(options);
    for (const [role, keys] of [
      ['release', keysForRole(root, 'release')],
      ['index', keysForRole(root, 'index', scope.channel)],
    ] as const) {
      const { kidHex } = await signers[role].publicKey();
      if (!keys.some((key) => key.kidHex === kidHex)) {
        throw publishError(
          'ERR_PUBLISH_KEY',
          `The ${role} signer's key ${kidHex} is not trusted for that role; devices would refuse what it signs`,
          { details: { kidHex, role } },
        );
      }
    }
  };

  const uploadManifest = async (
    prepared: PreparedRelease,
    versionCode: number,
  ): Promise<IndexRelease['manifest']> => {
    const { envelope } = await signManifest(prepared.manifest(versionCode), signers.release);
    const hash = sha256Hex(envelope);
    await storage.put(manifestKey(hash), envelope, {
      cacheControl: IMMUTABLE,
      contentType: 'application/cose; cose-type="cose-sign1"',
      ifAbsent: true,
    });
    onEvent?.({ sha256Hex: hash, type: 'manifest', versionCode });
    return { sha256Hex: hash, sizeBytes: envelope.length };
  };

  const publish = async (input: ReleaseInput): Promise<PublishResult> => {
    await checkSigners();
    const prepared = prepareRelease(input, scope, nowSeconds());
    // Before anything is uploaded: a manifest that devices would refuse is found here.
    prepared.manifest(input.versionCode ?? 1);
    const before = await readChannel(options);
    checkAgainstChannel(before?.index, input, prepared);
    const smallest = await uploadObjects(options, prepared.files);
    const full = smallest.get(prepared.launch.sha256Hex) ?? prepared.launch.bytes.length;
    const bases = [
      ...(input.patchBases ?? []),
      ...patchBases(before?.index, { ...input, sha256Hex: prepared.launch.sha256Hex }, baseCount),
    ];
    const patches = baseCount === 0 ? [] : await makePatches(options, maker, prepared.launch, bases, full);

    let published: IndexRelease | undefined;
    let changed = false;
    const index = await changeChannel(options, async (current) => {
      changed = false;
      published = checkAgainstChannel(current, input, prepared);
      if (published !== undefined) return undefined;
      const versionCode = input.versionCode ?? nextVersionCode(current);
      published = indexRelease(
        input,
        prepared,
        versionCode,
        await uploadManifest(prepared, versionCode),
        patches,
      );
      changed = true;
      return { releases: [...(current?.releases ?? []), published] };
    });
    return { changed, release: published as IndexRelease, sequence: index?.sequence ?? 0 };
  };

  const plan = async (input: ReleaseInput): Promise<PublishPlan> => {
    await checkSigners();
    const prepared = prepareRelease(input, scope, nowSeconds());
    const index = (await readChannel(options))?.index;
    const present = checkAgainstChannel(index, input, prepared);
    const uploads = (await missingObjects(storage, prepared.files)).map(({ path, bytes }) => ({
      path,
      sizeBytes: bytes.length,
    }));
    return {
      alreadyPublished: present !== undefined,
      nextSequence: (index?.sequence ?? 0) + (present === undefined ? 1 : 0),
      patchBases: [
        ...(input.patchBases ?? []).map((base) => sha256Hex(base)),
        ...patchBases(index, { ...input, sha256Hex: prepared.launch.sha256Hex }, baseCount),
      ],
      releaseId: prepared.releaseId,
      uploadBytes: uploads.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      uploads,
      versionCode: present?.versionCode ?? input.versionCode ?? nextVersionCode(index),
    };
  };

  const edit = async (
    releaseId: string,
    change: (release: IndexRelease) => IndexRelease,
  ): Promise<ChannelIndex> => {
    await checkSigners();
    const index = await changeChannel(options, async (current) => {
      const before = current?.releases.find((release) => release.releaseId === releaseId);
      if (current === undefined || before === undefined) {
        const known =
          current?.releases.map((release) => release.releaseId).join(', ') ?? 'none, the channel is empty';
        throw publishError(
          'ERR_PUBLISH_UNKNOWN_RELEASE',
          `No release ${releaseId} in ${scope.channel}. There are: ${known}`,
          { details: { releaseId } },
        );
      }
      const after = change(before);
      if (after === before) return undefined;
      return { releases: current.releases.map((release) => (release === before ? after : release)) };
    });
    return index as ChannelIndex;
  };

  const setStatus = (releaseId: string, status: 'active' | 'paused'): Promise<ChannelIndex> =>
    edit(releaseId, (release) => {
      if (release.status === 'revoked') {
        throw publishError(
          'ERR_PUBLISH_STATE',
          `${releaseId} is revoked, which is final; publish a new release instead`,
          { details: { releaseId } },
        );
      }
      return release.status === status ? release : { ...release, status };
    });

  return {
    pause: (releaseId) => setStatus(releaseId, 'paused'),
    plan,
    promote: async (release, { rolloutBasisPoints = 10_000 } = {}) => {
      await checkSigners();
      const index = await changeChannel(options, async (current) => {
        const present = current?.releases.find(({ releaseId }) => releaseId === release.releaseId);
        if (present !== undefined && present.manifest.sha256Hex === release.manifest.sha256Hex)
          return undefined;
        if (present !== undefined) throw duplicateId(release.releaseId);
        checkVersionCode(current, release.versionCode);
        const { rollbackTo: _gone, ...rest } = release;
        return {
          releases: [...(current?.releases ?? []), { ...rest, rolloutBasisPoints, status: 'active' }],
        };
      });
      return index as ChannelIndex;
    },
    publish,
    read: () => readChannel(options),
    refresh: async () => {
      await checkSigners();
      return (await changeChannel(options, async (current) => ({
        releases: current?.releases ?? [],
      }))) as ChannelIndex;
    },
    resume: (releaseId) => setStatus(releaseId, 'active'),
    revoke: (releaseId, { rollbackTo } = {}) =>
      edit(releaseId, (release) => {
        const { rollbackTo: _before, ...rest } = release;
        if (release.status === 'revoked' && release.rollbackTo === rollbackTo) return release;
        return { ...rest, status: 'revoked', ...(rollbackTo === undefined ? {} : { rollbackTo }) };
      }),
    setRollout: (releaseId, rolloutBasisPoints) => {
      if (!Number.isInteger(rolloutBasisPoints) || rolloutBasisPoints < 0 || rolloutBasisPoints > 10_000) {
        throw new RangeError(`setRollout: rolloutBasisPoints must be 0 … 10,000, got ${rolloutBasisPoints}`);
      }
      return edit(releaseId, (release) =>
        release.rolloutBasisPoints === rolloutBasisPoints ? release : { ...release, rolloutBasisPoints },
      );
    },
    verify: () => verifyChannel(options, maker),
  };
}

/** The release if the channel has exactly this one; otherwise checks that it could be added. */
function checkAgainstChannel(
  index: ChannelIndex | undefined,
  input: ReleaseInput,
  prepared: PreparedRelease,
): IndexRelease | undefined {
  const present = index?.releases.find(({ releaseId }) => releaseId === prepared.releaseId);
  if (present !== undefined) {
    const same =
      present.launchSha256Hex === prepared.launch.sha256Hex &&
      (input.versionCode ?? present.versionCode) === present.versionCode;
    if (!same) throw duplicateId(prepared.releaseId);
    return present;
  }
  if (input.versionCode !== undefined) checkVersionCode(index, input.versionCode);
  return undefined;
}

function duplicateId(releaseId: string): Error {
  return publishError(
    'ERR_PUBLISH_RELEASE_ID',
    `The channel has another release called ${releaseId}; choose another id, releases never change`,
    { details: { releaseId } },
  );
}

function checkVersionCode(index: ChannelIndex | undefined, versionCode: number): void {
  const least = nextVersionCode(index);
  if (versionCode < least) {
    throw publishError(
      'ERR_PUBLISH_VERSION_CODE',
      `Version code ${versionCode} must be at least ${least}: devices never go back`,
      { details: { least, versionCode } },
    );
  }
}

function nextVersionCode(index: ChannelIndex | undefined): number {
  const last = index?.releases[index.releases.length - 1];
  return (last?.versionCode ?? 0) + 1;
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
