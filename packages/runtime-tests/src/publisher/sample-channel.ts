import { createLocalSigner, generateKeyPair, type Signer } from '@kivyx-ota/cose/sign';
import { parsePublicKey, type PublicKey } from '@kivyx-ota/cose';
import {
  createPublisher,
  type Publisher,
  type PublisherOptions,
  type ReleaseInput,
} from '@kivyx-ota/publisher';
import type { ObjectStorage } from '@kivyx-ota/storage';
import { randomBytes } from 'node:crypto';

/** The channel that the publisher cases work on. */
export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;

interface ChannelKey {
  readonly signer: Signer;
  readonly publicKeyPem: string;
}
let made: ChannelKey | undefined;

// On first use: workerd gives no random numbers while a module loads.
function channelKey(): ChannelKey {
  if (made === undefined) {
    const { privateKeyPem, publicKeyPem } = generateKeyPair();
    made = { publicKeyPem, signer: createLocalSigner(privateKeyPem) };
  }
  return made;
}

/** What its devices trust. */
export function trustedKeys(): readonly PublicKey[] {
  return [parsePublicKey(channelKey().publicKeyPem)];
}

/** A publisher as another machine would have one: it shares the storage and the key, nothing else. */
export function publisherOn(storage: ObjectStorage, change: Partial<PublisherOptions> = {}): Publisher {
  const { publicKeyPem, signer } = channelKey();
  return createPublisher({
    clock: { nowMs: () => Date.now() },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    scope: SCOPE,
    signers: { index: signer, release: signer },
    storage,
    trust: { keys: [publicKeyPem] },
    ...change,
  });
}

const CODE = Array.from({ length: 60 }, (_, i) => `function f${i}(a){return a*${(i * 7919) % 1000};}`).join(
  '',
);

/** A release whose launch file has the header of Hermes bytecode, and about `sizeBytes` bytes. */
export function releaseOf(version: string, sizeBytes: number): ReleaseInput {
  const body = new TextEncoder().encode(`${CODE.slice(0, sizeBytes)}print(${JSON.stringify(version)})`);
  const bytes = new Uint8Array(128 + body.length);
  bytes.set([0xc6, 0x1f, 0xbc, 0x03, 0xc1, 0x03, 0x19, 0x1f]);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 99, true);
  view.setUint32(32, bytes.length, true);
  bytes.set(body, 128);
  return { launch: { bytes, path: 'main.hbc' }, runtimeVersion: '1', version };
}
