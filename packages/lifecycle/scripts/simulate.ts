// Lives of phones, with power cuts, full and locked disks, damaged bundles and second processes.
// Usage: pnpm simulate [--seeds N] [--from SEED]
import { PLANTED_BUGS, simulate } from '@kivyx-ota/lifecycle/simulation';

const option = (name: string, fallback: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const from = option('from', 1);
const seeds = option('seeds', 20_000);
const started = Date.now();
let boots = 0;
let steps = 0;
const violations: string[] = [];
for (let seed = from; seed < from + seeds; seed++) {
  const outcome = simulate({ seed });
  boots += outcome.boots;
  steps += outcome.steps;
  if (outcome.violation !== undefined) violations.push(`seed ${seed}: ${outcome.violation}`);
  if (process.stderr.isTTY && seed % 1000 === 0) process.stderr.write(`\r${seed - from + 1} of ${seeds}`);
}
const seconds = (Date.now() - started) / 1000;
console.log(
  `seeds ${from} to ${from + seeds - 1}: ${boots.toLocaleString('en')} boots, ${steps.toLocaleString('en')} disk operations, ${seconds.toFixed(0)} s`,
);
console.log(`violations: ${violations.length}`);
for (const violation of violations.slice(0, 20)) console.log(`  ${violation}`);

console.log('\nplanted bug                              seeds until caught');
for (const bug of PLANTED_BUGS) {
  let seed = 1;
  let violation: string | undefined;
  while (seed <= 5000 && (violation = simulate({ bug, seed }).violation) === undefined) seed++;
  console.log(
    `${bug.padEnd(40)} ${violation === undefined ? 'NOT CAUGHT' : `${String(seed).padStart(5)}  ${violation}`}`,
  );
}
if (violations.length > 0) process.exitCode = 1;
