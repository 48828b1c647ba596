import { createLocalSigner } from '@kivyx-ota/cose/sign';
import type { ChannelScope, IndexRelease } from '@kivyx-ota/manifest';
import { announceRelease, createPublisher, type ReleaseInput } from '@kivyx-ota/publisher';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { randomBytes } from 'node:crypto';

/** Where and as whom to publish. */
export interface PublishTarget {
  readonly scope: ChannelScope;
  /** The server's bucket. */
  readonly directory: string;
  /** `https://…/ota/` */
  readonly baseUrl: string;
  /** With the scope `publish`. */
  readonly apiKey: string;
  readonly releaseKeyPem: string;
  readonly releasePublicKeyPem: string;
}

/**
 * Uploads a release and names it to the server, which then decides who gets it. The channel `uploads` of the same bucket is the
 * publisher's own notebook: it remembers what there is to make patches from. No device reads it.
 */
export async function publishTo(target: PublishTarget, input: ReleaseInput): Promise<IndexRelease> {
  const { scope, baseUrl, apiKey } = target;
  const signer = createLocalSigner(target.releaseKeyPem);
  const publisher = createPublisher({
    clock: { nowMs: Date.now },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    scope: { ...scope, channel: 'uploads' },
    signers: { index: signer, release: signer },
    storage: fsStorage({ directory: target.directory }),
    trust: { keys: [target.releasePublicKeyPem] },
  });
  const { release } = await publisher.publish(input);
  await announceRelease(release, { apiKey, baseUrl, scope });
  return release;
}
