import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import {
  createPublisher,
  type Publisher,
  type PublisherOptions,
  type ReleaseInput,
} from '@kivyx-ota/publisher';
import { memoryStorage } from '@kivyx-ota/storage';

export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
export const pair = generateKeyPair();
export const signer = createLocalSigner(pair.privateKeyPem);

let seed = 1;
export const random = {
  bytes: (length: number): Uint8Array =>
    Uint8Array.from({ length }, () => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
      return seed >> 16;
    }),
};

export function options(change: Partial<PublisherOptions> = {}): PublisherOptions {
  return {
    clock: { nowMs: () => 1_790_000_000_000 },
    random,
    scope: SCOPE,
    signers: { index: signer, release: signer },
    sleep: async () => undefined,
    storage: memoryStorage(),
    trust: { keys: [pair.publicKeyPem] },
    ...change,
  };
}

export const publisher = (change: Partial<PublisherOptions> = {}): Publisher =>
  createPublisher(options(change));

/** Bytes with the header of Hermes bytecode and a body that follows from `seed`. */
export function bytecode(content: string, hbcVersion = 99): Uint8Array {
  const body = new TextEncoder().encode(content);
  const bytes = new Uint8Array(128 + body.length);
  bytes.set([0xc6, 0x1f, 0xbc, 0x03, 0xc1, 0x03, 0x19, 0x1f]);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, hbcVersion, true);
  view.setUint32(32, bytes.length, true);
  bytes.set(body, 128);
  return bytes;
}

const PROGRAM = Array.from(
  { length: 400 },
  (_, i) => `function f${i}(a,b){return a*${(i * 7919) % 1000}+b-${(i * 104_729) % 977};}`,
).join('\n');

export function release(version: string, change: Partial<ReleaseInput> = {}): ReleaseInput {
  return {
    launch: { bytes: bytecode(`${PROGRAM}\nprint(${JSON.stringify(version)});`), path: 'main.hbc' },
    runtimeVersion: '1',
    version,
    ...change,
  };
}
