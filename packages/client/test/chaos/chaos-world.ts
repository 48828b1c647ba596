// A channel, a server and a phone whose process dies in every way a test can think of.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createPublisher } from '@kivyx-ota/publisher';
import { fsStorage } from '@kivyx-ota/storage-fs';
import { serveFolder } from '@kivyx-ota/storage-fs/serve';
import { KEY, loadKeys, releaseInput, SCOPE, trustedKeyHex } from '../suite/world.ts';

/** How a life ends before its time. */
export interface Death {
  /** SIGKILL so many milliseconds after the program was loaded. */
  readonly afterMs?: number;
  /** A system call that fails or kills, in strace's words: `fsync:error=ENOSPC:when=3`. */
  readonly inject?: string;
  /** Called at that time instead of killing; the process is killed afterwards. */
  readonly instead?: () => Promise<void>;
}

/** What was seen of a life. */
export interface Life {
  /** `embedded`, a hash, or `undefined` when it died before it said so. */
  readonly running: string | undefined;
  readonly healthy: boolean;
  readonly updated: boolean;
  readonly killed: boolean;
  /** The injected fault was reached. */
  readonly injected: boolean;
  readonly error?: string;
  readonly ms: number;
}

export interface ChaosWorld {
  /** Publishes the next release; gives its launch file's hash. */
  publish(): Promise<string>;
  /** Lives once in `directory`. */
  live(directory: string, death?: Death): Promise<Life>;
  /** What is wrong with this start, if anything: bytes nobody published, or bytes of another hash. */
  findFault(directory: string, life: Life): string | undefined;
  readonly temporary: string;
  close(): Promise<void>;
}

export async function createChaosWorld(): Promise<ChaosWorld> {
  await loadKeys();
  const temporary = await mkdtemp(join(tmpdir(), 'kivyx-chaos-'));
  const storage = fsStorage({ directory: join(temporary, 'bucket') });
  const server = await serveFolder({ directory: join(temporary, 'bucket') });
  const script = join(temporary, 'phone.mjs');
  await build({
    bundle: true,
    conditions: ['@kivyx-ota/source'],
    entryPoints: [fileURLToPath(new URL('./phone.ts', import.meta.url))],
    format: 'esm',
    outfile: script,
    platform: 'node',
    target: 'node20',
  });
  const publisher = createPublisher({
    clock: { nowMs: () => Date.now() },
    random: { bytes: (length) => new Uint8Array(length) },
    scope: SCOPE,
    signers: { index: KEY, release: KEY },
    storage,
    trust: { keys: [trustedKeyHex()] },
  });
  const published = new Set<string>();
  let count = 0;

  const live: ChaosWorld['live'] = (directory, { afterMs, inject, instead } = {}) =>
    new Promise((resolve, reject) => {
      let startedMs = performance.now();
      const args = [script, directory, server.url, trustedKeyHex()];
      const trace = join(temporary, `trace-${count++}`);
      // One thread for files: strace counts calls per thread.
      const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
      const child =
        inject === undefined
          ? spawn(process.execPath, args, { env })
          : spawn('strace', ['-f', '-qq', '-o', trace, '-e', `inject=${inject}`, process.execPath, ...args], {
              env,
            });
      let out = '';
      let complaints = '';
      child.stderr.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
      let killed = false;
      let timer: NodeJS.Timeout | undefined;
      const die = async (): Promise<void> => {
        killed = true;
        // The power goes for the processor too: nothing may run on a disk that is gone.
        if (instead !== undefined) child.kill('SIGSTOP');
        await instead?.();
        child.kill('SIGKILL');
      };
      child.stdout.on('data', (chunk: Buffer) => {
        if (out === '') {
          startedMs = performance.now();
          if (afterMs !== undefined) timer = setTimeout(() => void die(), afterMs);
        }
        out += chunk.toString();
      });
      child.on('error', reject);
      child.on('close', (code) => {
        clearTimeout(timer);
        if (code !== 0 && !killed && inject === undefined) {
          reject(new Error(`The phone ended by itself with ${code}: ${complaints}`));
          return;
        }
        const lines = out
          .split('\n')
          .slice(0, -1)
          .map((line) => JSON.parse(line) as Record<string, unknown>);
        const error = lines.find((line) => 'error' in line)?.['error'] as string | undefined;
        resolve({
          healthy: lines.some((line) => 'healthy' in line),
          injected: inject !== undefined && /INJECTED|killed by SIGKILL/.test(readFileSync(trace, 'utf8')),
          killed,
          ms: performance.now() - startedMs,
          running: lines.find((line) => 'running' in line)?.['running'] as string | undefined,
          updated: lines.some((line) => line['updated'] === true),
          ...(error === undefined ? {} : { error }),
        });
      });
    });

  return {
    close: async () => {
      await server.close();
      await rm(temporary, { force: true, recursive: true });
    },
    findFault: (directory, { running }) => {
      if (running === undefined || running === 'embedded') return undefined;
      if (!published.has(running)) return `${running} was never published`;
      const bytes = readFileSync(join(directory, 'bundles', running, 'launch.bundle'));
      return createHash('sha256').update(bytes).digest('hex') === running
        ? undefined
        : `${running} has other bytes`;
    },
    live,
    publish: async () => {
      const { release } = await publisher.publish(releaseInput(`1.0.${published.size}`));
      published.add(release.launchSha256Hex);
      return release.launchSha256Hex;
    },
    temporary,
  };
}

/** What `count` lives that were killed at random moments came to. */
export interface KillReport {
  readonly lives: number;
  /** Died before the boot had decided, before the confirmation, before the update was staged, after it. */
  readonly diedBefore: { boot: number; confirmation: number; staging: number; nothing: number };
  readonly startsOnEmbedded: number;
  readonly faults: readonly string[];
}

/**
 * Kills the phone at random moments; every start in between must be on bytes that were published, and, once a release was
 * confirmed, never on the embedded bundle again. Every `perRelease` lives a release comes.
 */
export async function killAtRandom(
  world: ChaosWorld,
  directory: string,
  options: {
    readonly lives: number;
    readonly perRelease: number;
    readonly random: () => number;
    readonly instead?: () => Promise<void>;
    readonly onLife?: (lives: number) => void;
  },
): Promise<KillReport> {
  const diedBefore = { boot: 0, confirmation: 0, nothing: 0, staging: 0 };
  const faults: string[] = [];
  let startsOnEmbedded = 0;
  let wasHealthy = false;
  await world.publish();
  let usualMs = (await world.live(directory)).ms;
  for (let i = 0; i < options.lives; i++) {
    if (i % options.perRelease === 0) await world.publish();
    const afterMs = options.random() * usualMs * 1.1;
    const life = await world.live(directory, {
      afterMs,
      ...(options.instead === undefined ? {} : { instead: options.instead }),
    });
    if (!life.killed) usualMs = (usualMs * 9 + life.ms) / 10;
    const fault = world.findFault(directory, life);
    if (fault !== undefined) faults.push(`life ${i}: ${fault}`);
    if (life.running === 'embedded') {
      startsOnEmbedded++;
      if (wasHealthy) faults.push(`life ${i}: embedded although a release was confirmed`);
    }
    wasHealthy ||= life.healthy;
    if (life.running === undefined) diedBefore.boot++;
    else if (life.running !== 'embedded' && !life.healthy) diedBefore.confirmation++;
    else if (!life.updated && life.killed) diedBefore.staging++;
    else diedBefore.nothing++;
    options.onLife?.(i + 1);
  }
  const last = await world.publish();
  let { running } = await world.live(directory);
  for (let i = 0; i < 2 && running !== last; i++) ({ running } = await world.live(directory));
  if (running !== last) faults.push(`the last release did not run within three quiet starts, but ${running}`);
  return { diedBefore, faults, lives: options.lives, startsOnEmbedded };
}
