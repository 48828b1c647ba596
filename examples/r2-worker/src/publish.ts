import { createLocalSigner, type GeneratedKeyPair } from '@kivyx-ota/cose/sign';
import { createPublisher, type Publisher } from '@kivyx-ota/publisher';
import { compressForTransport } from '@kivyx-ota/publisher/node';
import type { ObjectStorage } from '@kivyx-ota/storage';
import { randomBytes } from 'node:crypto';

/** The channel of this example. */
export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;

/** A publisher of it, on any storage. */
export function publisherFor(storage: ObjectStorage, keys: GeneratedKeyPair): Publisher {
  const signer = createLocalSigner(keys.privateKeyPem);
  return createPublisher({
    clock: { nowMs: () => Date.now() },
    compress: compressForTransport,
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    scope: SCOPE,
    signers: { index: signer, release: signer },
    storage,
    trust: { keys: [keys.publicKeyPem] },
  });
}
