// Lives of phones, with kills and power cuts in the middle of any disk operation, full and locked disks, damaged bundles, second processes …
// Usage: pnpm simulate [--seeds N] [--from SEED] [--only lives|schedules|bugs]
import { exhaust, PLANTED_BUGS, type PlantedBugName, simulate } from '@kivyx-ota/lifecycle/simulation';
import { createHash } from 'node:crypto';

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const wanted = (part: string): boolean => [undefined, part].includes(option('only'));
const figure = (value: number): string => value.toLocaleString('en');
// The platform's SHA-256: the plain one would be most of the time.
const hashHex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function print(violations: readonly string[]): void {
  console.log(`violations: ${violations.length}`);
  for (const violation of violations.slice(0, 20)) console.log(`  ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
}

if (wanted('schedules')) {
  const { boots, schedules, violations } = exhaust({ hashHex, pairsUpTo: 4, seeds: 40 });
  console.log(`exhaustive: ${figure(schedules)} schedules of one death or two, ${figure(boots)} boots`);
  print(violations);
}

if (wanted('lives')) {
  const from = Number(option('from') ?? 1);
  const seeds = Number(option('seeds') ?? 20_000);
  let boots = 0;
  let steps = 0;
  const violations: string[] = [];
  const started = process.cpuUsage();
  for (let seed = from; seed < from + seeds; seed++) {
    const outcome = simulate({ hashHex, seed });
    boots += outcome.boots;
    steps += outcome.steps;
    if (outcome.violation !== undefined) violations.push(`seed ${seed}: ${outcome.violation}`);
    if (process.stderr.isTTY && seed % 1000 === 0) process.stderr.write(`\r${seed - from + 1} of ${seeds}`);
  }
  const { user, system } = process.cpuUsage(started);
  console.log(
    `random: seeds ${figure(from)} to ${figure(from + seeds - 1)}, ${figure(boots)} boots, ${figure(steps)} disk operations, ${((user + system) / 1e6).toFixed(0)} s of CPU`,
  );
  print(violations);
}

if (wanted('bugs')) {
  console.log(`\n${'planted bug'.padEnd(40)} seeds until caught`);
  for (const bug of Object.keys(PLANTED_BUGS) as PlantedBugName[]) {
    let seed = 1;
    let violation: string | undefined;
    while (seed <= 5000 && (violation = simulate({ bug, hashHex, seed }).violation) === undefined) seed++;
    if (violation === undefined) process.exitCode = 1;
    const found = violation === undefined ? 'NOT CAUGHT' : `${String(seed).padStart(5)}  ${violation}`;
    console.log(`${bug.padEnd(40)} ${found}`);
  }
}
