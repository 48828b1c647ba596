// The encoder runs where patches are made: Node, Workers, browsers. In each it gives the same bytes.
import { bsdiffWasmBytes } from '@kivyx-ota/bsdiff-wasm';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { kvd1 } from '@kivyx-ota/delta/kvd1';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import {
  bundlePlain,
  type EngineRun,
  findChromium,
  findRuntime,
  runInChromium,
  runInProcess,
  runInWorkerd,
} from '../src/index.ts';
import { bundleLike } from './workers/bundle-like.ts';

const SIZE_BYTES = 4_500_000;
const fixtures = fileURLToPath(new URL('../../delta/test/fixtures/hermes', import.meta.url));
const FIXTURES = Object.fromEntries(
  readdirSync(fixtures)
    .filter((name) => name.endsWith('.hbc'))
    .map((name) => [name, readFileSync(join(fixtures, name)).toString('base64')]),
);
let script = '';

beforeAll(async () => {
  const entry = fileURLToPath(new URL('./entries/patches.ts', import.meta.url));
  script = `globalThis.FIXTURES = ${JSON.stringify(FIXTURES)};\n${await bundlePlain(entry)}`;
}, 60_000);

function expectAllPassed({ failed, lines }: EngineRun): void {
  expect(lines.slice(1).filter((line) => !line.startsWith('ok '))).toEqual(['19 of 19 passed']);
  expect(failed).toBe(false);
}

it('patches are made in this Node', async () => {
  const node = findRuntime('this node');
  expect(node).toBeDefined();
  if (node !== undefined) expectAllPassed(await runInProcess(node, script, 'with Buffer'));
}, 120_000);

it('patches are made in workerd, the same bytes', async () => {
  expectAllPassed(await runInWorkerd(script, 'without Buffer'));
}, 120_000);

it('patches are made in Chromium, the same bytes', async ({ skip }) => {
  const chromium = findChromium();
  if (chromium === undefined) {
    const reason = 'Chromium or playwright-core is not installed';
    if (process.env['CI'] !== undefined) throw new Error(reason);
    console.warn(`skipped: ${reason}`);
    return skip(reason);
  }
  expectAllPassed(await runInChromium(chromium, script));
}, 120_000);

it('bsdiff-wasm diffs files of 4.5 MB in a Worker within its 128 MB, and makes the patch', async () => {
  const entry = fileURLToPath(new URL('./workers/make-patch.ts', import.meta.url));
  const { outputFiles } = await build({
    bundle: true,
    conditions: ['@kivyx-ota/source', 'workerd'],
    entryPoints: [entry],
    external: ['./bsdiff.wasm'],
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    write: false,
  });
  const worker = new Miniflare({
    compatibilityDate: '2026-01-01',
    modules: [
      { contents: outputFiles[0]?.text ?? '', path: 'worker.mjs', type: 'ESModule' },
      { contents: bsdiffWasmBytes(), path: 'bsdiff.wasm', type: 'CompiledWasm' },
    ],
  });
  try {
    await worker.ready;
    const before = workerdMemory();
    if (process.platform === 'linux') expect(before).toBeDefined();
    const ask = (path: string): Promise<{ json(): Promise<unknown>; arrayBuffer(): Promise<ArrayBuffer> }> =>
      worker.dispatchFetch(`http://localhost/${path}?size=${SIZE_BYTES}`);
    expect(await (await ask('diff')).json()).toHaveLength(1);
    // What the process holds more than before, code and garbage included. Not asked of the whole patch: with the encoder's
    // short-lived objects V8 lets it grow to 145 MB before it looks.
    if (before !== undefined) expect((workerdMemory()?.peak ?? 0) - before.now).toBeLessThan(128e6);
    const patch = new Uint8Array(await (await ask('patch')).arrayBuffer());
    const made = await applyPatch(bundleLike(SIZE_BYTES, 0), patch, { moreFormats: [kvd1] });
    expect(Buffer.compare(made, bundleLike(SIZE_BYTES, 48))).toBe(0);
  } finally {
    await worker.dispose();
  }
}, 240_000);

/** Memory of the newest workerd that this process started; undefined where /proc does not say. */
function workerdMemory(): { readonly now: number; readonly peak: number } | undefined {
  try {
    const own = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/status`, 'utf8');
        } catch {
          return '';
        }
      })
      .filter(
        (status) =>
          /^Name:\s*workerd$/m.test(status) && new RegExp(`^PPid:\\s*${process.pid}$`, 'm').test(status),
      )
      .at(-1);
    if (own === undefined) return undefined;
    const bytes = (line: string): number => Number(new RegExp(`${line}:\\s*(\\d+)`).exec(own)?.[1]) * 1024;
    return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
  } catch {
    return undefined;
  }
}
