// The code of a guide is one program, in the order of the page: it is run as it stands.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { ROOT } from '../workspace.mjs';

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
// Below a package that depends on everything the guide imports, so that imports resolve as for its users.
const GUIDES: readonly {
  readonly guide: string;
  readonly home: string;
  readonly output: RegExp;
  /** Where the title promises a number of lines. */
  readonly adapterLines?: number;
}[] = [
  { guide: 'keys.md', home: 'packages/publisher', output: /^0\n0\n4$/ },
  { guide: 'bundle.md', home: 'packages/publisher', output: /^$/ },
  { guide: 'deltas.md', home: 'packages/publisher', output: /^$/ },
  {
    guide: 'storage-adapter.md',
    home: 'packages/storage-r2',
    output: /^(\d+) of \1 cases hold$/,
    adapterLines: 40,
  },
  {
    guide: '../recipes/own-backend.md',
    home: 'examples/express',
    output: /^your own pages\n200 404\n401 200\n403\n403 404$/,
  },
];
const written: string[] = [];
afterAll(() => {
  for (const folder of written) rmSync(folder, { force: true, recursive: true });
});

describe('docs/guide', () => {
  it.each(GUIDES)('$guide runs from top to bottom', ({ adapterLines, guide, home, output }) => {
    const page = readFileSync(join(ROOT, 'docs/guide', guide), 'utf8');
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code as string);
    expect(blocks.length).toBeGreaterThan(0);
    // The first block is the import and the adapter.
    if (adapterLines !== undefined) expect(blocks[0]?.trim().split('\n').length).toBe(adapterLines + 1);
    const folder = join(ROOT, home, 'test', '.guide');
    written.push(folder);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, basename(guide).replace('.md', '.ts'));
    writeFileSync(file, blocks.join('\n'));
    const run = spawnSync(process.execPath, ['--conditions=@kivyx-ota/source', '--import', tsx, file], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(run.stderr.replace(/^.*(ExperimentalWarning|--trace-warnings).*\n/gm, '')).toBe('');
    expect(run.status).toBe(0);
    expect(run.stdout.trim()).toMatch(output);
  });
});
