import type { IndexRelease } from '@kivyx-ota/manifest';
import { estimateAdoption, planBases } from '@kivyx-ota/publisher';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const hash = (n: number): string => n.toString(16).padStart(64, '0');
const one = (n: number, change: Partial<IndexRelease> = {}): IndexRelease => ({
  launchSha256Hex: hash(n),
  mandatory: false,
  manifest: { sha256Hex: hash(1000 + n), sizeBytes: 1 },
  patches: [],
  releaseId: `r${n}`,
  rolloutBasisPoints: 10_000,
  runtimeVersion: '1',
  salt: `r${n}`,
  status: 'active',
  version: `1.0.${n}`,
  versionCode: n,
  ...change,
});
const target = { launchSha256Hex: hash(99), runtimeVersion: '1' };
const plan = (
  releases: readonly IndexRelease[],
  more: Partial<Parameters<typeof planBases>[0]> = {},
): string[] =>
  planBases({ count: 3, index: { releases }, target, ...more }).map(
    ({ reason, sha256Hex }) => `${reason} ${Number.parseInt(sha256Hex, 16)}`,
  );

describe('planBases', () => {
  it('takes the newest of the channel, newest first', () => {
    expect(plan([1, 2, 3, 4].map((n) => one(n)))).toEqual(['recent 4', 'recent 3', 'recent 2']);
    expect(plan([])).toEqual([]);
    expect(planBases({ count: 3, index: undefined, target })).toEqual([]);
  });

  it('puts embedded bundles first, beyond the count, each once', () => {
    expect(plan([one(1), one(2)], { count: 1, embedded: [hash(7), hash(2), hash(7)] })).toEqual([
      'embedded 7',
      'embedded 2',
      'recent 1',
    ]);
  });

  it('prefers what devices run, and fills up with the newest', () => {
    const adoption = [
      { devices: 70, releaseId: 'r1' },
      { devices: 900, releaseId: 'r2' },
      { devices: 5, releaseId: 'gone' },
    ];
    const releases = [1, 2, 3, 4, 5].map((n) => one(n));
    expect(plan(releases, { adoption })).toEqual(['adopted 2', 'adopted 1', 'recent 5']);
    expect(planBases({ adoption, count: 1, index: { releases }, target })[0]).toMatchObject({ devices: 900 });
  });

  it('leaves out revoked releases unless devices still run them', () => {
    const releases = [one(1, { status: 'revoked' }), one(2)];
    expect(plan(releases)).toEqual(['recent 2']);
    expect(plan(releases, { adoption: [{ devices: 3, releaseId: 'r1' }] })).toEqual([
      'adopted 1',
      'recent 2',
    ]);
  });

  it('leaves out other runtimes, and the target itself', () => {
    expect(plan([one(1, { runtimeVersion: '2' }), one(2), one(99)])).toEqual(['recent 2']);
  });

  it('binary ranges may overlap: each counts', () => {
    const range = (n: number, binaryVersion: string): IndexRelease => {
      const { runtimeVersion: _exact, ...rest } = one(n);
      return { ...rest, binaryVersion };
    };
    const to = { binaryVersion: '>=1.2.0', launchSha256Hex: hash(99) };
    expect(plan([range(1, '>=1.0.0'), range(2, '>=1.1.0'), one(3)], { target: to })).toEqual([
      'recent 2',
      'recent 1',
    ]);
  });

  it('adds up releases that share a launch file', () => {
    const same = [one(1), one(2, { launchSha256Hex: hash(1) }), one(3)];
    expect(
      planBases({
        adoption: [
          { devices: 2, releaseId: 'r1' },
          { devices: 2, releaseId: 'r2' },
          { devices: 3, releaseId: 'r3' },
        ],
        count: 2,
        index: { releases: same },
        target,
      }).map(({ devices }) => devices),
    ).toEqual([4, 3]);
  });

  it.each([-1, 0.5, Number.NaN])('refuses a count of %d and such a number of devices', (value) => {
    expect(() => plan([], { count: value })).toThrow(RangeError);
    expect(() => plan([], { adoption: [{ devices: value, releaseId: 'r1' }] })).toThrow(/adoption of r1/);
  });

  it('never names a base twice, the target, or more than an index holds', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ code: fc.integer({ max: 60, min: 1 }), devices: fc.nat(5), gone: fc.boolean() }),
        ),
        fc.array(fc.integer({ max: 60, min: 1 })),
        fc.nat(50),
        (entries, embedded, count) => {
          const releases = entries.map(({ code, gone }, i) =>
            one(code, { releaseId: `r${i}`, status: gone ? 'revoked' : 'active' }),
          );
          const bases = planBases({
            adoption: entries.map(({ devices }, i) => ({ devices, releaseId: `r${i}` })),
            count,
            embedded: embedded.map(hash),
            index: { releases },
            target: { launchSha256Hex: hash(1), runtimeVersion: '1' },
          });
          const names = bases.map(({ sha256Hex }) => sha256Hex);
          expect(new Set(names).size).toBe(names.length);
          expect(names).not.toContain(hash(1));
          expect(names.length).toBeLessThanOrEqual(32);
          expect(bases.filter(({ reason }) => reason !== 'embedded').length).toBeLessThanOrEqual(count);
          const devices = bases
            .filter(({ reason }) => reason !== 'embedded')
            .map((base) => base.devices ?? 0);
          expect(devices).toEqual(devices.toSorted((a, b) => b - a));
        },
      ),
    );
  });
});

describe('estimateAdoption', () => {
  const count = (versionCode: number, devices: number) => ({
    devices,
    releaseId: `r${versionCode}`,
    versionCode,
  });

  it('takes those who went on from those who came', () => {
    expect(estimateAdoption([count(1, 1000), count(3, 50), count(2, 900)])).toEqual([
      { devices: 50, releaseId: 'r3' },
      { devices: 850, releaseId: 'r2' },
      { devices: 100, releaseId: 'r1' },
    ]);
  });

  it('is what planBases takes, and never more than came in all', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ max: 30, min: 1 }), { maxLength: 8 }),
        fc.nat(500),
        (codes, most) => {
          const counts = codes.map((code, i) => count(code, (code * 7919 + i * 104_729) % (most + 1)));
          const adoption = estimateAdoption(counts);
          const sum = adoption.reduce((total, { devices }) => total + devices, 0);
          expect(sum).toBe(Math.max(0, ...counts.map(({ devices }) => devices)));
          const releases = codes.map((code) => one(code));
          const [first] = planBases({ adoption, count: 1, index: { releases }, target });
          const largest = Math.max(0, ...adoption.map(({ devices }) => devices));
          if (codes.length > 0) expect(first?.devices).toBe(largest);
        },
      ),
    );
  });
});
