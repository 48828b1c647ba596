import type { BootSnapshot, HttpPort } from '@kivyx-ota/client';
import { base64urlToBytes, bytesToBase64url } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import {
  BOOT_SLOTS,
  type BootRecord,
  type MarkerKind,
  markerName,
  type RecordFiles,
  runBoot,
  safeParseBootRecord,
  selectSlot,
  type SlotState,
} from '@kivyx-ota/lifecycle';
import type { NativeModule } from './native-module.ts';

/** What the pretended server says. */
export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** Options of {@link createFakeNative}. */
export interface FakeNativeOptions {
  /** The network. Default: what `serve` says. */
  readonly http?: HttpPort;
  /** Answers every request; default: 404 for all. */
  readonly serve?: (
    url: string,
    headers: Readonly<Record<string, string>>,
  ) => Promise<FakeAnswer> | FakeAnswer;
  readonly binaryVersion?: string;
  readonly runtimeVersion?: string;
  readonly embeddedVersionCode?: number;
  /** Base of patches, as the binary's own bundle. */
  readonly embedded?: Uint8Array;
  /** What is left on the device; default: it does not tell. */
  readonly freeBytes?: number;
}

/** A native module in memory, with the real boot decisions: for an app's own tests. */
export interface FakeNative extends NativeModule {
  /** For `createOtaOn`: the same server, over HTTP. */
  readonly http: HttpPort;
  readonly restarts: number;
  /** A new process: what is staged begins to run. Gives what runs now. */
  start(): BootSnapshot;
  /** This launch ends in a crash (or a timeout, or by being sent to the background). */
  end(how: MarkerKind): void;
  /** No network until called with false. */
  setOffline(isOffline: boolean): void;
  /** Every file of the update folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A device in memory. It starts at once; `start()` starts it again. */
export function createFakeNative(options: FakeNativeOptions = {}): FakeNative {
  const {
    binaryVersion = '1.0.0',
    embeddedVersionCode = 1,
    embedded,
    freeBytes = -1,
    runtimeVersion = '',
    serve = () => ({ status: 404 }),
  } = options;
  const files = new Map<string, Uint8Array>();
  const records = new Map<string, Uint8Array>();
  const markers = new Set<string>();
  const listeners = new Set<(event: { readonly id: number; readonly sizeBytes: number }) => void>();
  const cancelled = new Set<number>();
  let restarts = 0;
  let isOffline = false;
  let boot: BootSnapshot;

  const bytesOf = (path: string): Uint8Array => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new Error(`ENOENT: ${path}`);
    return bytes;
  };
  const below = (path: string): string[] =>
    Array.from(files.keys()).filter((name) => name === path || name.startsWith(`${path}/`));
  const join = (a: Uint8Array, b: Uint8Array): Uint8Array => {
    const out = new Uint8Array(a.length + b.length);
    out.set(a);
    out.set(b, a.length);
    return out;
  };
  const network = options.http ?? serveHttp(serve);
  const http: HttpPort = {
    get: async (request) => {
      if (isOffline) throw new Error('The Internet connection appears to be offline.');
      return network.get(request);
    },
  };
  const inside = (path: string): string => {
    if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
      throw new Error(`${JSON.stringify(path)} is no relative path`);
    return path;
  };

  const recordFiles: RecordFiles = {
    list: () => Array.from(markers),
    read: (name) => records.get(name) ?? 'absent',
    remove: (name) => {
      markers.delete(name);
    },
    writeDurable: (name, bytes) => {
      records.set(name, bytes);
    },
  };
  const slot = (name: string): SlotState<BootRecord> => {
    const bytes = records.get(name);
    return bytes === undefined ? { kind: 'absent' } : safeParseBootRecord(bytes);
  };
  const start = (): BootSnapshot => {
    const { launch, reasons } = runBoot(recordFiles, {
      binaryId: binaryVersion,
      embeddedVersionCode,
      isIntact: (hash) => {
        const bytes = files.get(`bundles/${hash}/launch.bundle`);
        return bytes !== undefined && sha256Hex(bytes) === hash;
      },
      lockAcquired: true,
    });
    const { record } = selectSlot([slot(BOOT_SLOTS[0]), slot(BOOT_SLOTS[1])]);
    boot = {
      binaryId: binaryVersion,
      consumedRequestId: record?.requestId ?? 0,
      failed: record?.failed ?? [],
      highestVersionCode: Math.max(
        record?.highestVersionCode ?? 0,
        record?.rejectUpTo ?? 0,
        embeddedVersionCode,
      ),
      keep: [record?.currentSha256Hex, record?.goodSha256Hex, record?.previousSha256Hex].filter(
        (hash): hash is string => hash !== undefined && hash !== '',
      ),
      pending: launch.kind === 'bundle' && launch.pending,
      reasons,
      running: launch.kind === 'bundle' ? launch.sha256Hex : 'embedded',
      versionCode: launch.kind === 'bundle' ? launch.versionCode : embeddedVersionCode,
      ...(launch.kind === 'bundle' && launch.launchId !== undefined ? { launchId: launch.launchId } : {}),
    };
    return boot;
  };
  boot = start();
  const end = (kind: MarkerKind): void => {
    if (boot.launchId !== undefined) markers.add(markerName({ kind, launchId: boot.launchId }));
  };

  return {
    appendFile: async (path, bytes) => {
      files.set(inside(path), join(files.get(path) ?? new Uint8Array(0), base64urlToBytes(bytes)));
    },
    cancelDownload: (id) => {
      cancelled.add(id);
    },
    copyEmbeddedAsset: async () => false,
    download: async (id, url, pairs, path, offset, maxSizeBytes, idleTimeoutMs) => {
      const headers: Record<string, string> = {};
      for (let i = 0; i + 1 < pairs.length; i += 2) headers[pairs[i] as string] = pairs[i + 1] as string;
      let isTaken = false;
      const {
        status,
        headers: answered,
        body,
      } = await http.get({
        headers,
        idleTimeoutMs,
        maxSizeBytes,
        onChunk: async (chunk) => {
          if (cancelled.has(id)) throw new Error('cancelled');
          if (!isTaken) return;
          const grown = join(files.get(path) ?? new Uint8Array(0), chunk);
          if (grown.length > maxSizeBytes) throw new Error(`more than ${maxSizeBytes} bytes`);
          files.set(path, grown);
          for (const listener of Array.from(listeners)) listener({ id, sizeBytes: grown.length });
          await Promise.resolve();
        },
        onHead: (head) => {
          isTaken = head.status === 200 || head.status === 206;
          if (!isTaken) return;
          const kept =
            head.status === 206 ? (files.get(path) ?? new Uint8Array(0)).slice(0, offset) : undefined;
          files.set(inside(path), kept ?? new Uint8Array(0));
        },
        url,
      });
      if (body.length > 0) throw new Error('a transport gave a body that it should have handed on');
      const out = [String(status)];
      for (const name of Object.keys(answered)) out.push(name, answered[name] as string);
      return out;
    },
    embeddedSize: async () => embedded?.length ?? -1,
    end,
    files,
    freeBytes: async () => freeBytes,
    getConstants: () => ({
      binaryVersion,
      boot: JSON.stringify(boot),
      embeddedVersionCode,
      installationId: 'fake-installation',
      runtimeVersion,
    }),
    http,
    link: async (from, to) => {
      files.set(inside(to), bytesOf(from));
    },
    list: async (path) => [
      ...new Set(
        below(inside(path))
          .filter((name) => name !== path)
          .map((name) => name.slice(path.length + 1).split('/')[0] as string),
      ),
    ],
    onDownload: (listener) => {
      listeners.add(listener);
      return {
        remove: () => {
          listeners.delete(listener);
        },
      };
    },
    // Not unpredictable, and nothing in a test should depend on it.
    randomBytes: (length) =>
      bytesToBase64url(Uint8Array.from({ length }, (_, i) => (i * 37 + restarts) & 255)),
    readBoot: async () => JSON.stringify(boot),
    readEmbedded: async (offset, length) =>
      bytesToBase64url((embedded ?? new Uint8Array(0)).subarray(offset, offset + length)),
    readPart: async (path, offset, length) => {
      const bytes = files.get(inside(path));
      return bytes === undefined ? null : bytesToBase64url(bytes.subarray(offset, offset + length));
    },
    readRecord: async (name) => {
      const bytes = records.get(name);
      return bytes === undefined ? null : bytesToBase64url(bytes);
    },
    remove: async (path) => {
      for (const name of below(inside(path))) files.delete(name);
    },
    rename: async (from, to) => {
      inside(to);
      if (below(inside(from)).length === 0) throw new Error(`ENOENT: ${from}`);
      // A file takes the place of a file, and nothing that of a folder.
      if (below(to).length > 0 && !(files.has(from) && files.has(to))) throw new Error(`EEXIST: ${to}`);
      for (const name of below(from)) {
        files.set(to + name.slice(from.length), bytesOf(name));
        files.delete(name);
      }
    },
    restart: async () => {
      restarts++;
      end('bg');
    },
    get restarts() {
      return restarts;
    },
    setOffline: (next) => {
      isOffline = next;
    },
    sha256File: async (path) => {
      const bytes = files.get(inside(path));
      return bytes === undefined ? null : sha256Hex(bytes);
    },
    sizeOf: async (path) => files.get(inside(path))?.length ?? -1,
    start,
    writeFile: async (path, bytes) => {
      files.set(inside(path), base64urlToBytes(bytes));
    },
    writeRecord: async (name, bytes) => {
      records.set(name, base64urlToBytes(bytes));
    },
  };
}

/** HTTP over a function that answers. */
function serveHttp(serve: NonNullable<FakeNativeOptions['serve']>): HttpPort {
  return {
    get: async ({ url, headers, onHead, onChunk }) => {
      const answer: FakeAnswer = await serve(url, headers);
      const { status, headers: answered = {}, body = new Uint8Array(0) } = answer;
      const head = { headers: answered, status };
      await onHead?.(head);
      for (let at = 0; at < body.length; at += 65_536) await onChunk?.(body.slice(at, at + 65_536));
      return { ...head, body: onChunk === undefined ? body : new Uint8Array(0) };
    },
  };
}
