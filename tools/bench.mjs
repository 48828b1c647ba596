// `pnpm bench [name …] [--option …]`: runs the benches of all packages and examples, or the named ones. They print figures and assert nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { ROOT } from './workspace.mjs';

const benches = ['packages', 'examples']
  .flatMap((group) => readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name, 'bench')))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith('.bench.ts'))
      .map((file) => ({ folder, name: basename(file, '.bench.ts'), path: join(folder, file) })),
  );

const words = process.argv.slice(2);
const [first] = words;
// Names first; from the first option on, everything is the bench's.
const end = words.findIndex((word) => word.startsWith('-'));
const wanted = end < 0 ? words : words.slice(0, end);
const options = end < 0 ? [] : words.slice(end);
const unknown = wanted.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length > 0 || first === '--help') {
  console.error(`${unknown.length > 0 ? `No such bench: ${unknown.join(', ')}. ` : ''}Benches:`);
  for (const { name, path } of benches) console.error(`  ${name.padEnd(12)} ${relative(ROOT, path)}`);
  process.exit(unknown.length > 0 ? 2 : 0);
}
for (const { folder, name, path } of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name} (${relative(ROOT, path)})`);
  const { status } = spawnSync(
    process.execPath,
    ['--conditions=@kivyx-ota/source', '--import', 'tsx', path, ...options],
    { cwd: join(folder, '..'), stdio: 'inherit' },
  );
  if (status !== 0) process.exit(status ?? 1);
}
