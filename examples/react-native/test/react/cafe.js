// A channel and a device in memory, for the app's component tests: the real publisher, client and boot decisions.
import { createOtaOn, engineTimer } from '@kivyx-ota/client-react-native/core';
import { createFakeNative } from '@kivyx-ota/client-react-native/testing';
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { createPublisher } from '@kivyx-ota/publisher';
import { memoryStorage } from '@kivyx-ota/storage';
import { createStaticHandler } from '@kivyx-ota/storage/http';

const BASE_URL = 'https://updates.cafe.example/';
const keys = generateKeyPair();
const trust = { keys: [keys.publicKeyPem] };

/** An empty channel and a new phone. */
export function createCafe() {
  const signer = createLocalSigner(keys.privateKeyPem);
  const storage = memoryStorage();
  const handle = createStaticHandler(storage);
  const publisher = createPublisher({
    clock: { nowMs: Date.now },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    scope: { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' },
    signers: { index: signer, release: signer },
    storage,
    trust,
  });
  const native = createFakeNative({
    embeddedVersionCode: 0,
    runtimeVersion: '1',
    serve: async (url, headers) => {
      const response = await handle(
        new Request(`http://localhost/${url.slice(BASE_URL.length)}`, { headers }),
      );
      return {
        body: new Uint8Array(await response.arrayBuffer()),
        headers: Object.fromEntries(response.headers),
        status: response.status,
      };
    },
  });
  return {
    native,
    /** A start of the app. */
    createOta: () =>
      createOtaOn(
        { http: native.http, native, platform: 'ios', timer: engineTimer(globalThis) },
        {
          app: 'cafe',
          baseUrl: BASE_URL,
          channel: 'production',
          checkEveryMs: false,
          health: 'manual',
          network: { attempts: 1 },
          project: 'acme',
          trust,
        },
      ),
    publish: (version, change = {}) =>
      publisher.publish({
        allowPlainJs: true,
        assets: [{ bytes: new Uint8Array(300_000).fill(7), path: 'menu.bin' }],
        launch: { bytes: new TextEncoder().encode(`print('${version}')`), path: 'main.js' },
        runtimeVersion: '1',
        version,
        ...change,
      }),
  };
}
