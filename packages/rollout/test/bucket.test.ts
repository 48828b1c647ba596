import { bucketOf } from '@kivyx-ota/rollout';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const DEVICES = Array.from({ length: 100_000 }, (_, i) => `device-${i}`);

it('spreads 100,000 devices evenly: χ² over 100 cells below 148 (p ≈ 0.001)', () => {
  const cells = Array.from({ length: 100 }, () => 0);
  for (const device of DEVICES) {
    const cell = Math.floor(bucketOf('release-1', device) / 100);
    cells[cell] = (cells[cell] as number) + 1;
  }
  const expected = DEVICES.length / 100;
  const chi2 = cells.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chi2).toBeLessThan(148);
}, 60_000);

it('the canaries of two releases overlap as chance would have it, within 15 %', () => {
  const sample = DEVICES.slice(0, 40_000);
  const canaries = ['a', 'b', 'c'].map(
    (salt) => new Set(sample.filter((device) => bucketOf(salt, device) < 1000)),
  );
  for (const [i, j] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const [x, y] = [canaries[i] as Set<string>, canaries[j] as Set<string>];
    const both = [...x].filter((device) => y.has(device)).length;
    const byChance = (x.size * y.size) / sample.length;
    expect(both / byChance).toBeGreaterThan(0.85);
    expect(both / byChance).toBeLessThan(1.15);
  }
}, 60_000);

// regressions.md 28
it('growing keeps the earlier devices: 10 → 25 → 50 %', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.nat(10_000),
      fc.nat(10_000),
      (salt, device, a, b) => {
        const bucket = bucketOf(salt, device);
        const [small, large] = a < b ? [a, b] : [b, a];
        expect(bucket < small && !(bucket < large)).toBe(false);
        expect(Number.isInteger(bucket) && bucket >= 0 && bucket < 10_000).toBe(true);
      },
    ),
  );
});

it('equals the published vectors', () => {
  const vectors = JSON.parse(
    readFileSync(new URL('../../../docs/spec/vectors/bucket.json', import.meta.url), 'utf8'),
  ) as { salt: string; deviceId: string; bucket: number }[];
  expect(vectors.length).toBeGreaterThan(10);
  for (const { salt, deviceId, bucket } of vectors) expect(bucketOf(salt, deviceId)).toBe(bucket);
});
