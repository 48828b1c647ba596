import {
  type BootSnapshot,
  type ClientPorts,
  clientError,
  type HttpPort,
  type TimerPort,
} from '@kivyx-ota/client';
import { base64urlToBytes, bytesToBase64url } from '@kivyx-ota/core';
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
    sizeBytes: number,
    readPart: (offset: number, length: number) => Promise<string>,
  ): Promise<Uint8Array> => {
    const bytes = new Uint8Array(sizeBytes);
    for (let at = 0; at < sizeBytes;) {
      const part = base64urlToBytes(await readPart(at, Math.min(PART_BYTES, sizeBytes - at)));
      if (part.length === 0)
        throw clientError('ERR_CLIENT_STORAGE', `A file ended after ${at} of ${sizeBytes} bytes`);
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
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
        return sizeBytes < 0
          ? undefined
          : readParts(sizeBytes, (offset, length) => native.readEmbedded(offset, length));
      },
      versionCode: native.getConstants().embeddedVersionCode,
    },
    files: {
      append: async (path, bytes) => {
        for (let at = 0; at < bytes.length; at += PART_BYTES)
          await native.appendFile(path, bytesToBase64url(bytes.subarray(at, at + PART_BYTES)));
      },
      link: (from, to) => native.link(from, to),
      list: (path) => native.list(path),
      read: async (path) => {
        const sizeBytes = await native.sizeOf(path);
        return sizeBytes < 0
          ? undefined
          : readParts(sizeBytes, (offset, length) => native.readPart(path, offset, length));
      },
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
        await native.remove(path);
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
