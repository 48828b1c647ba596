// Device code is executed where it will live: in the Hermes VM, and in QuickJS, which has nothing but the language.
import { bundleForEngines, findHermes, runInHermes, runInQuickJs } from '../src/index.ts';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const SUITES = ['verdicts', 'client'] as const;
const scripts = new Map<string, string>();
let hermes: string | undefined;

beforeAll(async () => {
  hermes = await findHermes();
  for (const suite of SUITES)
    scripts.set(
      suite,
      await bundleForEngines(fileURLToPath(new URL(`./entries/${suite}.ts`, import.meta.url))),
    );
}, 120_000);

function expectAllPassed({
  lines,
  failed,
}: {
  readonly lines: readonly string[];
  readonly failed: boolean;
}): void {
  expect(lines.filter((line) => !line.startsWith('ok '))).toEqual([
    expect.stringMatching(/^(\d+) of \1 passed$/),
  ]);
  expect(failed).toBe(false);
  expect(lines.length).toBeGreaterThan(5);
}

describe.each(SUITES)('%s suite', (suite) => {
  // Side by side: Hermes is a process of its own.
  it.concurrent('in the Hermes VM', async ({ skip }) => {
    if (hermes === undefined) {
      if (process.env['CI'] !== undefined) throw new Error('CI must have a Hermes VM');
      skip(`npm has no Hermes VM for ${process.platform} ${process.arch}`);
      return;
    }
    expectAllPassed(await runInHermes(hermes, scripts.get(suite) as string));
  }, 300_000);

  it.concurrent('in a bare QuickJS', async () => {
    expectAllPassed(await runInQuickJs(scripts.get(suite) as string));
  }, 300_000);
});
