import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ChaosWorld, createChaosWorld, killAtRandom } from './chaos/chaos-world.ts';
import { seededRandom } from './chaos/seeded-random.ts';

// `pnpm chaos` has more of them, and other ways to die; CI runs it.
const LIVES = Number(process.env['KILLS'] ?? 24);

let world: ChaosWorld | undefined;
beforeAll(async () => {
  world = await createChaosWorld();
}, 60_000);
afterAll(() => world?.close());

it(`killed at a random moment, ${LIVES} times, the next start is safe and the newest release arrives in the end`, async () => {
  const report = await killAtRandom(world as ChaosWorld, join((world as ChaosWorld).temporary, 'phone'), {
    lives: LIVES,
    perRelease: 8,
    random: seededRandom(20_261_124),
  });
  expect(report.faults).toEqual([]);
  // Otherwise the kills would all have come too early or too late to prove anything.
  expect(report.diedBefore.boot + report.diedBefore.confirmation + report.diedBefore.staging).toBeGreaterThan(
    LIVES / 4,
  );
}, 600_000);
