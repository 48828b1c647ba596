// better-sqlite3 brings binaries for Node 22 and later only: what is said of it is tested in a Node of its own.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { findBetterSqlite3, findRuntime } from '../src/index.ts';

it('the SQL database passes every case over better-sqlite3, read in Node 22 and written from its thread', async ({
  skip,
}) => {
  const driver = findBetterSqlite3();
  const node = findRuntime('node 22.23.3');
  if (driver === undefined || node === undefined) {
    const reason =
      'better-sqlite3 and Node 22 are not installed: run `npm install --no-package-lock` in packages/runtime-tests/runtimes';
    if (process.env['CI'] !== undefined) throw new Error(reason);
    console.warn(`skipped: ${reason}`);
    return skip(reason);
  }
  const entry = fileURLToPath(new URL('./entries/better-sqlite3.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(
    node,
    ['--conditions=@kivyx-ota/source', '--import', 'tsx', entry, driver],
    { cwd: import.meta.dirname },
  );
  const lines = stdout.trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('ok '))).toEqual([
    expect.stringMatching(/^(\d+) of \1 passed$/),
  ]);
  expect(lines.length).toBeGreaterThan(15);
}, 120_000);
