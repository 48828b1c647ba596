// The ten-line example of every package README is run as it stands: a README that lies fails here.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { listPackages } from '../workspace.mjs';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const packages = listPackages().filter(({ json }) => !(json as { private?: boolean }).private);
const written: string[] = [];
afterAll(() => {
  for (const folder of written) rmSync(folder, { force: true, recursive: true });
});

/** The first ```ts block of a README. */
function exampleOf(readme: string): string | undefined {
  return /```ts\n([\s\S]*?)```/.exec(readme)?.[1];
}

describe('README', () => {
  it.each(packages)('of $name: install line, example that runs, what it does not do', ({ name, dir }) => {
    const path = join(dir, 'README.md');
    expect(existsSync(path), `packages/${name}/README.md is missing`).toBe(true);
    const readme = readFileSync(path, 'utf8');
    expect(readme).toContain(`@kivyx-ota/${name}`);
    expect(readme).toMatch(/npm (install|i) |pnpm add /);
    expect(readme).toMatch(/^##+ .*\bnot\b/im);
    const example = exampleOf(readme);
    expect(example, 'no ```ts block').toBeDefined();

    // Written below the package's test folder, so that its own dependencies resolve.
    const folder = join(dir, 'test', '.readme');
    written.push(folder);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'example.ts');
    writeFileSync(file, example as string);
    const run = spawnSync(process.execPath, ['--conditions=@kivyx-ota/source', '--import', tsx, file], {
      cwd: folder,
      encoding: 'utf8',
      // Libraries warn about the age of Node there; that is no fault of the example.
      env: { ...process.env, NODE_NO_WARNINGS: '1' },
      timeout: 60_000,
    });
    expect(
      `${run.stderr}${run.status === 0 ? '' : run.stdout}`.replace(
        /^.*(ExperimentalWarning|--trace-warnings).*\n/gm,
        '',
      ),
    ).toBe('');
    expect(run.status).toBe(0);
  });
});
