// One verdict everywhere: every vector of cose, manifest and rollout, and the client's cases, in each engine that has to run them.
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type BufferMode,
  bundleBuilt,
  bundlePlain,
  type EngineRun,
  findChromium,
  findRuntime,
  type ProcessRuntime,
  runInChromium,
  runInProcess,
  runInWorkerd,
} from '../src/index.ts';

const SUITES = ['verdicts', 'client'] as const;
const PROCESSES: readonly ProcessRuntime[] = [
  'this node',
  'node 22.23.3',
  'node 24.21.0',
  'bun 1.4.5',
  'deno 2.9.6',
];
const BUFFERS: readonly BufferMode[] = ['with Buffer', 'without Buffer'];
const entryOf = (suite: string): string => fileURLToPath(new URL(`./entries/${suite}.ts`, import.meta.url));
const scripts = new Map<string, string>();
const counts = new Map<string, number>();

beforeAll(async () => {
  for (const suite of SUITES) scripts.set(suite, await bundlePlain(entryOf(suite)));
}, 60_000);

/** Everything passed, as many cases as in every other engine, with Buffer where it was wanted and nowhere else. */
function expectAllPassed(suite: string, { failed, lines }: EngineRun, buffer: BufferMode): void {
  const [first, ...rest] = lines;
  expect(first).toBe(buffer === 'with Buffer' ? '# Buffer is function' : '# Buffer is undefined');
  expect(rest.filter((line) => !line.startsWith('ok '))).toEqual([
    expect.stringMatching(/^(\d+) of \1 passed$/),
  ]);
  expect(failed).toBe(false);
  expect(rest.length).toBeGreaterThan(50);
  expect(rest.length).toBe(counts.get(suite) ?? rest.length);
  counts.set(suite, rest.length);
}

const HOW = 'run `npm install --no-package-lock` in packages/runtime-tests/runtimes';

describe.each(SUITES)('%s', (suite) => {
  describe.each(PROCESSES)('in %s', (runtime) => {
    it.for(BUFFERS)('%s', { timeout: 120_000 }, async (buffer, { skip }) => {
      const program = findRuntime(runtime);
      if (program === undefined) return missing(`${runtime} is not installed: ${HOW}`, skip);
      expectAllPassed(suite, await runInProcess(program, scripts.get(suite) as string, buffer), buffer);
    });
  });

  it.each(BUFFERS)(
    'in workerd %s',
    async (buffer) => {
      expectAllPassed(suite, await runInWorkerd(scripts.get(suite) as string, buffer), buffer);
    },
    120_000,
  );

  it('in workerd, as published', { timeout: 120_000 }, async ({ skip }) => {
    let script: string;
    try {
      script = await bundleBuilt(entryOf(suite));
    } catch (error) {
      return missing(`The packages are not built (node tools/build.mjs): ${String(error)}`, skip);
    }
    expectAllPassed(suite, await runInWorkerd(script, 'without Buffer'), 'without Buffer');
  });

  it('in Chromium', { timeout: 120_000 }, async ({ skip }) => {
    const chromium = findChromium();
    if (chromium === undefined)
      return missing(
        `Chromium or playwright-core is not installed: apt-get install chromium, and ${HOW}`,
        skip,
      );
    expectAllPassed(suite, await runInChromium(chromium, scripts.get(suite) as string), 'without Buffer');
  });
});

/** Skipped with a reason for people; CI has everything or fails. */
function missing(reason: string, skip: (reason: string) => void): void {
  if (process.env['CI'] !== undefined) throw new Error(reason);
  console.warn(`skipped: ${reason}`);
  skip(reason);
}
