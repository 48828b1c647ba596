import type { ChannelIndex, IndexRelease, TargetingRule } from '@kivyx-ota/manifest';
import {
  decide,
  type Decision,
  type DeviceFacts,
  evaluateRule,
  explain,
  wayBackObstacle,
} from '@kivyx-ota/rollout';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const hash = (n: number): string => n.toString(16).padStart(64, '0');
const NOW = 1000;

function release(versionCode: number, change: Partial<IndexRelease> = {}): IndexRelease {
  return {
    launchSha256Hex: hash(versionCode),
    mandatory: false,
    manifest: { sha256Hex: hash(1000 + versionCode), sizeBytes: 1 },
    patches: [],
    releaseId: `r${versionCode}`,
    rolloutBasisPoints: 10_000,
    runtimeVersion: '1',
    salt: `r${versionCode}`,
    status: 'active',
    version: `1.0.${versionCode}`,
    versionCode,
    ...change,
  };
}
const scope = { app: 'a', channel: 'c', platform: 'android', project: 'p' } as const;
const indexOf = (...releases: IndexRelease[]): ChannelIndex => ({
  ...scope,
  epoch: 0,
  expiresAtSeconds: 2000,
  issuedAtSeconds: 0,
  releases,
  sequence: 1,
});
const device: DeviceFacts = {
  ...scope,
  binaryVersion: '1.2.3',
  currentVersionCode: 2,
  currentReleaseId: 'r2',
  deviceId: 'd',
  runtimeVersion: '1',
};
const codes = (decision: Decision): Record<string, string> =>
  Object.fromEntries(decision.reasons.map(({ code, releaseId }) => [releaseId ?? 'index', code]));

describe('decide', () => {
  it('takes the highest that fits and says of each why', () => {
    const decision = decide(
      indexOf(
        release(1),
        release(2),
        release(3),
        release(4),
        release(5, { status: 'paused' }),
        release(6, { runtimeVersion: '2' }),
      ),
      device,
      NOW,
    );
    expect(decision).toMatchObject({ action: 'update', mandatory: false, release: { releaseId: 'r4' } });
    expect(codes(decision)).toEqual({
      r1: 'R_NOT_NEWER',
      r2: 'R_RUNNING',
      r3: 'R_SUPERSEDED',
      r4: 'R_SELECTED',
      r5: 'R_PAUSED',
      r6: 'R_RUNTIME_MISMATCH',
    });
  });

  it.each<[string, Partial<IndexRelease>, Partial<DeviceFacts>, string]>([
    ['nothing newer', { versionCode: 1 }, {}, 'R_NOT_NEWER'],
    ['a version code already had, though not running', {}, { highestVersionCode: 3 }, 'R_NOT_NEWER'],
    ['paused', { status: 'paused' }, {}, 'R_PAUSED'],
    ['revoked', { status: 'revoked' }, {}, 'R_REVOKED'],
    ['revoked by the trust root', {}, { revokedReleaseIds: ['r3'] }, 'R_REVOKED'],
    ['rollout 0', { rolloutBasisPoints: 0 }, {}, 'R_NOT_IN_ROLLOUT'],
    ['failed here', {}, { failedSha256Hex: [hash(3)] }, 'R_FAILED_HERE'],
    ['another runtime', { runtimeVersion: '9' }, {}, 'R_RUNTIME_MISMATCH'],
    [
      'a binary below the range',
      { binaryVersion: '>=2.0.0', runtimeVersion: undefined as never },
      {},
      'R_RUNTIME_MISMATCH',
    ],
    [
      'a range that is none',
      { binaryVersion: 'banana', runtimeVersion: undefined as never },
      {},
      'R_RUNTIME_MISMATCH',
    ],
    ['targeting', { targeting: { eq: ['platform', 'ios'] } }, {}, 'R_TARGETING'],
    ['an unknown operator', { targeting: { near: ['office', 5] } }, {}, 'R_TARGETING_UNKNOWN'],
  ])('%s: not offered', (_name, change, facts, code) => {
    const decision = decide(indexOf(release(3, change)), { ...device, ...facts }, NOW);
    expect(decision.action).toBe('none');
    expect(Object.values(codes(decision))).toEqual([code]);
  });

  it('mandatory counts as 100 % but not above targeting', () => {
    expect(
      decide(indexOf(release(3, { mandatory: true, rolloutBasisPoints: 0 })), device, NOW),
    ).toMatchObject({ action: 'update', mandatory: true });
    expect(
      decide(indexOf(release(3, { mandatory: true, targeting: { eq: ['app', 'x'] } })), device, NOW).action,
    ).toBe('none');
  });

  it('a semver range accepts what it should', () => {
    const ranged = indexOf(release(3, { binaryVersion: '^1.2.0', runtimeVersion: undefined as never }));
    expect(decide(ranged, device, NOW).action).toBe('update');
    expect(decide(ranged, { ...device, binaryVersion: '2.0.0' }, NOW).action).toBe('none');
    expect(decide(ranged, { ...device, binaryVersion: 'dev build' }, NOW).action).toBe('none');
  });

  it('another scope or an expired index decides nothing', () => {
    expect(decide(indexOf(release(3)), { ...device, channel: 'beta' }, NOW)).toEqual({
      action: 'none',
      reasons: [{ code: 'R_OTHER_SCOPE', detail: 'channel' }],
    });
    expect(decide(indexOf(release(3)), device, 2000)).toEqual({
      action: 'none',
      reasons: [{ code: 'R_INDEX_EXPIRED' }],
    });
    expect(decide(indexOf(release(3)), device, 1999).action).toBe('update');
  });

  it('a release that failed for unknown reasons is offered again when the retry token rises', () => {
    const facts = {
      ...device,
      failedSha256Hex: [hash(3)],
      highestVersionCode: 3,
      retryTokens: { [hash(3)]: 1 },
    };
    expect(decide(indexOf(release(3, { retryToken: 1 })), facts, NOW).action).toBe('none');
    expect(decide(indexOf(release(3, { retryToken: 2 })), facts, NOW).action).toBe('update');
    expect(decide(indexOf(release(3, { retryToken: 2 })), { ...facts, retryTokens: {} }, NOW).action).toBe(
      'none',
    );
  });
});

describe('the running release is revoked', () => {
  const revoked = (change: Partial<IndexRelease> = {}): IndexRelease =>
    release(2, { status: 'revoked', ...change });
  it('a newer one that fits is better than going back', () => {
    expect(decide(indexOf(release(1), revoked(), release(3)), device, NOW)).toMatchObject({
      action: 'update',
      release: { releaseId: 'r3' },
    });
  });
  it('else the next lower that fits', () => {
    expect(decide(indexOf(release(1), revoked()), device, NOW)).toMatchObject({
      action: 'rollback',
      to: { releaseId: 'r1' },
    });
    expect(decide(indexOf(release(1, { runtimeVersion: '0' }), revoked()), device, NOW)).toMatchObject({
      action: 'rollback',
      to: 'embedded',
    });
    expect(decide(indexOf(release(1, { rolloutBasisPoints: 0 }), revoked()), device, NOW)).toMatchObject({
      action: 'rollback',
      to: 'embedded',
    });
  });
  it('or where the directive says, rollout aside, if it is usable here', () => {
    const three = { ...device, currentReleaseId: 'r3', currentVersionCode: 3 };
    const directive = release(3, { rollbackTo: 'r1', status: 'revoked' });
    expect(
      decide(indexOf(release(1, { rolloutBasisPoints: 0 }), release(2), directive), three, NOW),
    ).toMatchObject({ action: 'rollback', to: { releaseId: 'r1' } });
    expect(
      decide(indexOf(release(1), release(2), directive), { ...three, failedSha256Hex: [hash(1)] }, NOW),
    ).toMatchObject({ to: 'embedded' });
    expect(
      decide(indexOf(release(2), release(3, { rollbackTo: 'embedded', status: 'revoked' })), three, NOW),
    ).toMatchObject({ to: 'embedded' });
  });
  it('never below what the binary brought', () => {
    const three = { ...device, currentReleaseId: 'r3', currentVersionCode: 3 };
    const index = indexOf(release(1), release(2), release(3, { status: 'revoked' }));
    expect(decide(index, { ...three, embeddedVersionCode: 1 }, NOW)).toMatchObject({
      to: { releaseId: 'r2' },
    });
    expect(decide(index, { ...three, embeddedVersionCode: 2 }, NOW)).toMatchObject({ to: 'embedded' });
    const named = indexOf(release(2), release(3, { rollbackTo: 'r2', status: 'revoked' }));
    expect(decide(named, { ...three, embeddedVersionCode: 2 }, NOW)).toMatchObject({ to: 'embedded' });
    expect(decide(indexOf(release(4)), { ...device, embeddedVersionCode: 4 }, NOW).action).toBe('none');
  });
  it('a directive never leads up, past the rollout', () => {
    const index = indexOf(
      release(2, { rollbackTo: 'r3', status: 'revoked' }),
      release(3, { rolloutBasisPoints: 0 }),
    );
    expect(decide(index, device, NOW)).toMatchObject({ action: 'rollback', to: 'embedded' });
  });
  it('by the trust root: left also when no index names it any more', () => {
    const facts = { ...device, revokedReleaseIds: ['r2'] };
    expect(decide(indexOf(release(1)), facts, NOW)).toMatchObject({
      action: 'rollback',
      to: { releaseId: 'r1' },
    });
    expect(decide(indexOf(), facts, NOW)).toMatchObject({ action: 'rollback', to: 'embedded' });
    expect(decide(indexOf(release(1)), { ...device, revokedReleaseIds: ['r9'] }, NOW).action).toBe('none');
  });
  it('a release that is merely paused is kept', () => {
    expect(decide(indexOf(release(1), release(2, { status: 'paused' })), device, NOW).action).toBe('none');
  });
  it('the embedded bundle stays where it is', () => {
    const { currentReleaseId: _none, ...embedded } = device;
    expect(decide(indexOf(revoked()), embedded, NOW).action).toBe('none');
  });
});

describe('properties', () => {
  const random = fc.record({
    mandatory: fc.boolean(),
    rolloutBasisPoints: fc.constantFrom(0, 1, 2500, 5000, 9999, 10_000),
    runtimeVersion: fc.constantFrom('1', '2'),
    status: fc.constantFrom('active' as const, 'paused' as const, 'revoked' as const),
  });
  const facts = fc.record({
    deviceId: fc.uuid(),
    currentVersionCode: fc.integer({ max: 8, min: 0 }),
    highestVersionCode: fc.integer({ max: 8, min: 0 }),
  });

  it('an update is always newer, fits, and every release gets exactly one reason', () => {
    fc.assert(
      fc.property(fc.array(random, { maxLength: 8 }), facts, (list, known) => {
        const index = indexOf(...list.map((one, i) => release(i + 1, one)));
        const { currentReleaseId: _drop, ...rest } = device;
        const who: DeviceFacts = {
          ...rest,
          ...known,
          ...(known.currentVersionCode > 0 ? { currentReleaseId: `r${known.currentVersionCode}` } : {}),
        };
        const decision = decide(index, who, NOW);
        expect(
          decision.reasons
            .filter(({ releaseId }) => releaseId !== undefined)
            .map(({ releaseId }) => releaseId)
            .toSorted(),
        ).toEqual(index.releases.map(({ releaseId }) => releaseId).toSorted());
        if (decision.action === 'update') {
          expect(decision.release.versionCode).toBeGreaterThan(
            Math.max(known.currentVersionCode, known.highestVersionCode),
          );
          expect(decision.release).toMatchObject({ runtimeVersion: '1', status: 'active' });
        }
        if (decision.action === 'rollback') {
          expect(index.releases.find(({ releaseId }) => releaseId === who.currentReleaseId)?.status).toBe(
            'revoked',
          );
          if (decision.to !== 'embedded')
            expect(decision.to.versionCode).toBeLessThan(known.currentVersionCode);
        }
      }),
      { numRuns: 1000 },
    );
  });

  // regressions.md 28
  it('decreasing a rollout strands nobody who runs the release', () => {
    expect(decide(indexOf(release(2, { rolloutBasisPoints: 0 })), device, NOW).action).toBe('none');
  });
});

describe('targeting rules', () => {
  const facts: DeviceFacts = {
    ...device,
    attributes: { arch: 'arm64', beta: true, locale: 'de-DE', osVersion: '14.2.0', sdk: 34 },
  };
  it.each<[TargetingRule, string]>([
    [{ eq: ['locale', 'de-DE'] }, 'match'],
    [{ eq: ['sdk', 34] }, 'match'],
    [{ eq: ['sdk', '34'] }, 'no-match'],
    [{ eq: ['missing', 'x'] }, 'no-match'],
    [{ not: { eq: ['missing', 'x'] } }, 'match'],
    [{ in: ['arch', ['arm64', 'x64']] }, 'match'],
    [{ in: ['arch', []] }, 'no-match'],
    [{ semver: ['osVersion', '>=14'] }, 'match'],
    [{ semver: ['osVersion', '^13.0.0'] }, 'no-match'],
    [{ semver: ['binaryVersion', '1.x'] }, 'match'],
    [{ glob: ['locale', 'de*'] }, 'match'],
    [{ glob: ['locale', '??-DE'] }, 'match'],
    [{ glob: ['locale', 'd'] }, 'no-match'],
    [{ glob: ['sdk', '*'] }, 'no-match'],
    [{ exists: 'beta' }, 'match'],
    [{ exists: 'toString' }, 'no-match'],
    [{ bucket: ['s', 0, 10_000] }, 'match'],
    [{ bucket: ['s', 0, 0] }, 'no-match'],
    [{ all: [] }, 'match'],
    [{ any: [] }, 'no-match'],
    [{ all: [{ exists: 'beta' }, { eq: ['sdk', 34] }] }, 'match'],
    [{ any: [{ eq: ['sdk', 1] }, { exists: 'beta' }] }, 'match'],
    [{ eq: ['sdk', 34], exists: 'nothing' }, 'no-match'],
    [{}, 'unknown'],
    [{ near: 1 }, 'unknown'],
    [{ toString: 1 } as never, 'unknown'],
    [{ any: [{ exists: 'beta' }, { near: 1 }] }, 'unknown'],
    [{ not: { near: 1 } }, 'unknown'],
    [{ eq: 'locale' }, 'unknown'],
    [{ in: ['missing', 'not a list'] }, 'unknown'],
    [{ all: { exists: 'beta' } }, 'unknown'],
  ])('%j: %s', (rule, expected) => {
    expect(evaluateRule(rule, facts)).toBe(expected);
  });

  it('a glob that would ruin a backtracking matcher is quick', () => {
    const started = process.cpuUsage();
    evaluateRule({ glob: ['x', `${'*a'.repeat(120)}b`] }, { ...facts, attributes: { x: 'a'.repeat(4000) } });
    const { user } = process.cpuUsage(started);
    expect(user).toBeLessThan(2_000_000);
  });

  it('a rule nested a million times deep is unknown, not a stack overflow', () => {
    let deep: TargetingRule = { exists: 'beta' };
    for (let i = 0; i < 1_000_000; i++) deep = { not: deep };
    expect(evaluateRule(deep, facts)).toBe('unknown');
  });

  it('evaluation never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['match', 'no-match', 'unknown']).toContain(evaluateRule(value as never, facts));
      }),
    );
  });
});

it('explain says in words what decide says in codes', () => {
  const { lines, decision } = explain(
    indexOf(release(1), release(3, { rolloutBasisPoints: 0 })),
    device,
    NOW,
  );
  expect(decision.action).toBe('none');
  expect(lines[0]).toBe('Nothing to do.');
  expect(lines[1]).toMatch(
    /^1\.0\.3 \(r3\): this device is not in the rollout yet, its bucket is \d+, rolled out below 0 of 10000 \[R_NOT_IN_ROLLOUT\]$/,
  );
});

it('explain says whether the update travels as a patch', () => {
  const running = release(1);
  const patch = {
    baseSha256Hex: running.launchSha256Hex,
    format: 'kvh1',
    sha256Hex: 'a'.repeat(64),
    sizeBytes: 108,
  };
  const on1 = { ...device, currentReleaseId: 'r1', currentVersionCode: 1 };
  const second = (patches: readonly (typeof patch)[]): string | undefined =>
    explain(indexOf(running, release(2, { patches })), on1, NOW).lines[1];
  expect(second([patch])).toBe('There is a patch from 1.0.1: 108 bytes (kvh1).');
  expect(second([{ ...patch, baseSha256Hex: 'b'.repeat(64) }])).toBe(
    'There is no patch from 1.0.1: the whole file travels.',
  );
  expect(explain(indexOf(running, release(2)), device, NOW).lines.join()).not.toContain('travels');
});

describe('wayBackObstacle', () => {
  it('is there exactly when no device of the revoked release gets to the one that is named', () => {
    const status = fc.constantFrom('active', 'paused', 'revoked');
    const runtimeVersion = fc.constantFrom('1', '2');
    const one = fc.record({ runtimeVersion, status });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 5, minLength: 1 }), fc.nat(4), fc.nat(6), (all, at, named) => {
        const releases = all.map((change, i) => release(i + 1, change));
        const from = releases[at % releases.length] as IndexRelease;
        const rollbackTo = `r${named}`;
        const revoked: IndexRelease = { ...from, rollbackTo, status: 'revoked' };
        const index = indexOf(...releases.map((other) => (other === from ? revoked : other)));
        const runs: DeviceFacts = {
          ...device,
          currentReleaseId: from.releaseId,
          currentVersionCode: from.versionCode,
          highestVersionCode: 9, // nothing newer is in the way
          runtimeVersion: from.runtimeVersion as string,
        };
        const decision = decide(index, runs, NOW);
        const arrives = decision.action === 'rollback' && typeof decision.to === 'object';
        expect(wayBackObstacle(releases, from, rollbackTo) === undefined).toBe(arrives);
      }),
    );
  });

  it('is never there for the bundle in the app, nor for ranges of binaries, which only a device can tell', () => {
    const { runtimeVersion: _none, ...ranged } = release(1, { binaryVersion: '>=1.0.0' });
    expect(wayBackObstacle([ranged, release(2)], release(2), 'embedded')).toBeUndefined();
    expect(wayBackObstacle([ranged, release(2)], release(2), 'r1')).toBeUndefined();
  });
});
