// An app in little, for examples that are about everything but the app: its releases, and a phone that runs them.
import { bundleFolder, createClient, LAUNCH_FILE, type UpdateOutcome } from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { createNodeBootHost, nodePorts } from '@kivyx-ota/client/node';
import type { ChannelScope } from '@kivyx-ota/manifest';
import type { ReleaseInput } from '@kivyx-ota/publisher';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const RUNTIME = 'native-1';
const SCREENS = Array.from(
  { length: 1500 },
  (_, i) => `function screen${i}(props){return render(props,${(i * 7919) % 1000},${(i * 104_729) % 977});}`,
).join('\n');

/** The launch file of a version: about 90 kB with the header of Hermes bytecode; two versions differ in one line. */
export function sampleBundle(version: string): Uint8Array {
  const body = new TextEncoder().encode(`${SCREENS}\nstart(${JSON.stringify(version)});`);
  const bytes = new Uint8Array(128 + body.length);
  bytes.set([0xc6, 0x1f, 0xbc, 0x03, 0xc1, 0x03, 0x19, 0x1f]);
  const view = new DataView(bytes.buffer);
  view.setUint32(8, 99, true);
  view.setUint32(32, bytes.length, true);
  bytes.set(body, 128);
  return bytes;
}

/** A release of it, with one image. */
export function sampleRelease(version: string): ReleaseInput {
  return {
    assets: [
      { bytes: new TextEncoder().encode(`<svg><text>${version}</text></svg>`), path: 'assets/logo.svg' },
    ],
    launch: { bytes: sampleBundle(version), path: 'main.hbc' },
    runtimeVersion: RUNTIME,
    version,
  };
}

/** Where a phone looks, and whom it believes. */
export interface SamplePhoneOptions {
  /** An empty folder: the phone's disk. */
  readonly directory: string;
  readonly baseUrl: string;
  readonly scope: ChannelScope;
  /** One key, or all that the channel may be signed with. */
  readonly publicKeyPem: string | readonly string[];
  /** The version inside the binary; what `sampleBundle` gives for it. */
  readonly embedded: string;
}

/** A phone. */
export interface SamplePhone {
  /** Looks for an update, and installs it. */
  update(): Promise<UpdateOutcome>;
  /** Starts the app and confirms the start; gives the launch file that runs. */
  start(): Promise<Uint8Array>;
  /** Starts the app, which ends before the start is confirmed, and nobody knows why. True when it was an update. */
  startAndEnd(): Promise<boolean>;
}

/** A phone with the real client and the real boot code of Node. */
export function samplePhone(options: SamplePhoneOptions): SamplePhone {
  const { baseUrl, directory, embedded, publicKeyPem, scope } = options;
  const boot = createNodeBootHost({ binaryId: `app-${embedded}`, directory, embeddedVersionCode: 1 });
  const client = createClient({
    allowInsecureLoopback: true,
    baseUrl,
    device: { binaryVersion: embedded, deviceId: 'phone-1', runtimeVersion: RUNTIME },
    patchDecoder: deltaDecoder,
    ports: nodePorts({
      boot,
      directory,
      embedded: { read: () => Promise.resolve(sampleBundle(embedded)), versionCode: 1 },
    }),
    scope,
    trust: { keys: typeof publicKeyPem === 'string' ? [publicKeyPem] : publicKeyPem },
  });
  return {
    start: async () => {
      const { running } = await boot.boot();
      if (running === 'embedded') return sampleBundle(embedded);
      await client.markHealthy();
      return new Uint8Array(await readFile(join(directory, bundleFolder(running), LAUNCH_FILE)));
    },
    startAndEnd: async () => (await boot.boot()).running !== 'embedded',
    update: () => client.checkAndApply(),
  };
}
