// Lives of phones with the whole client: kills and power cuts at any system call, a network that lies, clocks that jump, old indexes,
// another key, revoked releases. Usage: pnpm simulate:updates [--seeds N] [--from SEED]
import { createHash } from 'node:crypto';
import { loadHistory } from '../test/simulation/history.ts';
import { CLIENT_BUGS, liveWithUpdates } from '../test/simulation/update-life.ts';

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const figure = (value: number): string => value.toLocaleString('en');
const hashHex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const [from, seeds] = [option('from', 1), option('seeds', 1000)];
const history = await loadHistory();
const sum = { answers: 0, downloads: 0, patches: 0, starts: 0, steps: 0 };
const violations: string[] = [];
const begun = process.cpuUsage();
for (let seed = from; seed < from + seeds; seed++) {
  const outcome = await liveWithUpdates({ hashHex, history, seed });
  for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += outcome[key];
  if (outcome.violation !== undefined) violations.push(`seed ${seed}: ${outcome.violation}`);
}
const { user, system } = process.cpuUsage(begun);
console.log(
  `seeds ${figure(from)} to ${figure(from + seeds - 1)}: ${figure(sum.starts)} starts, ${figure(sum.answers)} answers of the server, ${figure(sum.steps)} disk operations, ${figure(sum.downloads)} updates downloaded, ${figure(sum.patches)} patches applied, ${((user + system) / 1e6).toFixed(0)} s of CPU`,
);
console.log(`violations: ${violations.length}`);
for (const violation of violations.slice(0, 20)) console.log(`  ${violation}`);
if (violations.length > 0) process.exitCode = 1;

console.log(`\n${'planted bug'.padEnd(40)} seeds until caught`);
for (const bug of CLIENT_BUGS) {
  let seed = 1;
  let violation: string | undefined;
  while (
    seed <= 1000 &&
    (violation = (await liveWithUpdates({ bug, hashHex, history, seed })).violation) === undefined
  )
    seed++;
  if (violation === undefined) process.exitCode = 1;
  console.log(
    `${bug.padEnd(40)} ${violation === undefined ? 'NOT CAUGHT' : `${String(seed).padStart(5)}  ${violation}`}`,
  );
}
