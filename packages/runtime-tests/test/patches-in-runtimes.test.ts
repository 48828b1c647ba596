// The encoder runs where patches are made: Node, Workers, browsers. In each it gives the same bytes.
import { applyPatch } from '@kivyx-ota/delta/apply';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bundlePlain,
  type EngineRun,
  findChromium,
  findRuntime,
  runInChromium,
  runInProcess,
  runInWorkerd,
} from '../src/index.ts';
import { type PatchWorker, startPatchWorker } from '../src/patch-worker/start-patch-worker.ts';
import { bundleLike } from './bundle-like.ts';

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

describe('a Worker has 128 MB, and files of 4.5 MB', () => {
  const [base, target] = [bundleLike(SIZE_BYTES, 0), bundleLike(SIZE_BYTES, 48)];

  it.each([
    ['diffs them', async (worker: PatchWorker) => expect(await worker.diff(base, target)).toBe(1)],
    [
      'makes the whole patch',
      async (worker: PatchWorker) => {
        const patch = await worker.make(base, target, ['kvh1', 'kvm1']);
        expect(patch.length).toBeLessThan(2000);
        expect(Buffer.compare(await applyPatch(base, patch), target)).toBe(0);
      },
    ],
  ])(
    '%s within them',
    async (_, ask) => {
      const worker = await startPatchWorker();
      try {
        await ask(worker);
        const peak = worker.peakBytes();
        if (process.platform === 'linux') expect(peak).toBeDefined();
        expect(peak ?? 0).toBeLessThan(128e6);
      } finally {
        await worker.stop();
      }
    },
    240_000,
  );
});
