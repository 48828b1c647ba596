// A large release over a bad line, and what an update costs in memory.
// The phone is a process of its own, so that its memory is its own.
// Usage: pnpm bench download [--megabytes 50] [--drop-kilobytes 300]
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient } from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { createNodeBootHost, nodePorts } from '@kivyx-ota/client/node';
import { createPublisher } from '@kivyx-ota/publisher';
import { memoryStorage, type ObjectStorage } from '@kivyx-ota/storage';
import { createStaticHandler } from '@kivyx-ota/storage/http';
import { seededRandom } from '../test/chaos/seeded-random.ts';
import { KEY, loadKeys, SCOPE, trustedKeyHex } from '../test/suite/world.ts';

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const sizeBytes = option('megabytes', 50) * 1_000_000;
const dropBytes = option('drop-kilobytes', 300) * 1000;
const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Serves a storage; every answer ends by a broken connection after `dropBytes`. */
async function serveBadly(
  storage: ObjectStorage,
): Promise<{ url: string; sent(): number; answers(): number; close(): void }> {
  const handle = createStaticHandler(storage);
  let sent = 0;
  let answers = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers))
        if (typeof value === 'string') headers.set(name, value);
      const answer = await handle(new Request(`http://localhost${request.url ?? '/'}`, { headers }));
      const body = new Uint8Array(await answer.arrayBuffer());
      answers++;
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      const part = body.subarray(0, dropBytes);
      sent += part.length;
      if (part.length === body.length) response.end(part);
      else response.write(part, () => setTimeout(() => response.destroy(), 5));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    answers: () => answers,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
    sent: () => sent,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  };
}

function noise(length: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}

/** The client's side: prints what it saw as one line of JSON. */
async function phone(url: string): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'kivyx-bench-'));
  const embedded = noise(5_000_000, 1);
  const boot = createNodeBootHost({ binaryId: 'bin-1', directory, embeddedVersionCode: 1 });
  await boot.boot();
  const client = createClient({
    allowInsecureLoopback: true,
    baseUrl: url,
    device: { binaryVersion: '1.0.0', deviceId: 'device-1', runtimeVersion: '1' },
    patchDecoder: deltaDecoder,
    ports: nodePorts({ boot, directory, embedded: { read: async () => embedded, versionCode: 1 } }),
    scope: SCOPE,
    trust: { keys: [trustedKeyHex()] },
  });
  let breaks = 0;
  let fallback: string | undefined;
  client.subscribe((event) => {
    if (event.type === 'retry') breaks++;
    if (event.type === 'patch-fallback') fallback = event.reason;
  });
  global.gc?.();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const started = performance.now();
  const outcome = await client.checkAndApply();
  clearInterval(watch);
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ ...outcome, breaks, fallback, peakBytes: peak - before, seconds }));
  await rm(directory, { force: true, recursive: true });
}

async function main(): Promise<void> {
  const storage = memoryStorage();
  const publisher = createPublisher({
    clock: { nowMs: () => Date.now() },
    random: { bytes: (length) => new Uint8Array(length) },
    scope: SCOPE,
    signers: { index: KEY, release: KEY },
    storage,
    trust: { keys: [trustedKeyHex()] },
  });
  const embedded = noise(5_000_000, 1);
  const changed = embedded.slice();
  for (let i = 0; i < 400; i++) changed[i * 12_345] = 0;
  const input = { allowPlainJs: true, runtimeVersion: '1' };
  await publisher.publish({
    ...input,
    assets: [],
    launch: { bytes: embedded, path: 'main.js' },
    version: '1.0.0',
  });
  await publisher.publish({
    ...input,
    assets: [{ bytes: noise(sizeBytes, 2), path: 'assets/film.bin' }],
    launch: { bytes: changed, path: 'main.js' },
    version: '1.0.1',
  });

  const server = await serveBadly(storage);
  const child = spawn(
    process.execPath,
    [...process.execArgv, '--expose-gc', fileURLToPath(import.meta.url), '--phone', server.url],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let out = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  server.close();
  if (code !== 0) throw new Error(`The phone ended with ${String(code)}`);
  const seen = JSON.parse(out) as {
    readonly breaks: number;
    readonly fallback?: string;
    readonly how: string;
    readonly peakBytes: number;
    readonly receivedBytes: number;
    readonly seconds: number;
  };
  const filesBytes = sizeBytes + (seen.how === 'full' ? changed.length : 0);
  const beyond = seen.receivedBytes - filesBytes;
  console.log(`release: bundle ${mega(changed.length)} (by ${seen.how}), asset ${mega(sizeBytes)}`);
  console.log(
    `the line broke ${seen.breaks} times, every ${dropBytes / 1000} kB; ${server.answers()} answers, ${mega(server.sent())} sent (what is under way when a line breaks is lost)`,
  );
  console.log(
    `received ${mega(seen.receivedBytes)} for files of ${mega(filesBytes)}: documents, patch and whatever came twice are ${(beyond / 1000).toFixed(1)} kB, ${((100 * beyond) / filesBytes).toFixed(2)} %${seen.fallback === undefined ? '' : ` (no patch: ${seen.fallback})`}`,
  );
  console.log(`${seen.seconds.toFixed(1)} s, waits between attempts included`);
  console.log(
    `peak memory above the start: ${mega(seen.peakBytes)} (old bundle ${mega(embedded.length)}, in memory before; new bundle ${mega(changed.length)})`,
  );
}

await loadKeys();
const phoneUrl = process.argv[process.argv.indexOf('--phone') + 1];
if (process.argv.includes('--phone')) await phone(phoneUrl as string);
else await main();
