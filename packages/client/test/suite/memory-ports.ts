// A whole device in memory: deterministic, and plain enough to run inside the Hermes VM.
import type { BootSnapshot, ClientPorts, FilesPort, HttpPort, RecordsPort } from '@kivyx-ota/client';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  BOOT_SLOTS,
  type BootRecord,
  emptyBootRecord,
  type Marker,
  markerName,
  type RecordFiles,
  runBoot,
  safeParseBootRecord,
  selectSlot,
  type SlotState,
} from '@kivyx-ota/lifecycle';
import type { ObjectStorage } from '@kivyx-ota/storage';

/** Everything of a device that outlives its process. */
export interface Disk {
  readonly files: Map<string, Uint8Array>;
  readonly records: Map<string, Uint8Array>;
  markers: Marker[];
  /** What is left; `undefined`: it does not tell. */
  freeBytes?: number;
}

export function emptyDisk(): Disk {
  return { files: new Map(), markers: [], records: new Map() };
}

/** Called before every change of the disk; throws to stop it there. */
export type WriteGuard = () => void;

export function memoryFiles(disk: Disk, guard: WriteGuard): FilesPort {
  const { files } = disk;
  const below = (path: string): string[] =>
    Array.from(files.keys()).filter((name) => name === path || name.indexOf(`${path}/`) === 0);
  return {
    append: async (path, bytes) => {
      guard();
      const before = files.get(path) ?? new Uint8Array(0);
      const joined = new Uint8Array(before.length + bytes.length);
      joined.set(before);
      joined.set(bytes, before.length);
      files.set(path, joined);
    },
    freeBytes: async () => disk.freeBytes,
    link: async (from, to) => {
      guard();
      files.set(to, files.get(from) as Uint8Array);
    },
    list: async (path) => {
      const names: string[] = [];
      for (const name of below(path)) {
        const first = name.slice(path.length + 1).split('/')[0] as string;
        if (name !== path && names.indexOf(first) < 0) names.push(first);
      }
      return names;
    },
    read: async (path) => files.get(path)?.slice(),
    remove: async (path) => {
      if (below(path).length === 0) return;
      guard();
      for (const name of below(path)) files.delete(name);
    },
    rename: async (from, to) => {
      guard();
      if (below(to).length > 0) throw new Error(`rename: ${to} exists`);
      for (const name of below(from)) {
        files.set(to + name.slice(from.length), files.get(name) as Uint8Array);
        files.delete(name);
      }
    },
    sha256File: async (path) => {
      const bytes = files.get(path);
      return bytes === undefined ? undefined : sha256Hex(bytes);
    },
    sizeOf: async (path) => files.get(path)?.length,
    write: async (path, bytes) => {
      guard();
      files.set(path, bytes.slice());
    },
  };
}

export function memoryRecords({ records }: Disk, guard: WriteGuard): RecordsPort {
  return {
    read: async (name) => records.get(name)?.slice(),
    write: async (name, bytes) => {
      guard();
      records.set(name, bytes.slice());
    },
  };
}

/** What a test may do to an answer. `undefined`: as it is. */
export type Meddle = (request: {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}) =>
  | undefined
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: Uint8Array;
      /** The connection breaks after this many bytes. */
      readonly breakAfter?: number;
      /** Behave like a server that knows no ranges. */
      readonly ignoreRange?: boolean;
    };

export interface Network {
  meddle: Meddle;
  readonly log: string[];
  readonly http: HttpPort;
}

/** Serves a storage with ETag, 304 and ranges, in small chunks; no redirects are followed. */
export function memoryNetwork(
  storage: ObjectStorage,
  baseUrl: string,
  clock: { advance(ms: number): void },
): Network {
  const network: Network = {
    http: {
      get: async ({ url, headers, onChunk, onHead }) => {
        const path = url.slice(baseUrl.length);
        network.log.push(path);
        const changed = network.meddle({ headers, path }) ?? {};
        const stored = await storage.get(path);
        const etag = stored === undefined ? undefined : `"${stored.etag}"`;
        let status = changed.status ?? (stored === undefined ? 404 : 200);
        let body = changed.body ?? stored?.body ?? new Uint8Array(0);
        const head: Record<string, string> = etag === undefined ? {} : { etag };
        if (
          status === 200 &&
          etag !== undefined &&
          headers['if-none-match'] === etag &&
          changed.body === undefined
        ) {
          status = 304;
          body = new Uint8Array(0);
        }
        const from = /^bytes=([0-9]+)-$/.exec(headers['range'] ?? '')?.[1];
        if (status === 200 && from !== undefined && changed.ignoreRange !== true) {
          head['content-range'] = `bytes ${from}-${body.length - 1}/${body.length}`;
          body = body.slice(Number(from));
          status = 206;
        }
        const answer = { headers: { ...head, ...changed.headers }, status };
        await onHead?.(answer);
        const limit = changed.breakAfter ?? Number.POSITIVE_INFINITY;
        for (let at = 0; at < body.length; at += 1000) {
          if (at >= limit) throw new Error('the connection broke');
          clock.advance(1);
          await onChunk?.(body.slice(at, Math.min(at + 1000, body.length, limit)));
        }
        if (body.length > limit) throw new Error('the connection broke');
        return { ...answer, body: new Uint8Array(0) };
      },
    },
    log: [],
    meddle: () => undefined,
  };
  return network;
}

/** The boot code of the device in memory. */
export interface MemoryBoot {
  boot(): BootSnapshot;
  mark(kind: Marker['kind']): void;
  snapshot(): BootSnapshot;
}

export function memoryBoot(
  disk: Disk,
  guard: WriteGuard,
  binary: { readonly id: string; readonly versionCode: number },
  lockAcquired = true,
): MemoryBoot {
  let now: BootSnapshot = {
    binaryId: binary.id,
    consumedRequestId: 0,
    failed: [],
    highestVersionCode: binary.versionCode,
    keep: [],
    pending: false,
    running: 'embedded',
    versionCode: binary.versionCode,
  };
  const isIntact = (hash: string): boolean => {
    const bytes = disk.files.get(`bundles/${hash}/launch.bundle`);
    return bytes !== undefined && sha256Hex(bytes) === hash;
  };
  const recordFiles: RecordFiles = {
    list: () => disk.markers.map(markerName),
    read: (name) => disk.records.get(name) ?? 'absent',
    remove: (name) => {
      disk.markers = disk.markers.filter((marker) => markerName(marker) !== name);
    },
    writeDurable: (name, bytes) => {
      guard();
      disk.records.set(name, bytes);
    },
  };
  const slot = (name: string): SlotState<BootRecord> => {
    const bytes = disk.records.get(name);
    return bytes === undefined ? { kind: 'absent' } : safeParseBootRecord(bytes);
  };
  return {
    boot: () => {
      const decision = runBoot(recordFiles, {
        binaryId: binary.id,
        embeddedVersionCode: binary.versionCode,
        isIntact,
        lockAcquired,
      });
      const record =
        selectSlot([slot(BOOT_SLOTS[0]), slot(BOOT_SLOTS[1])]).record ??
        emptyBootRecord(binary.id, binary.versionCode);
      const { launch } = decision;
      now = {
        ...now,
        consumedRequestId: record.requestId,
        failed: record.failed,
        highestVersionCode: Math.max(record.highestVersionCode, record.rejectUpTo),
        keep: [record.currentSha256Hex, record.goodSha256Hex, record.previousSha256Hex].filter(
          (hash) => hash !== '',
        ),
        pending: launch.kind === 'bundle' && launch.pending,
        reasons: decision.reasons,
        running: launch.kind === 'bundle' ? launch.sha256Hex : 'embedded',
        versionCode: launch.kind === 'bundle' ? launch.versionCode : binary.versionCode,
      };
      const { launchId: _before, ...rest } = now;
      now =
        launch.kind === 'bundle' && launch.launchId !== undefined
          ? { ...rest, launchId: launch.launchId }
          : rest;
      return now;
    },
    mark: (kind) => {
      if (now.launchId !== undefined) disk.markers.push({ kind, launchId: now.launchId });
    },
    snapshot: () => now,
  };
}

/** All ports over one disk. */
export function memoryPorts(
  disk: Disk,
  network: Network,
  boot: MemoryBoot,
  guard: WriteGuard,
  time: {
    nowMs: number;
    monotonicMs: number;
    readonly waits: number[];
    background(ms: number): Promise<void>;
  },
  embedded: { readonly versionCode: number; readonly bytes: Uint8Array | undefined },
  restart: () => void,
): ClientPorts {
  return {
    boot: {
      markTimeout: async (launchId) => {
        guard();
        disk.markers.push({ kind: 'timeout', launchId });
      },
      read: async () => boot.snapshot(),
      restart: async () => restart(),
    },
    clock: { nowMs: () => time.nowMs },
    embedded: { read: async () => embedded.bytes, versionCode: embedded.versionCode },
    files: memoryFiles(disk, guard),
    http: network.http,
    random: { bytes: (length) => new Uint8Array(length).fill(127) },
    records: memoryRecords(disk, guard),
    timer: {
      monotonicMs: () => time.monotonicMs,
      sleep: async (ms, { unref = false } = {}) => {
        if (unref) return time.background(ms);
        time.waits.push(ms);
        time.monotonicMs += ms;
        time.nowMs += ms;
      },
    },
  };
}
