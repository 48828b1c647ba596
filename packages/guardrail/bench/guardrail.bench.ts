// How often a healthy release is paused, and after how many devices a bad one is; beside the rule "more than 5 %".
// Usage: pnpm bench guardrail [--lives 20000]
import type { GuardrailPolicy } from '@kivyx-ota/guardrail';
import {
  binomial,
  type Boundary,
  boundaryOf,
  exactPauseProbability,
  type Life,
  naiveBoundary,
  type Paused,
  quantile,
  runLife,
  seededRandom,
} from '../test/simulation.ts';

const at = process.argv.indexOf('--lives');
const LIVES = at < 0 ? 20_000 : Number(process.argv[at + 1]);
const DEVICES = 10_000;
const CONTROL = 20_000;

const sequential = boundaryOf({ relative: false }, DEVICES);
const naive = naiveBoundary(DEVICES, 1);
const naive100 = naiveBoundary(DEVICES, 100);
const relative = new Map<number, Boundary>();
const ALONE: GuardrailPolicy = { sequential: false };

/** Both default rules, after a release of that rate on 20,000 devices. */
function boundaryAfter(rate: number, random: () => number): Boundary {
  const failed = binomial(CONTROL, rate, random);
  let boundary = relative.get(failed);
  if (boundary === undefined) {
    const alone = boundaryOf(ALONE, DEVICES, { exposed: CONTROL, failed });
    relative.set(failed, (boundary = alone.map((limit, n) => Math.min(limit, sequential[n] as number))));
  }
  return boundary;
}

function row(title: string, rate: number, before: number, attackers?: Life['attackers']): string[] {
  const random = seededRandom(Math.round(rate * 1e6 + before * 1e3 + (attackers === undefined ? 0 : 7)));
  const seen: Paused[][] = [[], [], []];
  for (let life = 0; life < LIVES; life++) {
    const paused = runLife(
      { devices: DEVICES, groups: 32, random, rate, ...(attackers === undefined ? {} : { attackers }) },
      [boundaryAfter(before, random), naive, naive100],
      [true, false, false],
    );
    paused.forEach((one, i) => seen[i]?.push(one));
  }
  return [
    title,
    ...seen.flatMap((lives) => [
      `${((100 * lives.filter((one) => one !== undefined).length) / LIVES).toFixed(2)} %`,
      String(quantile(lives, 0.5) ?? '–'),
    ]),
  ];
}

console.log(
  `${LIVES.toLocaleString('en')} lives of ${DEVICES.toLocaleString('en')} devices each, looked at after every device`,
);
console.log(
  '| release | paused, default | devices (median) | "k/n > 5 %" | devices | the same from 100 devices on | devices |',
);
console.log('|---|---:|---:|---:|---:|---:|---:|');
for (const cells of [
  row('healthy, 1 %', 0.01, 0.01),
  row('healthy, 3 %', 0.03, 0.03),
  row('healthy, 4.9 %', 0.049, 0.049),
  row('1 %, one subnet of 5 % reports crashes', 0.01, 0.01, { share: 0.05, when: 'spread' }),
  row('1 → 3 %', 0.03, 0.01),
  row('8 %', 0.08, 0.01),
  row('15 %', 0.15, 0.01),
  row('50 %', 0.5, 0.01),
])
  console.log(`| ${cells.join(' | ')} |`);
console.log(
  `exactly, sequential rule alone: paused ever at 1 % ${exactPauseProbability(sequential, 0.01).toExponential(1)}, 4.9 % ${exactPauseProbability(sequential, 0.049).toExponential(1)}, 5 % ${exactPauseProbability(sequential, 0.05).toExponential(1)}`,
);
