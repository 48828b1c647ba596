// A publisher, a network and devices, for the cases.
import {
  type Client,
  type ClientEvent,
  type ClientOptions,
  type ClientPorts,
  createClient,
} from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { createLocalSigner, exportPublicKey, type Signer } from '@kivyx-ota/cose/sign';
import { utf8ToBytes } from '@kivyx-ota/core';
import { createPublisher, type Publisher, type ReleaseInput } from '@kivyx-ota/publisher';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';
import {
  type Disk,
  emptyDisk,
  memoryBoot,
  type MemoryBoot,
  memoryNetwork,
  memoryPorts,
  type Network,
} from './memory-ports.ts';

export const BASE_URL = 'https://cdn.example/ota/';
export const SCOPE = { app: 'cafe', channel: 'production', platform: 'android', project: 'acme' } as const;
export const START_MS = 1_790_000_000_000;

// Fixed keys: a VM without a random source signs too (RFC 6979).
const jwk = (d: string, x: string, y: string): Signer =>
  createLocalSigner({ crv: 'P-256', d, kty: 'EC', x, y });
export const KEY: Signer = jwk(
  'V8kgd2ZBRuh2dgyVINBUqpPDr7BOMGcF22CQMIUHtNM',
  'usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8',
  'IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4',
);
export const OTHER_KEY: Signer = jwk(
  'BLkAcmEtWX2b-VkXx23UpRGkG7U-kVovq23O0HUdvG0',
  'By26mrW_IFFjcUeAXMMzSWYl3OWHyBvskFBG6MxNziw',
  '3HKyjPPveNsgvD9vMAelzbempWd0xIsTQlDzEZV09q0',
);

/** A program of about 20 kB, so that patches are worth it. */
export function program(version: string): Uint8Array {
  const lines: string[] = [];
  for (let i = 0; i < 300; i++)
    lines.push(`function f${i}(a,b){return a*${(i * 7919) % 1000}+b-${(i * 104_729) % 977};}`);
  return utf8ToBytes(`${lines.join('\n')}\nprint(${JSON.stringify(version)});\n`);
}

export function releaseInput(version: string, change: Partial<ReleaseInput> = {}): ReleaseInput {
  return {
    allowPlainJs: true,
    assets: [{ bytes: utf8ToBytes('the same logo in every release'), path: 'assets/logo.svg' }],
    launch: { bytes: program(version), path: 'main.js' },
    runtimeVersion: '1',
    version,
    ...change,
  };
}

export interface World {
  readonly storage: ObjectStorage;
  readonly publisher: Publisher;
  readonly network: Network;
  readonly time: WorldTime;
  device(options?: Partial<DeviceSetup>): WorldDevice;
}

export interface WorldTime {
  nowMs: number;
  monotonicMs: number;
  /** Waits that a call was made to wait for; they are over at once. */
  readonly waits: number[];
  /** Lets time go by for what waits in the background. */
  pass(ms: number): Promise<void>;
  /** A wait that nobody stands in line for. */
  background(ms: number): Promise<void>;
}

export interface DeviceSetup {
  readonly disk: Disk;
  readonly client: Partial<ClientOptions>;
  readonly embedded: Uint8Array | undefined;
  readonly binaryId: string;
  readonly embeddedVersionCode: number;
  /** Changes the ports of the next start. */
  readonly ports: (ports: ClientPorts) => ClientPorts;
  readonly lockAcquired: boolean;
}

export interface WorldDevice {
  readonly disk: Disk;
  readonly events: ClientEvent[];
  /** Number of changes of the disk until it stops taking them; counts down. */
  writesLeft: number;
  writes: number;
  /** How often the app was restarted by the client. */
  restarts: number;
  readonly boot: MemoryBoot;
  /** A new process: boots, and makes a client. */
  start(): Client;
}

export function createWorld(): World {
  const storage = memoryStorage();
  const time = createTime();
  const network = memoryNetwork(storage, BASE_URL, {
    advance: (ms) => {
      time.monotonicMs += ms;
    },
  });
  const publisher = createPublisher({
    clock: { nowMs: () => time.nowMs },
    random: { bytes: (length) => new Uint8Array(length) },
    scope: SCOPE,
    signers: { index: KEY, release: KEY },
    storage,
    trust: { keys: [publicHex(KEY_HEX)] },
  });
  return {
    device: (options = {}) => makeDevice(network, time, options),
    network,
    publisher,
    storage,
    time,
  };
}

function createTime(): WorldTime {
  let sleepers: { readonly untilMs: number; readonly wake: () => void }[] = [];
  const time: WorldTime = {
    background: (ms) =>
      new Promise((wake) => {
        sleepers.push({ untilMs: time.monotonicMs + ms, wake });
      }),
    monotonicMs: 0,
    nowMs: START_MS,
    pass: async (ms) => {
      time.monotonicMs += ms;
      time.nowMs += ms;
      const due = sleepers.filter(({ untilMs }) => untilMs <= time.monotonicMs);
      sleepers = sleepers.filter(({ untilMs }) => untilMs > time.monotonicMs);
      for (const { wake } of due) wake();
      // What they do takes some turns.
      for (let i = 0; i < 50; i++) await Promise.resolve();
    },
    waits: [],
  };
  return time;
}

const KEY_HEX = { value: '' };
const publicHex = (holder: { readonly value: string }): string => holder.value;

/** The public keys as hex; call once before making a world. */
export async function loadKeys(): Promise<void> {
  KEY_HEX.value = exportPublicKey(await KEY.publicKey()).rawHex;
}

export function trustedKeyHex(): string {
  return KEY_HEX.value;
}

function makeDevice(network: Network, time: World['time'], options: Partial<DeviceSetup>): WorldDevice {
  const disk = options.disk ?? emptyDisk();
  const events: ClientEvent[] = [];
  const device = { restarts: 0, writes: 0, writesLeft: Number.POSITIVE_INFINITY };
  const guard = (): void => {
    device.writes++;
    if (device.writesLeft-- <= 0) throw new Error('ENOSPC: no space left');
  };
  const embedded = 'embedded' in options ? options.embedded : program('1.0.0');
  const embeddedVersionCode = options.embeddedVersionCode ?? 1;
  const boot = memoryBoot(
    disk,
    guard,
    { id: options.binaryId ?? 'bin-1', versionCode: embeddedVersionCode },
    options.lockAcquired ?? true,
  );
  const start = (): Client => {
    const snapshot = boot.boot();
    // What a process sees of its boot does not change while it lives, whatever a later process does.
    const own = { ...boot, snapshot: () => snapshot };
    const restart = (): void => {
      device.restarts++;
    };
    const embeddedPort = { bytes: embedded, versionCode: embeddedVersionCode };
    const ports = memoryPorts(disk, network, own, guard, time, embeddedPort, restart);
    const client = createClient({
      baseUrl: BASE_URL,
      device: { binaryVersion: '1.0.0', deviceId: 'device-1', runtimeVersion: '1' },
      patchDecoder: deltaDecoder,
      ports: options.ports === undefined ? ports : options.ports(ports),
      scope: SCOPE,
      trust: { keys: [trustedKeyHex()] },
      ...options.client,
    });
    client.subscribe((event) => events.push(event));
    return client;
  };
  return Object.assign(device, { boot, disk, events, start }) as WorldDevice;
}
