// Writes docs/spec/vectors/decide.json: what each device gets from one index. The inputs are written here by hand, the
// outcomes are the package's; they are read before they are committed, and a change of behaviour shows as a diff.
import { writeFileSync } from 'node:fs';
import { decide } from '@kivyx-ota/rollout';
import { CASES, outcomeOf } from './decide-cases.ts';

const lines = CASES.map(({ name, index, device, nowSeconds }) => ({
  name,
  index,
  device,
  nowSeconds,
  decision: outcomeOf(decide(index, device, nowSeconds)),
}));
writeFileSync(
  new URL('../../../docs/spec/vectors/decide.json', import.meta.url),
  `${JSON.stringify(lines, null, 1)}\n`,
);
