// A signed channel in memory, and the fake device that reads it.
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { createPublisher, type Publisher, type ReleaseInput } from '@kivyx-ota/publisher';
import { memoryStorage } from '@kivyx-ota/storage';
import { createStaticHandler } from '@kivyx-ota/storage/http';
import { createFakeNative, type FakeAnswer, type FakeNative } from '@kivyx-ota/client-react-native/testing';
import { createOtaOn, engineTimer, type Ota, type OtaOptions } from '@kivyx-ota/client-react-native/core';

export const BASE_URL = 'https://cdn.example/ota/';
export const EMBEDDED = program('1.0.0');

export function program(version: string): Uint8Array {
  const lines = Array.from({ length: 200 }, (_, i) => `function f${i}(a){return a*${(i * 7919) % 1000};}`);
  return new TextEncoder().encode(`${lines.join('\n')}\nprint(${JSON.stringify(version)});\n`);
}

export interface Channel {
  readonly publisher: Publisher;
  readonly native: FakeNative;
  /** Publishes a release with that program. */
  publish(version: string, change?: Partial<ReleaseInput>): Promise<{ readonly releaseId: string }>;
  ota(options?: Partial<OtaOptions>): Ota;
  /** Tells every `ota` made here that the app comes or goes. */
  setForeground(isForeground: boolean): void;
  /** Changes answers. */
  meddle: (url: string) => FakeAnswer | undefined;
}

export async function createChannel(): Promise<Channel> {
  const pair = generateKeyPair();
  const signer = createLocalSigner(pair.privateKeyPem);
  const trust = { keys: [pair.publicKeyPem] };
  const storage = memoryStorage();
  const handle = createStaticHandler(storage);
  const publisher = createPublisher({
    clock: { nowMs: Date.now },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    scope: { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' },
    signers: { index: signer, release: signer },
    storage,
    trust,
  });
  const listeners = new Set<(isForeground: boolean) => void>();
  const channel: Channel = {
    meddle: () => undefined,
    native: createFakeNative({
      embedded: EMBEDDED,
      runtimeVersion: '1',
      serve: async (url, headers) => {
        const changed = channel.meddle(url);
        if (changed !== undefined) return changed;
        const response = await handle(
          new Request(`http://localhost/${url.slice(BASE_URL.length)}`, { headers }),
        );
        return {
          body: new Uint8Array(await response.arrayBuffer()),
          headers: Object.fromEntries(response.headers),
          status: response.status,
        };
      },
    }),
    ota: (options = {}) =>
      createOtaOn(
        {
          http: channel.native.http,
          native: channel.native,
          onForeground: (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
          platform: 'android',
          timer: engineTimer(globalThis as never),
        },
        {
          app: 'cafe',
          baseUrl: BASE_URL,
          channel: 'production',
          checkEveryMs: false,
          health: 'manual',
          network: { attempts: 1 },
          project: 'acme',
          trust,
          ...options,
        },
      ),
    publish: async (version, change = {}) => {
      const { release } = await publisher.publish({
        allowPlainJs: true,
        assets: [],
        launch: { bytes: program(version), path: 'main.js' },
        runtimeVersion: '1',
        version,
        ...change,
      });
      return release;
    },
    publisher,
    setForeground: (isForeground) => {
      for (const listener of listeners) listener(isForeground);
    },
  };
  await channel.publish('1.0.0');
  return channel;
}
