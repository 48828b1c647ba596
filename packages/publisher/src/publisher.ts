import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import { backfillPatches, type BackfillOptions, type BackfillResult } from './patches/backfill-patches.ts';
import { changeChannel, type ChannelState, readChannel } from './channel/channel-document.ts';
import { checkSigners } from './channel/check-signers.ts';
import { collectGarbage, type GarbageOptions, type GarbageReport } from './collect/collect-garbage.ts';
import { deltaPatchMaker } from './patches/delta-patch-maker.ts';
import type { PublisherOptions } from './options.ts';
import { planRelease, type PublishPlan } from './publish/plan-release.ts';
import { publishRelease, type PublishResult } from './publish/publish-release.ts';
import { type AuditOptions, type AuditReport, readAuditLog } from './verify/read-audit-log.ts';
import { recoverIndex, type RecoverOptions } from './steer/recover-index.ts';
import type { ReleaseInput } from './release-input.ts';
import { retireReleases } from './steer/retire-releases.ts';
import { promoteRelease, retryRelease, revokeRelease, setRollout, setStatus } from './steer/steer-release.ts';
import { type ChannelReport, verifyChannel } from './verify/verify-channel.ts';

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
  /**
   * Takes a release back; devices that run it go to `rollbackTo`, the next lower release, or the embedded bundle.
   *
   * @throws ERR_PUBLISH_STATE when no device could go to `rollbackTo`
   */
  revoke(releaseId: string, options?: { readonly rollbackTo?: string }): Promise<ChannelIndex>;
  /** Gives devices on which a release failed without a known reason one more try. */
  retry(releaseId: string): Promise<ChannelIndex>;
  /** Names the same manifest and patches in this channel that `release` has in another. */
  promote(release: IndexRelease, options?: { readonly rolloutBasisPoints?: number }): Promise<ChannelIndex>;
  /** Signs the index anew with a later expiry. */
  refresh(): Promise<ChannelIndex>;
  /** Makes patches for what is published already, and names them. */
  backfillPatches(input?: BackfillOptions): Promise<BackfillResult>;
  /** Takes superseded releases beyond the newest `keep` out of the index, which has room for 256 KiB. */
  retire(options: { readonly keep: number }): Promise<ChannelIndex>;
  /** Deletes what no index in retention names, in all channels of the storage. */
  collectGarbage(input?: GarbageOptions): Promise<GarbageReport>;
  /** Signs the channel anew when its key is no longer trusted. */
  recoverIndex(input: RecoverOptions): Promise<ChannelIndex>;
  /** Every index ever published, checked link by link. */
  readAuditLog(input?: AuditOptions): Promise<AuditReport>;
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
  return {
    backfillPatches: (input = {}) => backfillPatches(options, input),
    collectGarbage: (input = {}) => collectGarbage(options, input),
    pause: (releaseId) => setStatus(options, releaseId, 'paused'),
    plan: (input) => planRelease(options, input),
    promote: (release, { rolloutBasisPoints = 10_000 } = {}) =>
      promoteRelease(options, release, rolloutBasisPoints),
    publish: (input) => publishRelease(options, input),
    read: () => readChannel(options),
    readAuditLog: (input = {}) => readAuditLog(options, input),
    recoverIndex: (input) => recoverIndex(options, input),
    refresh: async () => {
      await checkSigners(options);
      return (await changeChannel(options, async (current) => ({
        releases: current?.releases ?? [],
      }))) as ChannelIndex;
    },
    retire: ({ keep }) => retireReleases(options, keep),
    resume: (releaseId) => setStatus(options, releaseId, 'active'),
    retry: (releaseId) => retryRelease(options, releaseId),
    revoke: (releaseId, { rollbackTo } = {}) => revokeRelease(options, releaseId, rollbackTo),
    setRollout: (releaseId, rolloutBasisPoints) => setRollout(options, releaseId, rolloutBasisPoints),
    verify: () => verifyChannel(options, options.patchMaker ?? deltaPatchMaker),
  };
}
