// What an update of a large bundle costs in memory when the whole client runs in the Hermes VM, as on a phone whose ports keep nothing.
// The phone's disk is in memory too, and is taken off. Usage: pnpm bench update-memory
import { bytesToBase64url } from '@kivyx-ota/core';
import type { ChannelScope } from '@kivyx-ota/manifest';
import { createPublisher } from '@kivyx-ota/publisher';
import { memoryStorage } from '@kivyx-ota/storage';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BASE_URL, KEY, loadKeys, SCOPE, START_MS, trustedKeyHex } from '../../client/test/suite/world.ts';
import { bundleForEngines, findHermes } from '../src/index.ts';
import { changedBundle, largeBundle } from './large-bundle.ts';

/** What the script in the VM is given. */
export interface UpdateInput {
  readonly doesUpdate: boolean;
  readonly sizeBytes: number;
  readonly baseUrl: string;
  readonly scope: ChannelScope;
  readonly nowMs: number;
  readonly trustedKeyHex: string;
  /** Of the server, by key, as base64url. */
  readonly files: Readonly<Record<string, string>>;
}

const sizeBytes = 5_000_000;
const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** Runs a script, and looks every few milliseconds at the most memory it had so far. */
async function peakOf(hermes: string, script: string): Promise<{ out: string; peakBytes: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'kivyx-vm-'));
  try {
    const file = join(folder, 'script.js');
    writeFileSync(file, script);
    const child = spawn(hermes, ['-w', '-O', file], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    let peakBytes = 0;
    const look = setInterval(() => {
      try {
        const [, kilobytes = 0] =
          /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
        peakBytes = Math.max(peakBytes, Number(kilobytes) * 1024);
      } catch {
        // Over.
      }
    }, 5);
    await new Promise((resolve) => child.on('close', resolve));
    clearInterval(look);
    return { out: out.trim(), peakBytes };
  } finally {
    rmSync(folder, { force: true, recursive: true });
  }
}

async function main(): Promise<void> {
  const hermes = await findHermes();
  if (hermes === undefined || process.platform !== 'linux') {
    console.log('SKIPPED: it takes the Hermes VM of npm, and /proc');
    return;
  }
  await loadKeys();
  const storage = memoryStorage();
  const publisher = createPublisher({
    clock: { nowMs: () => START_MS },
    random: { bytes: (length) => new Uint8Array(length) },
    scope: SCOPE,
    signers: { index: KEY, release: KEY },
    storage,
    trust: { keys: [trustedKeyHex()] },
  });
  const before = largeBundle(sizeBytes);
  for (const [version, bytes] of [
    ['1.0.0', before],
    ['1.0.1', changedBundle(before)],
  ] as const)
    await publisher.publish({
      allowPlainJs: true,
      assets: [],
      launch: { bytes, path: 'main.js' },
      runtimeVersion: '1',
      version,
    });
  const files: Record<string, string> = {};
  for (const { key } of (await storage.list('', { limit: 1000 })).objects)
    if (!key.startsWith('objects/'))
      files[key] = bytesToBase64url((await storage.get(key))?.body ?? new Uint8Array(0));
  const job = await bundleForEngines(fileURLToPath(new URL('./update-in-vm.ts', import.meta.url)));
  const run = (doesUpdate: boolean): ReturnType<typeof peakOf> => {
    const input: UpdateInput = {
      baseUrl: BASE_URL,
      doesUpdate,
      files,
      nowMs: START_MS,
      scope: SCOPE,
      sizeBytes,
      trustedKeyHex: trustedKeyHex(),
    };
    return peakOf(hermes, `var UPDATE_INPUT = ${JSON.stringify(input)};\n${job}`);
  };
  const idle = await run(false);
  const update = await run(true);
  console.log(`in the Hermes VM, bundle ${mega(sizeBytes)}: ${update.out} bytes received`);
  const above = update.peakBytes - idle.peakBytes;
  console.log(
    `peak ${mega(update.peakBytes)}; with the old bundle, the script and nothing else ${mega(idle.peakBytes)}; the update took ${mega(above)}, of these ${mega(sizeBytes)} the new bundle on the disk in memory`,
  );
  if (!update.out.startsWith('patch ')) process.exitCode = 1;
}

// Imported for its type alone by the script in the VM.
await main();
