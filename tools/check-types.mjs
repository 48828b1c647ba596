// Type-checks tests, examples and tools, and with them what a reader types from a README or a guide: every ```ts block, also those that
// no test runs. One compiler for all, because most of its time goes into what they have in common.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { listPackages, ROOT } from './workspace.mjs';

/** Below whose test folder the imports of a page resolve as for its reader; other guides are below the publisher's. */
const HOMES = {
  'packages/conformance/README.md': 'packages/client',
  'packages/database/README.md': 'packages/database-sql',
  'docs/guide/guardrail.md': 'packages/server',
  'docs/guide/storage-adapter.md': 'packages/storage-r2',
  'docs/recipes/own-backend.md': 'examples/express',
};
const blocksOf = (page) =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code);

const programs = [
  // Each block of a README is a program of its own, a guide is one from top to bottom.
  ...listPackages()
    .map(({ name }) => `packages/${name}/README.md`)
    .filter((page) => existsSync(join(ROOT, page)))
    .flatMap((page) => blocksOf(page).map((code) => ({ code, home: HOMES[page] ?? dirname(page), page }))),
  ...[
    ...readdirSync(join(ROOT, 'docs/guide')).map((name) => `docs/guide/${name}`),
    'docs/recipes/own-backend.md',
  ]
    .map((page) => ({ code: blocksOf(page).join('\n'), home: HOMES[page] ?? 'packages/publisher', page }))
    .filter(({ code }) => code !== ''),
];
const config = join(ROOT, 'tsconfig.examples.json');
const files = programs.map(({ code, home, page }, i) => {
  const folder = join(ROOT, home, 'test/.typed');
  mkdirSync(folder, { recursive: true });
  const file = join(
    folder,
    `${i}-${page.startsWith('docs') ? basename(page, '.md') : basename(dirname(page))}.ts`,
  );
  writeFileSync(file, `${code}\nexport {};\n`);
  return file;
});
try {
  // Behind the others: the order of files decides whose `setTimeout` comes first.
  const { include } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.test.json'), 'utf8'));
  const typed = ['packages', 'examples'].map((folder) => `${folder}/*/test/.typed/*.ts`);
  writeFileSync(config, JSON.stringify({ extends: './tsconfig.test.json', include: [...include, ...typed] }));
  const { status } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), ['-p', config], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(config, { force: true });
  for (const folder of new Set(files.map(dirname))) rmSync(folder, { force: true, recursive: true });
}
