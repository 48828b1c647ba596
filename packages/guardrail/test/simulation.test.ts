import { judge } from '@kivyx-ota/guardrail';
import { describe, expect, it } from 'vitest';
import {
  binomial,
  boundaryOf,
  exactPauseProbability,
  naiveBoundary,
  type Paused,
  quantile,
  runLife,
  seededRandom,
} from './simulation.ts';

const DEVICES = 6000;
const sequential = boundaryOf({ relative: false }, DEVICES);

/** Lives of releases with that rate under the default policy, after a release with that other rate. */
function lives(runs: number, rate: number, before: number, seed: number): Paused[] {
  const random = seededRandom(seed);
  const relative = new Map<number, ReturnType<typeof boundaryOf>>();
  return Array.from({ length: runs }, () => {
    const failed = binomial(20_000, before, random);
    let boundary = relative.get(failed);
    if (boundary === undefined) {
      const alone = boundaryOf({ sequential: false }, DEVICES, { exposed: 20_000, failed });
      relative.set(failed, (boundary = alone.map((limit, n) => Math.min(limit, sequential[n] as number))));
    }
    return runLife({ devices: DEVICES, groups: 32, random, rate }, [boundary], [true])[0];
  });
}
const count = (paused: readonly Paused[]): number => paused.filter((one) => one !== undefined).length;

describe('releases that are looked at after every device', () => {
  it.each([0.01, 0.03, 0.049, 0.05])(
    'at a true rate of %d the sequential rule pauses at most one life in a thousand, exactly',
    (rate) => {
      expect(exactPauseProbability(sequential, rate)).toBeLessThanOrEqual(0.001);
    },
  );

  it.each([0.01, 0.03, 0.049])(
    'a healthy release of %d is paused in at most two of a thousand lives',
    (rate) => {
      expect(count(lives(2000, rate, rate, 1))).toBeLessThanOrEqual(4);
    },
  );

  it.each([
    [0.08, 1500],
    [0.15, 150],
    [0.5, 20],
  ])('a release of %d is paused in every life, half of them within %d devices', (rate, devices) => {
    const paused = lives(500, rate, 0.01, 2);
    expect(count(paused)).toBe(500);
    expect(quantile(paused, 0.5)).toBeLessThan(devices);
  });

  it('so is one that goes from 1 to 3 %', () => {
    const paused = lives(500, 0.03, 0.01, 3);
    expect(count(paused)).toBe(500);
    expect(quantile(paused, 0.5)).toBeLessThan(1000);
  });

  it('the naive rule pauses healthy ones in every tenth life and more', () => {
    const random = seededRandom(4);
    const naive = naiveBoundary(DEVICES, 1);
    const paused = Array.from(
      { length: 2000 },
      () => runLife({ devices: DEVICES, groups: 0, random, rate: 0.01 }, [naive], [false])[0],
    );
    expect(count(paused)).toBeGreaterThan(200);
  });

  it.each(['first', 'spread', 'last'] as const)(
    '32: every twentieth device, all in one subnet, all reporting crashes, %s, pause no healthy release of 0.049',
    (when) => {
      const random = seededRandom(5);
      const run = (): Paused[] =>
        runLife(
          { attackers: { share: 0.05, when }, devices: 2000, groups: 32, random, rate: 0.049 },
          [sequential, sequential],
          [true, false],
        );
      const paused = Array.from({ length: 1000 }, run);
      expect(count(paused.map(([guarded]) => guarded))).toBeLessThanOrEqual(2);
      // Without the groups they would.
      expect(count(paused.map(([, bare]) => bare))).toBeGreaterThan(900);
    },
  );

  it('the simulation looks as the judge does', () => {
    const random = seededRandom(6);
    const failedByGroup = Array.from({ length: 32 }, () => 0);
    let failed = 0;
    for (let exposed = 1; exposed <= 300; exposed++) {
      if (random() < 0.2) {
        const group = Math.floor(random() * 32);
        failed++;
        failedByGroup[group] = (failedByGroup[group] as number) + 1;
      }
      const left = Math.max(...failedByGroup);
      expect(failed - left >= (sequential[exposed - left] as number)).toBe(
        judge({ exposed, failed, failedByGroup }).verdict === 'pause',
      );
    }
    expect(judge({ exposed: 300, failed, failedByGroup }).verdict).toBe('pause');
  });
});
