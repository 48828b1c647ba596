import { createLocalSigner, type GeneratedKeyPair } from '@kivyx-ota/cose/sign';
import type { ChannelScope, IndexRelease } from '@kivyx-ota/manifest';
import { announceRelease, createPublisher, type Publisher, type ReleaseInput } from '@kivyx-ota/publisher';
import { compressForTransport } from '@kivyx-ota/publisher/node';
import type { ObjectStorage } from '@kivyx-ota/storage';
import { randomBytes } from 'node:crypto';

/** The channel of this example. */
export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;

/** A publisher of it, on any storage. */
export function publisherFor(
  storage: ObjectStorage,
  keys: GeneratedKeyPair,
  scope: ChannelScope = SCOPE,
): Publisher {
  const signer = createLocalSigner(keys.privateKeyPem);
  return createPublisher({
    clock: { nowMs: () => Date.now() },
    compress: compressForTransport,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    scope,
    signers: { index: signer, release: signer },
    storage,
    trust: { keys: [keys.publicKeyPem] },
  });
}

/** Where the dynamic Worker is, and who publishes. */
export interface DynamicTarget {
  readonly storage: ObjectStorage;
  readonly baseUrl: string;
  /** With the scope `publish`. */
  readonly apiKey: string;
  readonly releaseKeys: GeneratedKeyPair;
}

/** The dynamic mode: uploads a release, and names it to the Worker, which decides who gets it. */
export async function publishTo(target: DynamicTarget, input: ReleaseInput): Promise<IndexRelease> {
  const publisher = publisherFor(target.storage, target.releaseKeys, { ...SCOPE, channel: 'uploads' });
  const { release } = await publisher.publish(input);
  await announceRelease(release, { apiKey: target.apiKey, baseUrl: target.baseUrl, scope: SCOPE });
  return release;
}
