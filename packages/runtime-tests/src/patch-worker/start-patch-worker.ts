import { bsdiffWasmBytes } from '@kivyx-ota/bsdiff-wasm';
import type { PatchFormat } from '@kivyx-ota/delta/diff';
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { type RunningWorkerd, startWorkerd } from './start-workerd.ts';

/** A Worker has 128 MB for everything; of that half for the heap of JavaScript, the rest is files, tables and WebAssembly. */
const MAX_HEAP_MEGABYTES = 64;

/** A Worker that makes patches. */
export interface PatchWorker extends Omit<RunningWorkerd, 'url'> {
  /** How many steps `bsdiff-wasm` finds. */
  diff(base: Uint8Array, target: Uint8Array): Promise<number>;
  make(base: Uint8Array, target: Uint8Array, formats: readonly PatchFormat[]): Promise<Uint8Array>;
}

/** Starts it, in a process of its own. */
export async function startPatchWorker(): Promise<PatchWorker> {
  const { outputFiles } = await build({
    bundle: true,
    conditions: ['@kivyx-ota/source', 'workerd'],
    entryPoints: [fileURLToPath(new URL('./worker.ts', import.meta.url))],
    external: ['./bsdiff.wasm'],
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    write: false,
  });
  const { url, ...running } = await startWorkerd({
    maxHeapMegabytes: MAX_HEAP_MEGABYTES,
    script: outputFiles[0]?.text ?? '',
    wasm: { './bsdiff.wasm': bsdiffWasmBytes() },
  });
  const ask = async (path: string, base: Uint8Array, target: Uint8Array): Promise<Response> => {
    const response = await fetch(`${url}/${path}&base=${base.length}`, {
      body: Buffer.concat([base, target]),
      method: 'POST',
    });
    if (!response.ok) throw new Error(`The Worker: ${await response.text()}`);
    return response;
  };
  return {
    ...running,
    diff: async (base, target) => Number(await (await ask('diff?', base, target)).text()),
    make: async (base, target, formats) =>
      new Uint8Array(await (await ask(`patch?formats=${formats.join()}`, base, target)).arrayBuffer()),
  };
}
