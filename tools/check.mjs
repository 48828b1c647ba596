// Every check, in the order in which a failure is cheapest to find. `npm test` ends here.
// Usage: node tools/check.mjs [step …]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './workspace.mjs';

const bin = (name) => join(ROOT, 'node_modules/.bin', name);
const STEPS = {
  lint: [bin('oxlint'), '--deny-warnings', '.'],
  format: [bin('oxfmt'), '--check', '.'],
  arrows: ['node', 'tools/check-arrows.mjs'],
  references: ['node', 'tools/sync-references.mjs', '--check'],
  build: ['node', 'tools/build.mjs'],
  types: ['node', 'tools/check-types.mjs'],
  packages: ['node', 'tools/check-packages.mjs'],
  size: [bin('size-limit')],
  unused: [bin('knip'), '--no-config-hints'],
  tests: [bin('vitest'), 'run'],
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in STEPS));
if (unknown.length > 0) {
  console.error(`No such step: ${unknown.join(', ')}. Steps: ${Object.keys(STEPS).join(', ')}`);
  process.exit(2);
}

const summary = [];
for (const [name, [command, ...args]] of Object.entries(STEPS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}`);
  const started = Date.now();
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit' });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  summary.push(`${status === 0 ? 'ok    ' : 'FAILED'}  ${name.padEnd(12)} ${seconds.padStart(7)} s`);
  if (status !== 0) {
    console.error(`\n${summary.join('\n')}\n${error ? `${error.message}\n` : ''}Stopped at ${name}.`);
    process.exit(status || 1);
  }
}
console.log(`\n${summary.join('\n')}`);
