// Looks at every package as its users get it: packed, then publint (strict) and attw (ESM only).
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pnpm } from './pnpm.mjs';
import { listPackages, ROOT } from './workspace.mjs';

const run = promisify(execFile);
const bin = (name) => join(ROOT, 'node_modules/.bin', name);
const folder = mkdtempSync(join(tmpdir(), 'kivyx-pack-'));

const queue = listPackages().filter(({ json }) => !json.private);
const failures = [];

async function checkOne({ name, json }) {
  const target = join(folder, `${json.name.replace('@', '').replace('/', '-')}-${json.version}.tgz`);
  for (const [tool, args] of [
    [bin('publint'), [target, '--strict']],
    [bin('attw'), [target, '--profile', 'esm-only', '--no-color', '--no-emoji', '--format', 'ascii']],
  ]) {
    await run(tool, args, { maxBuffer: 1 << 24 }).catch((error) => {
      failures.push(`packages/${name}:\n${error.stdout ?? ''}${error.stderr ?? error.message}`);
    });
  }
}

try {
  pnpm(['--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder], { quiet: true });
  const total = queue.length;
  await Promise.all(
    Array.from({ length: 2 }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await checkOne(next);
    }),
  );
  if (failures.length > 0) throw new Error(failures.join('\n\n'));
  console.log(`${total} packages: publint and attw found nothing`);
} finally {
  rmSync(folder, { force: true, recursive: true });
}
