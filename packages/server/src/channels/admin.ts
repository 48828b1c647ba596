import { sha256Hex } from '@kivyx-ota/core/sha256';
import { es256, parsePublicKey } from '@kivyx-ota/cose';
import { ed25519 } from '@kivyx-ota/cose/ed25519';
import {
  type ChannelScope,
  type IndexRelease,
  LIMITS,
  manifestKey,
  patchKey,
  type PatchRef,
  verifyManifest,
} from '@kivyx-ota/manifest';
import { mergePatches } from '@kivyx-ota/manifest/sign';
import { wayBackObstacle } from '@kivyx-ota/rollout';
import type { ChannelChange, Channels, ChannelSnapshot } from './channels.ts';
import { serverError } from '../http/error.ts';
import type { OtaServerOptions } from '../options.ts';

/** What a verb came to. */
export interface AdminResult {
  readonly release: IndexRelease;
  readonly sequence: number;
  /** False when everything was so already. */
  readonly changed: boolean;
}

/** The verbs on the releases of a channel; each is audited when it changes something, and all but `retry` are idempotent. */
export interface Admin {
  publish(scope: ChannelScope, release: IndexRelease, actor: string): Promise<AdminResult>;
  setRollout(
    scope: ChannelScope,
    releaseId: string,
    basisPoints: number,
    actor: string,
  ): Promise<AdminResult>;
  setStatus(
    scope: ChannelScope,
    releaseId: string,
    status: 'active' | 'paused',
    actor: string,
    detail?: Readonly<Record<string, string | number | boolean>>,
  ): Promise<AdminResult>;
  revoke(
    scope: ChannelScope,
    releaseId: string,
    rollbackTo: string | undefined,
    actor: string,
  ): Promise<AdminResult>;
  /** Lets devices on which it failed without a known reason try it once more: each call is one more try. */
  retry(scope: ChannelScope, releaseId: string, actor: string): Promise<AdminResult>;
  /** Names patches that are in the storage, beside those that the release has. */
  namePatches(
    scope: ChannelScope,
    releaseId: string,
    patches: readonly PatchRef[],
    actor: string,
  ): Promise<AdminResult>;
}

export function createAdmin(options: OtaServerOptions, channels: Channels): Admin {
  const { database, storage } = options;
  const releaseKeys = options.releaseKeys.map((key) => parsePublicKey(key, [es256, ed25519]));

  /** What devices would refuse is refused here. */
  const checkManifest = async (scope: ChannelScope, release: IndexRelease): Promise<void> => {
    const { sha256Hex: hash, sizeBytes } = release.manifest;
    const stored = await storage.get(manifestKey(hash), {
      maxSizeBytes: LIMITS.manifestSizeBytes + LIMITS.envelopeOverheadBytes,
    });
    const wrong = (why: string): never => {
      throw serverError('ERR_SERVER_STATE', `The manifest ${hash}: ${why}`);
    };
    if (stored === undefined) return wrong('is not in the storage; upload it first');
    if (stored.body.length !== sizeBytes || sha256Hex(stored.body) !== hash)
      wrong('has other bytes than stated');
    const { app, platform, project } = scope;
    let manifest: ReturnType<typeof verifyManifest>['document'];
    try {
      manifest = verifyManifest(stored.body, {
        keys: releaseKeys,
        scope: { app, platform, project },
      }).document;
    } catch (error) {
      throw serverError(
        'ERR_SERVER_STATE',
        `The manifest ${hash} is not one that devices accept: ${(error as Error).message}`,
        { cause: error },
      );
    }
    for (const name of ['releaseId', 'versionCode', 'version', 'runtimeVersion', 'binaryVersion'] as const)
      if (manifest[name] !== release[name]) wrong(`says another ${name}`);
    if (manifest.launch.sha256Hex !== release.launchSha256Hex) wrong('says another launch file');
  };

  const result = (
    { snapshot, changed }: { snapshot: ChannelSnapshot | undefined; changed: boolean },
    release: IndexRelease,
  ): AdminResult => ({ changed, release, sequence: snapshot?.index.sequence ?? 0 });

  const readRelease = async (scope: ChannelScope, releaseId: string): Promise<IndexRelease> => {
    const found = await database.readRelease(scope, releaseId);
    if (found === undefined)
      throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such release in this channel');
    return found.release;
  };

  /** What is not there costs every device a request before it takes the whole file. Other bytes are found out by its hash. */
  const checkPatches = async (launchSha256Hex: string, patches: readonly PatchRef[]): Promise<void> => {
    const wrong = await Promise.all(
      patches.map(async ({ baseSha256Hex, format, sizeBytes }) => {
        const key = patchKey(baseSha256Hex, launchSha256Hex, format);
        const stored = await storage.head(key);
        return stored?.sizeBytes === sizeBytes ? [] : [key];
      }),
    );
    const [key] = wrong.flat();
    if (key !== undefined)
      throw serverError(
        'ERR_SERVER_STATE',
        `${key} is not in the storage with that many bytes; upload it first`,
      );
  };

  const edit = async (
    scope: ChannelScope,
    releaseId: string,
    apply: (release: IndexRelease, indexed: readonly IndexRelease[]) => IndexRelease,
    audit: { action: string; actor: string; detail?: Readonly<Record<string, string | number | boolean>> },
  ): Promise<AdminResult> => {
    let after: IndexRelease | undefined;
    const change: ChannelChange = async (releases) => {
      // Archived releases can be changed too; that brings them back into the index.
      const before =
        releases.find((one) => one.releaseId === releaseId) ?? (await readRelease(scope, releaseId));
      after = apply(before, releases);
      return after === before ? undefined : [after];
    };
    const outcome = await channels.change(scope, change, { ...audit, releaseId });
    return result(outcome, after as unknown as IndexRelease);
  };

  return {
    namePatches: async (scope, releaseId, patches, actor) => {
      const { launchSha256Hex } = await readRelease(scope, releaseId);
      await checkPatches(launchSha256Hex, patches);
      return edit(
        scope,
        releaseId,
        (release) => {
          const merged = mergePatches(patches, release.patches);
          return merged === release.patches ? release : { ...release, patches: merged };
        },
        { action: 'patches', actor, detail: { named: patches.length } },
      );
    },
    publish: async (scope, release, actor) => {
      await checkManifest(scope, release);
      let stored = release;
      const outcome = await channels.change(
        scope,
        async (releases) => {
          const present = await database.readRelease(scope, release.releaseId);
          if (present !== undefined) {
            if (present.release.manifest.sha256Hex !== release.manifest.sha256Hex)
              throw serverError(
                'ERR_SERVER_STATE',
                `There is another release ${release.releaseId} in this channel`,
              );
            stored = present.release;
            return undefined;
          }
          const newest =
            (await database.listReleases(scope, { limit: 1 })).items[0]?.release.versionCode ?? 0;
          const highest = Math.max(newest, releases[releases.length - 1]?.versionCode ?? 0);
          if (release.versionCode <= highest)
            throw serverError(
              'ERR_SERVER_STATE',
              `Version code ${release.versionCode} is not above ${highest}`,
            );
          return [release];
        },
        {
          action: 'publish',
          actor,
          detail: { version: release.version, versionCode: release.versionCode },
          releaseId: release.releaseId,
        },
      );
      return result(outcome, stored);
    },
    retry: (scope, releaseId, actor) =>
      edit(
        scope,
        releaseId,
        (release) => {
          checkNotRevoked(release);
          return { ...release, retryToken: (release.retryToken ?? 0) + 1 };
        },
        { action: 'retry', actor },
      ),
    revoke: (scope, releaseId, rollbackTo, actor) =>
      edit(
        scope,
        releaseId,
        (release, indexed) => {
          const { rollbackTo: before, ...rest } = release;
          if (release.status === 'revoked' && before === rollbackTo) return release;
          const obstacle =
            rollbackTo === undefined ? undefined : wayBackObstacle(indexed, release, rollbackTo);
          if (obstacle !== undefined)
            throw serverError('ERR_SERVER_STATE', `Devices cannot go there: ${obstacle}`);
          return { ...rest, status: 'revoked', ...(rollbackTo === undefined ? {} : { rollbackTo }) };
        },
        { action: 'revoke', actor, ...(rollbackTo === undefined ? {} : { detail: { rollbackTo } }) },
      ),
    setRollout: (scope, releaseId, basisPoints, actor) =>
      edit(
        scope,
        releaseId,
        (release) => {
          checkNotRevoked(release);
          return release.rolloutBasisPoints === basisPoints
            ? release
            : { ...release, rolloutBasisPoints: basisPoints };
        },
        { action: 'rollout', actor, detail: { basisPoints } },
      ),
    setStatus: (scope, releaseId, status, actor, detail) =>
      edit(
        scope,
        releaseId,
        (release) => {
          checkNotRevoked(release);
          return release.status === status ? release : { ...release, status };
        },
        {
          action: status === 'paused' ? 'pause' : 'resume',
          actor,
          ...(detail === undefined ? {} : { detail }),
        },
      ),
  };
}

function checkNotRevoked({ status }: IndexRelease): void {
  if (status === 'revoked')
    throw serverError('ERR_SERVER_STATE', 'This release is revoked, which is final; publish a new one');
}
