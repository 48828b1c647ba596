import { type BootSnapshot, type ClientPorts, type HttpPort, type TimerPort } from '@kivyx-ota/client';
import { base64urlToBytes, bytesToBase64url, concatBytes } from '@kivyx-ota/core';
import { nativeDownloads } from './native-downloads.ts';
import type { NativeModule } from './native-module.ts';

/** Options of {@link nativePorts}. */
export interface NativePortsOptions {
  readonly native: NativeModule;
  /** For indexes, manifests and patches; `fetchHttp` of `./fetch`. Objects go through the native module. */
  readonly http: HttpPort;
  readonly timer: TimerPort;
  /** Default `Date.now`. */
  readonly nowMs?: () => number;
}

/** Bytes of one crossing: small enough that the screen goes on between two. */
const PART_BYTES = 262_144;

/** Every port of the client over the native module. Native code watches the time of a launch: there is no `markTimeout`. */
export function nativePorts({ native, http, timer, nowMs = Date.now }: NativePortsOptions): ClientPorts {
  const readParts = async (
    readPart: (offset: number, length: number) => Promise<string | null>,
  ): Promise<Uint8Array | undefined> => {
    const parts: Uint8Array[] = [];
    for (let at = 0; ; at += PART_BYTES) {
      const text = await readPart(at, PART_BYTES);
      if (text === null) return undefined;
      const part = base64urlToBytes(text);
      parts.push(part);
      if (part.length < PART_BYTES) return concatBytes(...parts);
    }
  };
  return {
    boot: {
      read: async () => JSON.parse(await native.readBoot()) as BootSnapshot,
      restart: () => native.restart(),
    },
    clock: { nowMs },
    downloads: nativeDownloads(native),
    embedded: {
      copyAsset: (sha256Hex, path) => native.copyEmbeddedAsset(sha256Hex, path),
      read: async () => {
        const sizeBytes = await native.embeddedSize();
        return sizeBytes < 0 ? undefined : readParts((offset, length) => native.readEmbedded(offset, length));
      },
      versionCode: native.getConstants().embeddedVersionCode,
    },
    files: {
      append: async (path, bytes) => {
        for (let at = 0; at < bytes.length; at += PART_BYTES)
          await native.appendFile(path, bytesToBase64url(bytes.subarray(at, at + PART_BYTES)));
      },
      freeBytes: async () => {
        const freeBytes = await native.freeBytes();
        return freeBytes < 0 ? undefined : freeBytes;
      },
      link: (from, to) => native.link(from, to),
      list: (path) => native.list(path),
      // One call for what fits into a part: a size that is asked first may be that of another file by then.
      read: (path) => readParts((offset, length) => native.readPart(path, offset, length)),
      remove: (path) => native.remove(path),
      rename: (from, to) => native.rename(from, to),
      sha256File: async (path) => (await native.sha256File(path)) ?? undefined,
      sizeOf: async (path) => {
        const sizeBytes = await native.sizeOf(path);
        return sizeBytes < 0 ? undefined : sizeBytes;
      },
      write: async (path, bytes) => {
        if (bytes.length <= PART_BYTES) {
          await native.writeFile(path, bytesToBase64url(bytes));
          return;
        }
        // Larger ones grow beside and take their place in one step: a file is there whole or not at all.
        const beside = `${path}.part`;
        await native.writeFile(beside, bytesToBase64url(bytes.subarray(0, PART_BYTES)));
        for (let at = PART_BYTES; at < bytes.length; at += PART_BYTES)
          await native.appendFile(beside, bytesToBase64url(bytes.subarray(at, at + PART_BYTES)));
        await native.rename(beside, path);
      },
    },
    http,
    random: { bytes: (length) => base64urlToBytes(native.randomBytes(length)) },
    records: {
      read: async (name) => {
        const bytes = await native.readRecord(name);
        return bytes === null ? undefined : base64urlToBytes(bytes);
      },
      write: (name, bytes) => native.writeRecord(name, bytesToBase64url(bytes)),
    },
    timer,
  };
}
