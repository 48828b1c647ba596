import { exhaust, PLANTED_BUGS, type PlantedBugName, simulate } from '@kivyx-ota/lifecycle/simulation';
import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';

const SEEDS = Number(process.env['SIMULATION_SEEDS'] ?? 20_000);
// The platform's SHA-256: the plain one would be most of the time.
const hashHex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the boot code, in simulation', () => {
  it('is deterministic, whoever hashes', () => {
    for (let seed = 1; seed < 20; seed++) expect(simulate({ hashHex, seed })).toEqual(simulate({ seed }));
  });

  it('survives a kill and a power cut at every disk operation of twelve short lives, and every pair of them in one', () => {
    const { schedules, violations } = exhaust({ hashHex, pairsUpTo: 1, seeds: 12 });
    expect(violations).toEqual([]);
    expect(schedules).toBeGreaterThan(10_000);
  }, 300_000);

  it(`breaks no invariant in ${SEEDS} random lives`, () => {
    const violations: string[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { violation } = simulate({ hashHex, seed });
      if (violation !== undefined) violations.push(`seed ${seed}: ${violation}`);
    }
    expect(violations).toEqual([]);
  }, 600_000);

  // Each shows a bug that the boot code once had, or a false alarm that its observer once gave.
  it.each([
    ['a bundle that crashed and was replaced got new budgets', [1271, 1709, 1760]],
    ['going back to the bundle before forgot the good one', [1210, 1334, 1910]],
    ['a bundle that vanished, was damaged and came again got new budgets', [8887, 8919]],
    ['the observer was wrong', [3897, 31_001, 47_780, 506_067, 511_885, 526_555, 549_058]],
    ['a confirmation that a power cut took again', [556_154, 566_649]],
    ['a clean-up by a record that a boot left when it died', [176_020, 780_979, 892_313, 946_818]],
    ['a healthy bundle that crashed, was damaged and came again', [287_091, 466_170]],
    ['a bundle that was given up when it was replaced, and may try again', [553_061, 580_998]],
  ])('%s: seeds %j', (_what, seeds) => {
    for (const seed of seeds) expect(simulate({ hashHex, seed }).violation, `seed ${seed}`).toBeUndefined();
  });
});

describe('a planted bug is noticed within 5,000 lives', () => {
  const broken = new Set<string>();

  it.each(Object.keys(PLANTED_BUGS) as PlantedBugName[])('%s', (bug) => {
    let violation: string | undefined;
    let seed = 1;
    while (seed <= 5000 && (violation = simulate({ bug, hashHex, seed }).violation) === undefined) seed++;
    expect(seed).toBeLessThanOrEqual(5000);
    broken.add((violation as string).split(':')[0] as string);
  });

  // I13 is about time, which the boot code does not know (the client's simulation); I14 is the vectors, in three languages.
  afterAll(() => {
    expect([...broken].toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))).toEqual(
      Array.from({ length: 12 }, (_, i) => `I${i + 1}`),
    );
  });
});
