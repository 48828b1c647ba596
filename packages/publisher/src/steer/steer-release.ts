import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import { changeChannel } from '../channel/channel-document.ts';
import { wayBackObstacle } from '@kivyx-ota/rollout';
import { checkSigners } from '../channel/check-signers.ts';
import { publishError } from '../error.ts';
import { keysOfManifest, keysOfPatches } from '../collect/keys-of-release.ts';
import type { PublisherOptions } from '../options.ts';
import { openSweepGuard } from '../collect/sweep-guard.ts';
import { checkVersionCode, duplicateId, requireRelease } from '../channel/release-in-channel.ts';

/** Changes what the index says of one release; `change` gives the same object back when there is nothing to do. */
async function editRelease(
  options: PublisherOptions,
  releaseId: string,
  change: (release: IndexRelease, index: ChannelIndex) => IndexRelease,
): Promise<ChannelIndex> {
  await checkSigners(options);
  const index = await changeChannel(options, async (current) => {
    const { index: found, release: before } = requireRelease(current, releaseId, options.scope.channel);
    const after = change(before, found);
    if (after === before) return undefined;
    return { releases: found.releases.map((release) => (release === before ? after : release)) };
  });
  return index as ChannelIndex;
}

/** @throws ERR_PUBLISH_STATE when the release is revoked */
export function setStatus(
  options: PublisherOptions,
  releaseId: string,
  status: 'active' | 'paused',
): Promise<ChannelIndex> {
  return editRelease(options, releaseId, (release) => {
    if (release.status === 'revoked') throw revoked(releaseId);
    return release.status === status ? release : { ...release, status };
  });
}

/** @throws RangeError, ERR_PUBLISH_STATE when the release is revoked */
export function setRollout(
  options: PublisherOptions,
  releaseId: string,
  rolloutBasisPoints: number,
): Promise<ChannelIndex> {
  if (!Number.isInteger(rolloutBasisPoints) || rolloutBasisPoints < 0 || rolloutBasisPoints > 10_000) {
    throw new RangeError(`setRollout: rolloutBasisPoints must be 0 … 10,000, got ${rolloutBasisPoints}`);
  }
  return editRelease(options, releaseId, (release) => {
    if (release.status === 'revoked') throw revoked(releaseId);
    return release.rolloutBasisPoints === rolloutBasisPoints ? release : { ...release, rolloutBasisPoints };
  });
}

/**
 * Lets devices on which the release failed for no known reason try it once more: they remember the token they failed under, and a
 * higher one is a new chance (docs/spec/lifecycle.md). Those on which it crashed are not asked again.
 *
 * @throws ERR_PUBLISH_STATE when the release is revoked
 */
export function retryRelease(options: PublisherOptions, releaseId: string): Promise<ChannelIndex> {
  return editRelease(options, releaseId, (release) => {
    if (release.status === 'revoked') throw revoked(releaseId);
    return { ...release, retryToken: (release.retryToken ?? 0) + 1 };
  });
}

/** @throws ERR_PUBLISH_STATE when no device could go to `rollbackTo` */
export function revokeRelease(
  options: PublisherOptions,
  releaseId: string,
  rollbackTo: string | undefined,
): Promise<ChannelIndex> {
  return editRelease(options, releaseId, (release, { releases }) => {
    const { rollbackTo: _before, ...rest } = release;
    if (release.status === 'revoked' && release.rollbackTo === rollbackTo) return release;
    const obstacle = rollbackTo === undefined ? undefined : wayBackObstacle(releases, release, rollbackTo);
    if (obstacle !== undefined)
      throw publishError('ERR_PUBLISH_STATE', `Devices cannot go there: ${obstacle}`, {
        details: { releaseId, rollbackTo },
      });
    return { ...rest, status: 'revoked', ...(rollbackTo === undefined ? {} : { rollbackTo }) };
  });
}

/** Names the manifest and the patches of a release of another channel in this one. */
export async function promoteRelease(
  options: PublisherOptions,
  release: IndexRelease,
  rolloutBasisPoints: number,
): Promise<ChannelIndex> {
  await checkSigners(options);
  const guard = await openSweepGuard(options);
  const keys = await keysOfManifest(options, release);
  if (keys === undefined) {
    throw publishError(
      'ERR_PUBLISH_UNKNOWN_RELEASE',
      `The manifest of ${release.releaseId} is not in this storage; read the release from its channel again`,
      { details: { releaseId: release.releaseId } },
    );
  }
  await guard.protect([...keys, ...keysOfPatches(release)]);
  const index = await changeChannel(
    options,
    async (current) => {
      const present = current?.releases.find(({ releaseId }) => releaseId === release.releaseId);
      if (present !== undefined && present.manifest.sha256Hex === release.manifest.sha256Hex)
        return undefined;
      if (present !== undefined) throw duplicateId(release.releaseId);
      checkVersionCode(current, release.versionCode);
      const { rollbackTo: _gone, ...rest } = release;
      return { releases: [...(current?.releases ?? []), { ...rest, rolloutBasisPoints, status: 'active' }] };
    },
    guard.checkTime,
  );
  return index as ChannelIndex;
}

function revoked(releaseId: string): Error {
  return publishError(
    'ERR_PUBLISH_STATE',
    `${releaseId} is revoked, which is final; publish a new release instead`,
    { details: { releaseId } },
  );
}
