import { bundleForEngines, findHermes } from '@kivyx-ota/runtime-tests';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the Hermes VM took. */
export interface VmFigures {
  /** CPU, of the cheaper of two runs; on the clock where there is no /proc. */
  readonly seconds: number;
  /** Peak of the resident memory above what it was with base and patch in it; where /proc tells. The VM's heap is in it. */
  readonly memoryBytes?: number;
}

const POLL_MS = 10;
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Applies patches in the Hermes VM of npm; undefined where there is none for this machine. */
export async function createHermesRunner(): Promise<
  ((base: Uint8Array, patch: Uint8Array) => Promise<VmFigures>) | undefined
> {
  const hermes = await findHermes();
  if (hermes === undefined) return undefined;
  const script = await bundleForEngines(join(import.meta.dirname, 'apply-in-vm.ts'));
  return async (base, patch) => {
    const folder = mkdtempSync(join(tmpdir(), 'kivyx-vm-'));
    try {
      const path = join(folder, 'script.js');
      writeFileSync(path, `var BASE='${base64(base)}',PATCH='${base64(patch)}';\n${script}`);
      const runs = [await watch(hermes, path), await watch(hermes, path)];
      return runs.reduce((best, run) => (run.seconds < best.seconds ? run : best));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

function watch(hermes: string, path: string): Promise<VmFigures> {
  return new Promise((resolve, reject) => {
    const child = spawn(hermes, ['-w', '-O', path], { timeout: 280_000 });
    let output = '';
    let before: number | undefined;
    let peak: number | undefined;
    let started: number | undefined;
    let ended: number | undefined;
    const look = (): void => {
      if (!output.includes('ready')) return;
      before ??= memoryOf(child.pid, 'VmRSS');
      peak = Math.max(peak ?? 0, memoryOf(child.pid, 'VmRSS') ?? 0);
      // Both are read a moment too late, by the same time on the average.
      if (output.includes('started')) started ??= cpuSecondsOf(child.pid);
      if (output.includes('seconds')) ended ??= cpuSecondsOf(child.pid);
    };
    const timer = setInterval(look, POLL_MS);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        look();
      });
    child.on('error', reject);
    child.on('close', () => {
      clearInterval(timer);
      const [, seconds] = /seconds ([\d.]+)/.exec(output) ?? [];
      if (seconds === undefined) return reject(new Error(`The Hermes VM said: ${output.slice(0, 500)}`));
      resolve({
        seconds: started === undefined || ended === undefined ? Number(seconds) : ended - started,
        ...(before === undefined || peak === undefined ? {} : { memoryBytes: peak - before }),
      });
    });
  });
}

/** Of its one thread. */
function cpuSecondsOf(pid: number | undefined): number | undefined {
  try {
    const [nanoseconds] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
    return Number(nanoseconds) / 1e9;
  } catch {
    return undefined;
  }
}

function memoryOf(pid: number | undefined, line: string): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const [, kilobytes] = new RegExp(`${line}:\\s*(\\d+)`).exec(status) ?? [];
    // A process that has just ended has no memory any more.
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
