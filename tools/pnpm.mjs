// The pinned pnpm, fetched by npm: a machine needs nothing but Node and npm.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MINIMUM_NODE = [20, 19];

/** Ends the process with a clear sentence where Node is too old. */
export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return;
  console.error(`Kivyx OTA needs Node ${MINIMUM_NODE.join('.')} or newer, this is ${process.versions.node}.`);
  process.exit(1);
}

/** Runs the pnpm named in package.json; ends this process when it fails. `quiet` prints only on failure. */
export function pnpm(args, { quiet = false } = {}) {
  const { packageManager } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const result = spawnSync('npx', ['--yes', packageManager, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  });
  if (result.error) {
    console.error(`Could not run npx: ${result.error.message}. It comes with npm.`);
    process.exit(1);
  }
  if (result.status !== 0) {
    if (quiet) console.error(`${result.stdout ?? ''}${result.stderr ?? ''}`);
    process.exit(result.status ?? 1);
  }
}
