// A simulated phone: a folder, the boot code, the update client, and the app in its engine.
import {
  bundleFolder,
  type Client,
  type ClientEvent,
  createClient,
  LAUNCH_FILE,
  type UpdateOutcome,
} from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { createNodeBootHost, nodePorts } from '@kivyx-ota/client/node';
import type { ChannelScope } from '@kivyx-ota/manifest';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BuiltApp } from './build-app.ts';
import type { Engine, LaunchOutcome } from './engine.ts';

/** What all devices of the demo share. */
export interface Fleet {
  readonly engine: Engine;
  readonly embedded: BuiltApp;
  readonly scope: ChannelScope;
  readonly baseUrl: string;
  readonly publicKeyPem: string;
  readonly runtimeVersion: string;
}

/** What a start of the app came to. */
export interface Start {
  /** `embedded` or the launch file's hash. */
  readonly running: string;
  readonly versionCode: number;
  readonly outcome: LaunchOutcome;
}

/** One phone. */
export interface Device {
  readonly id: string;
  readonly directory: string;
  readonly events: readonly ClientEvent[];
  /** Boots, launches the app in its engine, confirms it when it lives. One start; a crash is left for the next. */
  start(): Promise<Start>;
  /** Check, download, stage. */
  update(onProgress?: (share: number) => void): Promise<UpdateOutcome>;
}

/** Installs the app (its embedded bundle) on a new phone. */
export function createDevice(
  id: string,
  directory: string,
  fleet: Fleet,
  { usePatches = true } = {},
): Device {
  const { engine, embedded, scope } = fleet;
  const events: ClientEvent[] = [];
  const boot = createNodeBootHost({ binaryId: 'cafe-1.0.0', directory, embeddedVersionCode: 1 });
  // A phone starts a process for each launch; here each start makes a client of its own.
  const newClient = (): Client => {
    const client = createClient({
      allowInsecureLoopback: true,
      baseUrl: fleet.baseUrl,
      device: { binaryVersion: '1.0.0', deviceId: id, runtimeVersion: fleet.runtimeVersion },
      network: { attempts: 2 },
      ports: nodePorts({
        boot,
        directory,
        embedded: { read: async () => new Uint8Array(await readFile(embedded.launchPath)), versionCode: 1 },
      }),
      scope,
      trust: { keys: [fleet.publicKeyPem] },
      ...(usePatches ? { patchDecoder: deltaDecoder } : {}),
    });
    client.subscribe((event) => events.push(event));
    return client;
  };
  let client = newClient();

  return {
    directory,
    events,
    id,
    start: async () => {
      const launch = await boot.boot();
      client = newClient();
      const path =
        launch.running === 'embedded'
          ? embedded.launchPath
          : join(directory, bundleFolder(launch.running), LAUNCH_FILE);
      const outcome = await engine.launch(path);
      checkAssets(outcome, dirname(path));
      if (outcome.crash === undefined && outcome.firstContent) await client.markHealthy();
      else if (launch.launchId !== undefined) await boot.mark('crash', launch.launchId);
      return { outcome, running: launch.running, versionCode: launch.versionCode };
    },
    update: (onProgress) =>
      client.checkAndApply({
        onProgress: ({ receivedBytes, totalBytes }) =>
          onProgress?.(totalBytes === 0 ? 1 : receivedBytes / totalBytes),
      }),
  };
}

/** The app says which images it shows; they must lie beside its bundle. */
function checkAssets({ lines }: LaunchOutcome, folder: string): void {
  for (const line of lines) {
    const asset = /^kivyx:asset (.+)$/.exec(line)?.[1];
    if (asset !== undefined && !existsSync(join(folder, asset)))
      throw new Error(`The app shows ${asset}, which is not in ${folder}`);
  }
}
