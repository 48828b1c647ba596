// TypeScript project references are the package.json dependencies once more; this writes them, so that
// nobody has to, and with --check says which file is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listPackages, ROOT, workspaceDependencies } from './workspace.mjs';

const check = process.argv.includes('--check');
const stale = [];

function sync(file, references) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const json = JSON.parse(before);
  json.references = references;
  const after = `${JSON.stringify(json, null, 2)}\n`;
  if (JSON.stringify(JSON.parse(before)) === JSON.stringify(json)) return;
  if (check) stale.push(file);
  else writeFileSync(file, after);
}

const packages = listPackages().filter(({ dir }) => existsSync(join(dir, 'tsconfig.json')));
const known = new Set(packages.map(({ name }) => name));
for (const { dir, json } of packages) {
  const references = workspaceDependencies(json)
    .filter((name) => known.has(name))
    .map((name) => ({ path: `../${name}` }));
  sync(join(dir, 'tsconfig.json'), references);
}
sync(
  join(ROOT, 'tsconfig.json'),
  packages.map(({ name }) => ({ path: `packages/${name}` })),
);

if (stale.length > 0) {
  console.error(
    `Project references are stale in:\n  ${stale.join('\n  ')}\nRun: node tools/sync-references.mjs`,
  );
  process.exit(1);
}
