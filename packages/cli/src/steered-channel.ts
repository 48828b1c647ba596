import { isOtaError } from '@kivyx-ota/core';
import type { ChannelIndex, IndexRelease } from '@kivyx-ota/manifest';
import { type ControlPlane, createPublisher, type Publisher } from '@kivyx-ota/publisher';
import { findRelease, readIndex, type Session } from './session.ts';

/** What a verb came to. */
export interface Steered {
  readonly release: IndexRelease;
  readonly sequence: number;
}

/** A channel whose releases can be steered: an index in the storage, or one that a server signs. */
export interface SteeredChannel {
  /** By id, by version, or `latest`. */
  find(wanted: string): Pick<IndexRelease, 'releaseId'> & Partial<IndexRelease>;
  setRollout(releaseId: string, rolloutBasisPoints: number): Promise<Steered>;
  pause(releaseId: string): Promise<Steered>;
  resume(releaseId: string): Promise<Steered>;
  retry(releaseId: string): Promise<Steered>;
  revoke(releaseId: string, rollbackTo: string | undefined): Promise<Steered>;
  promote(releaseId: string, channel: string, rolloutBasisPoints: number): Promise<Steered>;
}

/** @throws ERR_CLI_USAGE when nothing is published */
export async function openChannel(session: Session): Promise<SteeredChannel> {
  const control = session.control();
  return control === undefined ? openStored(session) : openServed(control);
}

async function openStored({ config, writer }: Session): Promise<SteeredChannel> {
  const options = await writer();
  const publisher = createPublisher(options);
  const before = await readIndex(publisher, config);
  const verb =
    <A extends unknown[]>(work: (one: Publisher, releaseId: string, ...rest: A) => Promise<ChannelIndex>) =>
    async (releaseId: string, ...rest: A): Promise<Steered> =>
      steered(await work(publisher, releaseId, ...rest), releaseId);
  return {
    find: (wanted) => findRelease(before, wanted),
    pause: verb((one, id) => one.pause(id)),
    promote: async (releaseId, channel, rolloutBasisPoints) => {
      const target = createPublisher(await writer({ channel }));
      const release = findRelease(before, releaseId);
      return steered(await target.promote(release, { rolloutBasisPoints }), releaseId);
    },
    resume: verb((one, id) => one.resume(id)),
    retry: verb((one, id) => one.retry(id)),
    revoke: verb((one, id, rollbackTo: string | undefined) =>
      one.revoke(id, rollbackTo === undefined ? {} : { rollbackTo }),
    ),
    setRollout: verb((one, id, rolloutBasisPoints: number) => one.setRollout(id, rolloutBasisPoints)),
  };
}

function steered({ releases, sequence }: ChannelIndex, wanted: string): Steered {
  return { release: findRelease({ releases }, wanted), sequence };
}

async function openServed(control: ControlPlane): Promise<SteeredChannel> {
  // A key may steer and not read; then releases are named by their ids.
  const releases = await control.listReleases().catch((error: unknown) => {
    if (isOtaError(error, 'ERR_PUBLISH_SERVER') && error.details['status'] === 403) return undefined;
    throw error;
  });
  return {
    find: (wanted) => (releases === undefined ? { releaseId: wanted } : findRelease({ releases }, wanted)),
    pause: (releaseId) => control.pause(releaseId),
    promote: (releaseId, channel, rolloutBasisPoints) =>
      control.promote(releaseId, channel, { rolloutBasisPoints }),
    resume: (releaseId) => control.resume(releaseId),
    retry: (releaseId) => control.retry(releaseId),
    revoke: (releaseId, rollbackTo) =>
      control.revoke(releaseId, rollbackTo === undefined ? {} : { rollbackTo }),
    setRollout: (releaseId, rolloutBasisPoints) => control.setRollout(releaseId, rolloutBasisPoints),
  };
}
