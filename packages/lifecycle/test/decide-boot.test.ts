import {
  type BootInput,
  type BootRecord,
  decideBoot,
  decideWithoutWrite,
  EMPTY_INTENT,
  encodeBootRecord,
  encodeIntentRecord,
  type IntentRecord,
  type Marker,
  parseBootRecord,
  safeParseBootRecord,
  safeParseIntentRecord,
} from '@kivyx-ota/lifecycle';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const hash = (digit: string): string => digit.repeat(64);
const [A, B] = [hash('a'), hash('b')];

/** A device in memory: two slots each, markers, intact bundles. */
function device({ binaryId = 'bin-1', embedded = 1 } = {}) {
  const state = {
    binaryId,
    boot: [undefined, undefined] as [Uint8Array | undefined, Uint8Array | undefined],
    intact: [A, B] as string[],
    intent: EMPTY_INTENT as IntentRecord,
    lockAcquired: true,
    markers: [] as Marker[],
  };
  const input = (): BootInput => ({
    binaryId: state.binaryId,
    boot: state.boot.map((bytes) =>
      bytes === undefined ? { kind: 'absent' } : safeParseBootRecord(bytes),
    ) as never,
    embeddedVersionCode: embedded,
    isIntact: (sha) => state.intact.includes(sha),
    intent: [
      state.intent.sequence === 0
        ? { kind: 'absent' }
        : safeParseIntentRecord(encodeIntentRecord(state.intent)),
      { kind: 'absent' },
    ],
    lockAcquired: state.lockAcquired,
    markers: state.markers,
  });
  const boot = () => {
    const decision = decideBoot(input());
    if (decision.write !== undefined) {
      state.boot[decision.write.slot === 'boot.0' ? 0 : 1] = encodeBootRecord(decision.write.record);
      state.markers = [];
    }
    return decision;
  };
  const stage = (sha: string, versionCode: number, change: Partial<IntentRecord> = {}) => {
    state.intent = {
      ...state.intent,
      binaryId: state.binaryId,
      directive: false,
      requestId: state.intent.requestId + 1,
      retryToken: 0,
      sequence: state.intent.sequence + 1,
      stage: sha,
      versionCode,
      ...change,
    };
  };
  const ack = (launchId: number) => {
    state.intent = { ...state.intent, acknowledgedLaunchId: launchId, sequence: state.intent.sequence + 1 };
  };
  const lid = (): number => {
    const found = state.boot
      .flatMap((bytes) => (bytes === undefined ? [] : [safeParseBootRecord(bytes)]))
      .flatMap((slot) => (slot.kind === 'record' ? [slot.record] : []));
    return found.reduce((best, one) => (one.sequence > best.sequence ? one : best)).launchId;
  };
  const record = (): BootRecord => {
    const found = state.boot.flatMap((bytes) => (bytes === undefined ? [] : [parseBootRecord(bytes)]));
    return found.reduce((best, one) => (one.sequence > best.sequence ? one : best));
  };
  return { ack, boot, input, lid, record, stage, state };
}
const runs = (decision: ReturnType<typeof decideBoot>): string =>
  decision.launch.kind === 'embedded' ? 'embedded' : decision.launch.sha256Hex;

function healthyOn(sha: string, versionCode: number): ReturnType<typeof device> {
  const one = device();
  one.boot();
  one.stage(sha, versionCode);
  one.boot();
  one.ack(one.lid());
  one.boot();
  return one;
}

describe('a staged bundle', () => {
  it('runs on probation, and is healthy once its own launch is confirmed', () => {
    const one = device();
    expect(runs(one.boot())).toBe('embedded');
    one.stage(A, 2);
    expect(one.boot().launch).toMatchObject({ kind: 'bundle', pending: true, sha256Hex: A });
    one.ack(one.lid());
    expect(one.boot().launch).toMatchObject({ pending: false, sha256Hex: A });
    expect(one.record()).toMatchObject({ goodSha256Hex: A, highestVersionCode: 2 });
  });

  // regressions.md 4
  it('is not confirmed by a confirmation from the previous bundle', () => {
    const one = healthyOn(A, 2);
    const old = one.lid();
    one.stage(B, 3);
    one.boot();
    one.ack(old);
    expect(one.boot().launch).toMatchObject({ pending: true, sha256Hex: B });
  });

  it.each([
    ['crash', 2],
    ['timeout', 2],
    ['bg', 10],
    [undefined, 3],
  ] as const)(
    'that ends with %s is given up after %i launches, and the last good one runs',
    (kind, budget) => {
      const one = healthyOn(A, 2);
      one.stage(B, 3);
      for (let launch = 1; launch <= budget; launch++) {
        expect(runs(one.boot()), `launch ${launch}`).toBe(B);
        if (kind !== undefined) one.state.markers = [{ kind, launchId: one.lid() }];
      }
      expect(runs(one.boot())).toBe(A);
      expect(one.record().failed).toMatchObject([{ sha256Hex: B }]);
    },
  );

  // regressions.md 3
  it('survives the user closing the app right after the first start', () => {
    const one = healthyOn(A, 2);
    one.stage(B, 3);
    one.boot();
    expect(runs(one.boot())).toBe(B);
  });

  // regressions.md 5
  it('that fails as the very first one leaves the embedded bundle, for ever', () => {
    const one = device();
    one.boot();
    one.stage(A, 2);
    for (let i = 0; i < 2; i++) {
      one.boot();
      one.state.markers = [{ kind: 'crash', launchId: one.lid() }];
    }
    for (let i = 0; i < 5; i++) expect(runs(one.boot())).toBe('embedded');
    one.stage(A, 3);
    expect(runs(one.boot())).toBe('embedded');
  });

  // regressions.md 6, 7
  it('that replaces a failing one is not blamed for it, and a new hash is accepted after a failure', () => {
    const one = healthyOn(A, 2);
    one.stage(B, 3);
    one.boot();
    one.state.markers = [{ kind: 'crash', launchId: one.lid() }];
    const c = hash('c');
    one.state.intact.push(c);
    one.stage(c, 4);
    expect(one.boot().launch).toMatchObject({ pending: true, sha256Hex: c });
    expect(one.record()).toMatchObject({ crashes: 0 });
  });

  // Found by the simulation.
  it('that crashed and was replaced does not get new budgets when the same bytes are published again', () => {
    const one = healthyOn(A, 2);
    one.stage(B, 3);
    one.boot();
    one.state.markers = [{ kind: 'crash', launchId: one.lid() }];
    const c = hash('c');
    one.state.intact.push(c);
    one.stage(c, 4);
    one.boot();
    one.stage(B, 5);
    expect(one.boot().reasons).toContainEqual({ code: 'refused-failed', sha256Hex: B });
  });

  // Found by the simulation.
  it('that vanished once and was then damaged does not get new budgets when the same bytes are published again', () => {
    const one = healthyOn(A, 2);
    one.stage(B, 3);
    one.boot();
    one.state.intact = [A];
    expect(runs(one.boot())).toBe(A);
    one.state.intact = [A, B];
    one.stage(B, 4);
    expect(one.boot().reasons).toContainEqual({ code: 'refused-failed', sha256Hex: B });
    one.stage(B, 4, { retryToken: 1 });
    expect(runs(one.boot())).toBe(B);
  });

  // Found by the simulation.
  it('that was good before changes places with the one that is, which stays to fall back to', () => {
    const one = healthyOn(A, 2);
    one.stage(B, 3);
    one.boot();
    one.ack(one.lid());
    one.boot();
    one.stage(A, 4);
    expect(runs(one.boot())).toBe(A);
    one.state.intact = [B];
    expect(runs(one.boot())).toBe(B);
  });

  it('with a version code that is not higher is refused, unless a signed directive says so', () => {
    const one = healthyOn(B, 5);
    one.stage(A, 4);
    expect(runs(one.boot())).toBe(B);
    one.stage(A, 4, { directive: true });
    expect(runs(one.boot())).toBe(A);
    one.stage('embedded', 1, { directive: true });
    expect(runs(one.boot())).toBe('embedded');
    one.stage('embedded', 1);
    expect(one.boot().reasons).toContainEqual({ code: 'refused-directive' });
  });

  it('that failed without evidence may be tried once more under a higher retry token; one that crashed never', () => {
    const unknown = healthyOn(A, 2);
    unknown.stage(B, 3);
    for (let i = 0; i < 4; i++) unknown.boot();
    unknown.stage(B, 3, { retryToken: 1 });
    expect(runs(unknown.boot())).toBe(B);
    const crashed = healthyOn(A, 2);
    crashed.stage(B, 3);
    for (let i = 0; i < 2; i++) {
      crashed.boot();
      crashed.state.markers = [{ kind: 'crash', launchId: crashed.lid() }];
    }
    crashed.boot();
    crashed.stage(B, 3, { retryToken: 9 });
    expect(runs(crashed.boot())).toBe(A);
  });
});

describe('whatever is broken, something good is launched', () => {
  // regressions.md 11
  it('a damaged bundle is never launched', () => {
    const one = healthyOn(A, 2);
    one.stage(B, 3);
    one.boot();
    one.state.intact = [A];
    expect(runs(one.boot())).toBe(A);
    one.state.intact = [];
    expect(runs(one.boot())).toBe('embedded');
  });

  it('both slots corrupt: embedded, and the request that stands there is not consumed again', () => {
    const one = healthyOn(A, 2);
    one.state.boot = [Uint8Array.of(1), new Uint8Array(0)];
    const decision = one.boot();
    expect(runs(decision)).toBe('embedded');
    expect(decision.reasons).toContainEqual({ code: 'both-slots-corrupt' });
    expect(runs(one.boot())).toBe('embedded');
  });

  // regressions.md 9
  it('another binary starts over with its own bundle', () => {
    const one = healthyOn(A, 2);
    one.state.binaryId = 'bin-2';
    expect(runs(one.boot())).toBe('embedded');
    expect(runs(one.boot())).toBe('embedded');
    expect(one.record().failed).toEqual([]);
  });

  // regressions.md 13; before the first unlock; after a downgrade of the app
  it.each<[string, (input: BootInput) => BootInput, string]>([
    ['another process', (input) => ({ ...input, lockAcquired: false }), 'other-process'],
    ['locked storage', (input) => ({ ...input, boot: [{ kind: 'locked' }, input.boot[1]] }), 'locked'],
    [
      'a newer schema',
      (input) => ({ ...input, boot: [input.boot[0], { kind: 'newer', version: '2' }] }),
      'newer-schema',
    ],
  ])('%s: embedded, and nothing is written', (_name, change, reason) => {
    const one = healthyOn(A, 2);
    expect(decideBoot(change(one.input()))).toEqual({
      deletes: [],
      launch: { kind: 'embedded' },
      reasons: [{ code: reason }],
    });
  });

  // regressions.md 12
  it('a full disk: the healthy bundle without a launch id; instead of a pending one the good one', () => {
    const one = healthyOn(A, 2);
    expect(decideWithoutWrite(one.input(), decideBoot(one.input())).launch).toEqual({
      kind: 'bundle',
      pending: false,
      sha256Hex: A,
      versionCode: 2,
    });
    one.stage(B, 3);
    expect(decideWithoutWrite(one.input(), decideBoot(one.input())).launch).toMatchObject({ sha256Hex: A });
    expect(decideWithoutWrite(one.input(), decideBoot(one.input())).deletes).toEqual([]);
  });

  it('33 failures: the one that is forgotten stays refused by its version code', () => {
    const one = device();
    one.boot();
    for (let i = 0; i < 33; i++) {
      const sha = i.toString(16).padStart(64, '0');
      one.state.intact.push(sha);
      one.stage(sha, 2 + i);
      for (let k = 0; k < 2; k++) {
        one.boot();
        one.state.markers = [{ kind: 'crash', launchId: one.lid() }];
      }
      one.boot();
    }
    expect(one.record().failed).toHaveLength(32);
    expect(one.record().rejectUpTo).toBe(2);
  });
});

describe('random histories', () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('boot' as const),
      end: fc.constantFrom('crash', 'timeout', 'bg', 'ack', 'nothing'),
    }),
    fc.record({ kind: fc.constant('stage' as const), which: fc.nat(3), vc: fc.integer({ max: 12, min: 1 }) }),
    fc.record({ kind: fc.constant('damage' as const), which: fc.nat(3) }),
    fc.record({ kind: fc.constant('corrupt' as const), slot: fc.constantFrom(0 as const, 1 as const) }),
  );

  it('an unconfirmed bundle is launched at most 14 times, a failed one never again, a damaged one never', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const one = device();
        const all = ['0', '1', '2', '3'].map(hash);
        one.state.intact = [...all];
        const launches = new Map<string, number>();
        let corrupted = false;
        for (const action of steps) {
          if (action.kind === 'stage') one.stage(all[action.which] as string, action.vc);
          if (action.kind === 'damage')
            one.state.intact = one.state.intact.filter((sha) => sha !== all[action.which]);
          if (action.kind === 'corrupt') {
            one.state.boot[action.slot] = Uint8Array.of(9);
            corrupted = true;
          }
          if (action.kind !== 'boot') continue;
          const decision = one.boot();
          const sha = runs(decision);
          if (sha === 'embedded') continue;
          expect(one.state.intact).toContain(sha);
          const record = one.record();
          expect(record.failed.some(({ sha256Hex }) => sha256Hex === sha)).toBe(false);
          if (decision.launch.kind === 'bundle' && decision.launch.pending) {
            launches.set(sha, (launches.get(sha) ?? 0) + 1);
            if (!corrupted) expect(launches.get(sha)).toBeLessThanOrEqual(14);
          } else launches.delete(sha);
          if (action.end === 'ack') one.ack(one.lid());
          else if (action.end !== 'nothing')
            one.state.markers = [{ kind: action.end as Marker['kind'], launchId: one.lid() }];
        }
      }),
      { numRuns: 3000 },
    );
  });
});
