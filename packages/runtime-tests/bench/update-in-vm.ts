// Runs inside an engine: the client takes one update by its patch, over ports in memory. UPDATE_INPUT stands before it in the script.
import { createClient, type HttpPort } from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { base64urlToBytes } from '@kivyx-ota/core';
import { emptyDisk, memoryBoot, memoryPorts } from '../../client/test/suite/memory-ports.ts';
import { largeBundle } from './large-bundle.ts';
import type { UpdateInput } from './update-memory.bench.ts';

declare const UPDATE_INPUT: UpdateInput;
declare const print: (text: string) => void;

const { baseUrl, doesUpdate, files, nowMs, scope, sizeBytes, trustedKeyHex } = UPDATE_INPUT;
const embedded = largeBundle(sizeBytes);

const http: HttpPort = {
  get: async ({ onChunk, onHead, url }) => {
    const text = files[url.slice(baseUrl.length)];
    await onHead?.({ headers: {}, status: text === undefined ? 404 : 200 });
    const body = base64urlToBytes(text ?? '');
    for (let at = 0; at < body.length; at += 16_384) await onChunk?.(body.slice(at, at + 16_384));
    return { body: new Uint8Array(0), headers: {}, status: text === undefined ? 404 : 200 };
  },
};

async function update(): Promise<string> {
  const disk = emptyDisk();
  const guard = (): void => undefined;
  const boot = memoryBoot(disk, guard, { id: 'bin-1', versionCode: 1 });
  boot.boot();
  const time = { background: async () => undefined, monotonicMs: 0, nowMs, waits: [] };
  const network = { http, log: [], meddle: () => undefined };
  const ports = memoryPorts(disk, network, boot, guard, time, { bytes: embedded, versionCode: 1 }, guard);
  const client = createClient({
    baseUrl,
    device: { binaryVersion: '1.0.0', deviceId: 'device-1', runtimeVersion: '1' },
    patchDecoder: deltaDecoder,
    ports,
    scope,
    trust: { keys: [trustedKeyHex] },
  });
  const { how, receivedBytes } = await client.checkAndApply();
  return `${how} ${receivedBytes}`;
}

if (doesUpdate) {
  update().then(print, (error: unknown) => print(`failed: ${String(error)}`));
} else print(`${embedded.length} bytes, and nothing else`);
