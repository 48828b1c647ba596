import fc from 'fast-check';
import { createJudge, createLogEvidence, judge, type GuardrailPolicy } from '@kivyx-ota/guardrail';
import { describe, expect, it } from 'vitest';

const RATES = [0.001, 0.01, 0.05, 0.2, 0.5];
const control = { exposed: 20_000, failed: 200 };

/** Logarithm of Binomial(n, p) at k, from the logarithm of the factorials. */
function logChance(n: number, k: number, p: number): number {
  let log = k * Math.log(p) + (n - k) * Math.log1p(-p);
  for (let i = 1; i <= k; i++) log += Math.log((n - k + i) / i);
  return log;
}

describe('the evidence', () => {
  it.each(RATES)('is a martingale at p0 = %d: its expectation is 1 after any number of devices', (p0) => {
    const logEvidence = createLogEvidence(p0);
    for (const n of [1, 2, 5, 17, 60, 300]) {
      let expectation = 0;
      for (let k = 0; k <= n; k++) expectation += Math.exp(logChance(n, k, p0) + logEvidence(n, k));
      expect(expectation).toBeCloseTo(1, 9);
    }
  });

  it.each(RATES)('below p0 = %d its expectation is less than 1', (p0) => {
    const logEvidence = createLogEvidence(p0);
    for (const share of [0, 0.2, 0.9]) {
      let expectation = 0;
      for (let k = 0; k <= 60; k++)
        if (share > 0 || k === 0)
          expectation += Math.exp((share === 0 ? 0 : logChance(60, k, p0 * share)) + logEvidence(60, k));
      expect(expectation).toBeLessThan(1);
    }
  });

  it('one more device keeps it in balance from wherever it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RATES),
        fc.nat({ max: 5000 }),
        fc.double({ max: 1, min: 0, noNaN: true }),
        (p0, n, share) => {
          const logEvidence = createLogEvidence(p0);
          const k = Math.floor(n * share);
          const now = logEvidence(n, k);
          const next =
            p0 * Math.exp(logEvidence(n + 1, k + 1) - now) + (1 - p0) * Math.exp(logEvidence(n + 1, k) - now);
          expect(next).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it('grows with the failures and falls with the healthy ones, up to 10^8 devices, and is always a number', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...RATES),
        fc.integer({ max: 100_000_000, min: 1 }),
        fc.double({ max: 1, min: 0, noNaN: true }),
        (p0, n, share) => {
          const k = Math.min(n - 1, Math.floor(n * share));
          const logEvidence = createLogEvidence(p0);
          const now = logEvidence(n, k);
          expect(Number.isFinite(now)).toBe(true);
          expect(logEvidence(n, k + 1)).toBeGreaterThan(now);
          expect(logEvidence(n + 1, k)).toBeLessThan(now);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is that of the formula', () => {
    // Summed without logarithms, where that still works.
    const p0 = 0.05;
    let sum = 0;
    let weights = 0;
    for (let j = 0; j < 180; j++) {
      const u = (j + 0.5) / 180;
      const p = p0 + 0.9 * u * u;
      const w = 4 * (1 - p) ** 3 * 1.8 * u;
      weights += w;
      sum += w * (p / p0) ** 7 * ((1 - p) / (1 - p0)) ** 23;
    }
    expect(Math.exp(createLogEvidence(p0)(30, 7))).toBeCloseTo(sum / weights, 8);
  });

  it('notices a rate a little above p0, given enough devices', () => {
    const logEvidence = createLogEvidence(0.05);
    expect(logEvidence(1_000_000, 52_000)).toBeGreaterThan(Math.log(1000));
    expect(logEvidence(1_000_000, 50_000)).toBeLessThan(0);
  });
});

const anyCounts = fc
  .record({
    exposed: fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 5000 }), fc.nat({ max: 100_000_000 })),
    groups: fc.array(fc.double({ max: 1, min: 0, noNaN: true }), { maxLength: 40 }),
    share: fc.oneof(fc.double({ max: 0.2, min: 0, noNaN: true }), fc.double({ max: 1, min: 0, noNaN: true })),
  })
  .map(({ exposed, groups, share }) => {
    const failed = Math.floor(exposed * share);
    return { exposed, failed, failedByGroup: groups.map((one) => Math.floor(one * one * failed)) };
  });
const anyPolicy: fc.Arbitrary<GuardrailPolicy> = fc.record({
  distrustedGroups: fc.nat({ max: 4 }),
  relative: fc.constantFrom(false as const, {}, { minFailed: 1, zScore: 2 }),
  sequential: fc.constantFrom(false as const, {}, { crashRate: 0.01, evidence: 20 }),
  threshold: fc.constantFrom(false as const, {}, { minExposed: 1, minFailed: 1 }),
});
const anyControl = fc.option(
  fc
    .tuple(fc.nat({ max: 100_000_000 }), fc.double({ max: 1, min: 0, noNaN: true }))
    .map(([exposed, share]) => ({ exposed, failed: Math.floor(exposed * share ** 3) })),
  { nil: undefined },
);

describe('judge', () => {
  it('pauses at five failures in a row, and not at four', () => {
    expect(judge({ exposed: 4, failed: 4 })).toMatchObject({
      evidence: expect.any(Number),
      verdict: 'go-on',
    });
    expect(judge({ exposed: 4, failed: 4 }).evidence).toBeGreaterThan(1000);
    expect(judge({ exposed: 5, failed: 5 })).toMatchObject({ rule: 'sequential', verdict: 'pause' });
  });

  it('lets a release at exactly the rate go on, at any size', () => {
    for (let exposed = 20; exposed <= 100_000_000; exposed *= 5)
      expect(judge({ exposed, failed: Math.floor(exposed * 0.05) }).verdict).toBe('go-on');
  });

  it('pauses 1 → 3 % by comparison, which the sequential rule alone does not', () => {
    const counts = { control, exposed: 2000, failed: 60 };
    expect(judge(counts)).toMatchObject({ rule: 'relative', verdict: 'pause' });
    expect(judge(counts, { relative: false }).verdict).toBe('go-on');
    expect(judge({ ...counts, control: { exposed: 20_000, failed: 500 } }).verdict).toBe('go-on');
    expect(judge({ ...counts, control: { exposed: 99, failed: 0 } }).reasons).toContainEqual(
      expect.objectContaining({ code: 'control-small', pauses: false }),
    );
  });

  it('the threshold rule is off unless asked for, and looks at what is recent', () => {
    const counts = { exposed: 10_000, failed: 100, recent: { exposed: 200, failed: 12 } };
    expect(judge(counts).verdict).toBe('go-on');
    expect(judge(counts, { threshold: {} })).toMatchObject({ rule: 'threshold', verdict: 'pause' });
    expect(judge(counts, { threshold: { rate: 0.06 } }).verdict).toBe('go-on');
    expect(judge({ exposed: 10_000, failed: 501 }, { sequential: false, threshold: {} }).verdict).toBe(
      'pause',
    );
  });

  it('32: no single group of networks can pause a release, however many failures it reports', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 100_000 }),
        fc.nat({ max: 5000 }),
        fc.nat({ max: 31 }),
        (fake, healthy, at) => {
          const failedByGroup = Array.from({ length: 32 }, (_, i) => (i === at ? fake : 0));
          const counts = { control, exposed: healthy + fake, failed: fake, failedByGroup };
          expect(judge(counts).verdict).toBe('go-on');
        },
      ),
    );
    const failedByGroup = [400, 3, 2, 4, 1];
    expect(judge({ exposed: 1410, failed: 410, failedByGroup })).toMatchObject({
      exposed: 1010,
      failed: 10,
      reasons: [{ code: 'few-networks', rule: 'sequential' }, {}],
      verdict: 'go-on',
    });
    expect(judge({ exposed: 1410, failed: 410, failedByGroup }, { distrustedGroups: 0 }).verdict).toBe(
      'pause',
    );
  });

  it('a pause stands without any choice of the distrusted groups', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 60 })), { maxLength: 12, minLength: 1 }),
        fc.integer({ max: 3, min: 0 }),
        fc.array(fc.nat({ max: 11 }), { maxLength: 3 }),
        (groups, distrustedGroups, chosen) => {
          const sum = (list: readonly (readonly [number, number])[]) => ({
            exposed: list.reduce((all, [failed, healthy]) => all + failed + healthy, 0),
            failed: list.reduce((all, [failed]) => all + failed, 0),
          });
          const without = new Set(chosen.slice(0, distrustedGroups));
          const counts = { ...sum(groups), failedByGroup: groups.map(([failed]) => failed) };
          if (judge(counts, { distrustedGroups }).verdict === 'pause')
            expect(judge(sum(groups.filter((_, i) => !without.has(i)))).verdict).toBe('pause');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('more failures among the same devices never turn a pause into go-on', () => {
    fc.assert(
      fc.property(anyCounts, anyPolicy, anyControl, fc.nat({ max: 200 }), (counts, policy, before, more) => {
        const asked = createJudge(policy);
        const rest = before === undefined ? {} : { control: before };
        const failed = Math.min(counts.exposed, counts.failed + more);
        const after = { ...counts, failed };
        if (asked({ ...counts, ...rest }).verdict === 'pause')
          expect(asked({ ...after, ...rest }).verdict).toBe('pause');
      }),
      { numRuns: 2000 },
    );
  });

  it('answers every possible count with finite numbers and one reason per rule', () => {
    fc.assert(
      fc.property(anyCounts, anyPolicy, anyControl, (counts, policy, before) => {
        const judgement = judge({ ...counts, ...(before === undefined ? {} : { control: before }) }, policy);
        for (const value of [judgement.evidence, judgement.logEvidence, judgement.exposed, judgement.failed])
          expect(Number.isFinite(value)).toBe(true);
        expect(judgement.failed).toBeLessThanOrEqual(judgement.exposed);
        const on = (['sequential', 'relative', 'threshold'] as const).filter(
          (name) => policy[name] !== false,
        );
        expect(judgement.reasons.map(({ rule }) => rule)).toEqual(on);
        expect(judgement.verdict === 'pause').toBe(judgement.reasons.some(({ pauses }) => pauses));
        expect(JSON.stringify(judgement)).not.toMatch(/null|NaN|undefined/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [{ exposed: 3, failed: 4 }, 'counts.failed is 4, expected a whole number from 0 to counts.exposed (3)'],
    [{ exposed: -1, failed: 0 }, 'counts.exposed is -1'],
    [{ exposed: 1.5, failed: 0 }, 'counts.exposed is 1.5'],
    [{ exposed: Number.NaN, failed: 0 }, 'counts.exposed is NaN'],
    [{ exposed: '9', failed: 0 } as never, 'counts.exposed is 9'],
    [{ exposed: 9 } as never, 'counts.failed is undefined'],
    [{ exposed: 2 ** 53, failed: 0 }, 'counts.exposed is 9007199254740992'],
    [{ exposed: 9, failed: 2, failedByGroup: [1, 3] }, 'counts.failedByGroup[1] is 3'],
    [{ control: { exposed: 1, failed: 2 }, exposed: 9, failed: 2 }, 'counts.control.failed is 2'],
    [{ exposed: 9, failed: 2, recent: { exposed: 1, failed: 2 } }, 'counts.recent.failed is 2'],
  ])('refuses impossible counts: %j', (counts, message) => {
    expect(() => judge(counts)).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAIL_COUNTS', message: expect.stringContaining(message) }),
    );
  });

  it.each<[GuardrailPolicy, string]>([
    [{ sequential: { crashRate: 0 } }, 'sequential.crashRate is 0'],
    [{ sequential: { crashRate: 5 } }, 'sequential.crashRate is 5'],
    [{ sequential: { evidence: Number.NaN } }, 'sequential.evidence is NaN'],
    [{ sequential: { minFailed: 0 } }, 'sequential.minFailed is 0'],
    [{ relative: { zScore: -1 } }, 'relative.zScore is -1'],
    [{ relative: { ratio: 0.5 } }, 'relative.ratio is 0.5'],
    [{ relative: { difference: 1 } }, 'relative.difference is 1'],
    [{ relative: { minControlExposed: 0.5 } }, 'relative.minControlExposed is 0.5'],
    [{ relative: { minFailed: 0 } }, 'relative.minFailed is 0'],
    [{ threshold: { rate: 1 } }, 'threshold.rate is 1'],
    [{ threshold: { minExposed: 0 } }, 'threshold.minExposed is 0'],
    [{ threshold: { minFailed: -1 } }, 'threshold.minFailed is -1'],
    [{ threshold: { lookbackSeconds: 1 } }, 'threshold.lookbackSeconds is 1'],
    [{ distrustedGroups: -1 }, 'distrustedGroups is -1'],
  ])('refuses a policy that makes no sense: %j', (policy, message) => {
    expect(() => createJudge(policy)).toThrow(RangeError);
    expect(() => createJudge(policy)).toThrow(message);
  });
});
