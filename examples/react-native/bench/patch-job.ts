// One measurement in a process of its own, so that its memory is its own: makes or applies a patch, or only diffs.
// argv[2]: a Job as JSON. Prints its Outcome as JSON.
import { bsdiffWasmBytes, loadBsdiff } from '@kivyx-ota/bsdiff-wasm';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch, type PatchFormat, suffixArrayDiffer } from '@kivyx-ota/delta/diff';
import { readFileSync, writeFileSync } from 'node:fs';

/** What to do. */
export interface Job {
  readonly action: 'make' | 'apply' | 'diff';
  readonly basePath: string;
  /** The file that is to come out, or came out. */
  readonly targetPath: string;
  readonly patchPath: string;
  /** Of `make`. */
  readonly format?: PatchFormat;
  /** Of `make` and `diff`: in WebAssembly. */
  readonly wasm?: boolean;
}

/** What it took. */
export interface Outcome {
  /** CPU. */
  readonly seconds: number;
  /** Peak of the resident memory above what it was with the input in it. */
  readonly memoryBytes: number;
  /** Of `apply`: the longest stretch between two pauses. */
  readonly sliceMs?: number;
  readonly format?: string;
  readonly sections?: readonly (readonly [string, number])[];
  /** Of `diff` in WebAssembly: its whole memory. */
  readonly wasmBytes?: number;
}

const job = JSON.parse(process.argv[2] as string) as Job;
const read = (path: string): Uint8Array => new Uint8Array(readFileSync(path));
const base = read(job.basePath);
const input = read(job.action === 'apply' ? job.patchPath : job.targetPath);

/** Linux keeps the peak, and forgets it when told to; elsewhere the peak of the whole process has to do. */
function peakBytes(): number {
  try {
    const [, kilobytes] = /VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

function forgetPeak(): void {
  globalThis.gc?.();
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux.
  }
}

async function measure(task: () => Promise<Partial<Outcome>>): Promise<Outcome> {
  forgetPeak();
  const before = process.memoryUsage().rss;
  const start = process.cpuUsage();
  const found = await task();
  const { system, user } = process.cpuUsage(start);
  return { memoryBytes: Math.max(0, peakBytes() - before), seconds: (user + system) / 1e6, ...found };
}

async function make(): Promise<Partial<Outcome>> {
  const differ = job.wasm === true ? await loadBsdiff() : suffixArrayDiffer;
  const patch = await createPatch(base, input, { differ, formats: [job.format as PatchFormat] });
  writeFileSync(job.patchPath, patch.bytes);
  return { format: patch.format, ...(patch.sections === undefined ? {} : { sections: patch.sections }) };
}

async function apply(): Promise<Partial<Outcome>> {
  // The clock counts other processes too, CPU time the engine's other threads: what this thread did is at most the lesser.
  const now = () => ({ clockMs: performance.now(), cpuMs: process.cpuUsage().user / 1e3 });
  let last = now();
  let sliceMs = 0;
  const mark = (): void => {
    const { clockMs, cpuMs } = now();
    sliceMs = Math.max(sliceMs, Math.min(clockMs - last.clockMs, cpuMs - last.cpuMs));
  };
  const pause = (): Promise<void> => {
    mark();
    return new Promise((resolve) => {
      setImmediate(() => {
        last = now();
        resolve();
      });
    });
  };
  const made = await applyPatch(base, input, { checkHashes: false, pause });
  mark();
  if (Buffer.compare(made, read(job.targetPath)) !== 0) throw new Error('The patch made another file');
  return { sliceMs };
}

async function diff(): Promise<Partial<Outcome>> {
  if (job.wasm !== true) {
    suffixArrayDiffer(base, input);
    return {};
  }
  // As loadBsdiff does, but with a look at the memory.
  const module = await WebAssembly.compile(bsdiffWasmBytes() as BufferSource);
  const original = WebAssembly.instantiate;
  let memory: WebAssembly.Memory | undefined;
  WebAssembly.instantiate = (async (...given: [WebAssembly.Module, WebAssembly.Imports]) => {
    const instance = await original(...given);
    memory = instance.exports.memory as WebAssembly.Memory;
    return instance;
  }) as typeof WebAssembly.instantiate;
  (await loadBsdiff({ module }))(base, input);
  return { wasmBytes: memory?.buffer.byteLength ?? 0 };
}

console.log(JSON.stringify(await measure({ apply, diff, make }[job.action])));
