import { BOOT_SLOTS, encodeBootRecord, safeParseBootRecord } from '../boot-record.ts';
import { type BootDecision, type BootInput, decideBoot, decideWithoutWrite } from '../decide-boot.ts';
import {
  EMPTY_INTENT,
  encodeIntentRecord,
  INTENT_SLOTS,
  type IntentRecord,
  safeParseIntentRecord,
} from '../intent-record.ts';
import { type MarkerKind, markerName } from '../marker.ts';
import { acknowledgeIntent, stageIntent } from '../request.ts';
import { readBootInput, runBoot } from '../run-boot.ts';
import { selectSlot } from '../slots.ts';
import type { SlotState } from '../slots.ts';
import { createFaultyDisk, DiskFull, type FaultyDisk, PowerCut } from './faulty-disk.ts';
import { createRandom, type Random } from './random.ts';

/** Mistakes that updaters have made; each must be noticed. */
export const PLANTED_BUGS = [
  'persist-after-launch',
  'one-slot-in-place',
  'launch-although-disk-full',
  'no-hash-check-at-boot',
  'no-binary-check',
  'any-confirmation-counts',
  'failed-bundles-may-return',
  'versions-may-fall',
  'unknown-ends-not-counted',
  'background-counted-as-crash',
  'markers-deleted-although-write-failed',
] as const;

/** One of {@link PLANTED_BUGS}. */
export type PlantedBug = (typeof PLANTED_BUGS)[number];

/** What a schedule came to. */
export interface Outcome {
  readonly boots: number;
  /** Steps of the disk. */
  readonly steps: number;
  /** What was broken, in words that begin with the invariant; undefined when nothing was. */
  readonly violation?: string;
}

/** What is done to the phone. */
export interface Schedule {
  readonly seed: number;
  /** Things that happen. Default 40. */
  readonly events?: number;
  /** Steps of the disk at which the phone dies; default: at random. */
  readonly crashAt?: readonly number[];
  readonly bug?: PlantedBug;
}

interface Bundle {
  readonly sha256Hex: string;
  versionCode: number;
  readonly binary: string;
  /** How its launches go. */
  readonly nature: 'good' | 'crashes' | 'hangs' | 'dies' | 'flaky';
  intact: boolean;
}

/** Unconfirmed launches that a bundle may have, besides those that ended in the background. */
const MAX_UNCONFIRMED = 4;
const MAX_NEUTRAL = 10;

/**
 * Runs the real boot code through one life of a phone and watches the invariants of the specification. Deterministic: the same
 * schedule gives the same outcome.
 */
export function simulate({ bug, crashAt, events = 40, seed }: Schedule): Outcome {
  const random = createRandom(seed);
  const disk = createFaultyDisk(random);
  if (crashAt !== undefined) disk.crashAt = crashAt;
  const world = createWorld(random, disk, bug, crashAt === undefined);
  try {
    for (let i = 0; i < events; i++) world.live();
    world.recover();
    return { boots: world.boots(), steps: disk.steps };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { boots: world.boots(), steps: disk.steps, violation: error.message };
  }
}

class Violation extends Error {}

function createWorld(random: Random, disk: FaultyDisk, bug: PlantedBug | undefined, randomCrashes: boolean) {
  const bundles = new Map<string, Bundle>();
  const unconfirmed = new Map<string, number>();
  const neutral = new Map<string, number>();
  const failed = new Set<string>();
  const confirmed = new Set<string>();
  let binary = 'bin-1';
  let embedded = 1;
  let published = 1;
  let highest = 1;
  let boots = 0;
  let launchId: number | undefined;
  let running: Bundle | undefined;
  let directive = false;
  let good: string | undefined;
  const crashMarks = new Map<string, number>();
  /** Bundles whose launch was counted although the phone died before it. */
  const unseen = new Set<string>();

  const hash = (n: number): string => n.toString(16).padStart(4, '0').repeat(16);
  const check = (holds: boolean, words: string): void => {
    if (!holds) throw new Violation(`${words} (boot ${boots})`);
  };
  const slot = (name: string): SlotState<IntentRecord> => {
    const bytes = disk.contents.get(name);
    return bytes === undefined ? { kind: 'absent' } : safeParseIntentRecord(bytes);
  };
  const bootSlots = () =>
    BOOT_SLOTS.map((name) => {
      const bytes = disk.contents.get(name);
      return bytes === undefined ? ({ kind: 'absent' } as const) : safeParseBootRecord(bytes);
    }) as unknown as BootInput['boot'];

  const writeIntent = (change: (record: IntentRecord) => IntentRecord): void => {
    const { record = EMPTY_INTENT, writeSlot } = selectSlot([slot(INTENT_SLOTS[0]), slot(INTENT_SLOTS[1])]);
    const next = change(record);
    if (next !== record) disk.writeDurable(INTENT_SLOTS[writeSlot], encodeIntentRecord(next));
  };

  /** Runs a piece of the phone's work; true when it died in the middle. */
  const dies = (work: () => void): boolean => {
    try {
      work();
    } catch (error) {
      // A full disk or a dead phone: the work is not done.
      if (!(error instanceof PowerCut || error instanceof DiskFull)) throw error;
    }
    const died = disk.dead;
    disk.dead = false;
    return died;
  };

  const environment = (otherProcess: boolean) => ({
    binaryId: bug === 'no-binary-check' ? 'same' : binary,
    embeddedVersionCode: embedded,
    isIntact: (sha: string) => bug === 'no-hash-check-at-boot' || bundles.get(sha)?.intact === true,
    lockAcquired: !otherProcess,
  });

  const boot = (otherProcess = false): void => {
    boots++;
    launchId = undefined;
    running = undefined;
    let decision: BootDecision | undefined;
    const writesBefore = disk.writes;
    const healthyBefore = healthyFallback();
    const sequenceBefore = selectSlot(bootSlots()).record?.sequence ?? 0;
    const died = dies(() => {
      decision = bug === undefined ? runBoot(disk, environment(otherProcess)) : runBuggyBoot(otherProcess);
    });
    if (disk.locked || otherProcess)
      check(disk.writes === writesBefore, 'I12: a locked or second process wrote');
    if (decision === undefined) return;
    const { record } = selectSlot(bootSlots());
    const reasons = decision.reasons.filter(({ code }) => code !== 'write-failed');
    // What was not written has not happened, and the next boot decides again; what was written has, even if the phone died.
    const written = record !== undefined && record.sequence > sequenceBefore;
    if (written) learn(reasons);
    if (!died) watch(decision, healthyBefore, otherProcess);
    else if (written && record.currentState === 'P') unseen.add(record.currentSha256Hex);
  };

  const runBuggyBoot = (otherProcess: boolean): BootDecision => {
    let input = readBootInput(disk, environment(otherProcess));
    if (bug === 'any-confirmation-counts')
      input = { ...input, intent: input.intent.map((state) => confirmCurrent(state, input)) as never };
    if (bug === 'failed-bundles-may-return')
      input = { ...input, boot: input.boot.map(withoutFailures) as never };
    if (bug === 'versions-may-fall') input = { ...input, intent: input.intent.map(asDirective) as never };
    if (bug === 'unknown-ends-not-counted' && input.markers !== 'locked') {
      input = { ...input, markers: [...input.markers, { kind: 'bg', launchId: openLaunch(input) }] };
    }
    if (bug === 'background-counted-as-crash' && input.markers !== 'locked') {
      input = {
        ...input,
        markers: input.markers.map((marker) =>
          marker.kind === 'bg' ? { ...marker, kind: 'crash' as const } : marker,
        ),
      };
    }
    const decision = decideBoot(input);
    if (decision.write === undefined) return decision;
    if (bug === 'persist-after-launch' && random.once(2)) return decision;
    try {
      const name = bug === 'one-slot-in-place' ? BOOT_SLOTS[0] : decision.write.slot;
      if (bug === 'one-slot-in-place') disk.contents.delete(BOOT_SLOTS[1]);
      disk.writeDurable(name, encodeBootRecord(decision.write.record));
    } catch (error) {
      if (error instanceof PowerCut) throw error;
      if (bug === 'markers-deleted-although-write-failed')
        for (const name of decision.deletes) disk.remove(name);
      return bug === 'launch-although-disk-full' ? decision : decideWithoutWrite(input, decision);
    }
    for (const name of decision.deletes) disk.remove(name);
    return decision;
  };

  /** The bundle that was last confirmed, where it could run now: from memory, not from the disk that may have lost it. */
  function healthyFallback(): string | undefined {
    return good !== undefined && bundles.get(good)?.intact === true && !failed.has(good) ? good : undefined;
  }

  /** Takes over what the device remembers from now on. */
  const learn = (reasons: BootDecision['reasons']): void => {
    for (const { code, sha256Hex = '' } of reasons) {
      if (code === 'both-slots-corrupt') forget();
      if (code === 'directive') directive = true;
      if (code === 'confirmed') {
        good = sha256Hex;
        crashMarks.delete(sha256Hex);
      }
      if (code === 'failed') {
        failed.add(sha256Hex);
        check(
          (unconfirmed.get(sha256Hex) ?? 0) + (crashes.get(sha256Hex) ?? 0) > 0 ||
            unseen.has(sha256Hex) ||
            (neutral.get(sha256Hex) ?? 0) >= MAX_NEUTRAL,
          'I11: a bundle failed by ends in the background alone',
        );
      }
      if (code === 'retried') {
        failed.delete(sha256Hex);
        unconfirmed.delete(sha256Hex);
        neutral.delete(sha256Hex);
      }
      if (code === 'staged') {
        const { versionCode = 0 } = bundles.get(sha256Hex) ?? {};
        check(versionCode > highest, 'I6: a version that is not higher was accepted');
        highest = Math.max(highest, versionCode);
        // What crashed on probation counts as failed when it is replaced; crashes from its healthy days are forgiven.
        crashMarks.delete(sha256Hex);
      }
    }
  };

  const watch = (
    { launch, reasons }: BootDecision,
    healthyBefore: string | undefined,
    otherProcess: boolean,
  ): void => {
    const givenUp = new Set(failed);
    for (const { code, sha256Hex } of reasons)
      if (code === 'failed' && sha256Hex !== undefined) givenUp.add(sha256Hex);
    if (launch.kind === 'embedded') {
      const asked =
        directive || otherProcess || disk.locked || reasons.some(({ code }) => code === 'host-error');
      check(
        asked || healthyBefore === undefined || givenUp.has(healthyBefore),
        'I8: embedded runs although a healthy bundle is there',
      );
      directive = false;
      return;
    }
    directive = false;
    const bundle = bundles.get(launch.sha256Hex);
    check(bundle?.intact === true, 'I1: bytes run that are not what was verified');
    if (bundle === undefined) return;
    check(bundle.binary === binary, 'I5: a bundle of another binary runs');
    check(!failed.has(launch.sha256Hex), 'I4: a failed bundle runs again');
    if (launch.pending) {
      const used = (unconfirmed.get(launch.sha256Hex) ?? 0) + 1;
      unconfirmed.set(launch.sha256Hex, used);
      check(
        used <= MAX_UNCONFIRMED + (neutral.get(launch.sha256Hex) ?? 0),
        'I2: an unconfirmed bundle was launched too often',
      );
      check(
        (crashMarks.get(launch.sha256Hex) ?? 0) < 2,
        'I2: a bundle runs on probation after two crashes that left a mark',
      );
    } else {
      check(confirmed.has(launch.sha256Hex), 'I10: a bundle counts as healthy that never confirmed a launch');
    }
    launchId = launch.launchId;
    running = bundle;
  };
  const crashes = new Map<string, number>();

  /** Everything that was known of this phone is gone, as when the app is installed anew. */
  const forget = (): void => {
    failed.clear();
    unconfirmed.clear();
    neutral.clear();
    confirmed.clear();
    crashMarks.clear();
    good = undefined;
    highest = embedded;
  };

  const mark = (kind: MarkerKind): void => {
    if (launchId === undefined) return;
    const name = markerName({ kind, launchId });
    dies(() => disk.writeDurable(name, new Uint8Array(1)));
    // What counts is what is on the disk, whether the phone died or not.
    if (kind === 'crash' && running !== undefined && disk.contents.has(name)) {
      crashMarks.set(running.sha256Hex, (crashMarks.get(running.sha256Hex) ?? 0) + 1);
    }
    if (kind === 'bg' && running !== undefined && disk.contents.has(name)) {
      neutral.set(running.sha256Hex, (neutral.get(running.sha256Hex) ?? 0) + 1);
    }
  };

  const runApp = (): void => {
    if (running === undefined) return;
    const { nature, sha256Hex } = running;
    const turn = nature === 'flaky' ? random.pick(['good', 'crashes', 'dies', 'away'] as const) : nature;
    if (random.once(6)) {
      mark('bg');
      return;
    }
    if (turn === 'good') {
      const id = launchId;
      if (id === undefined) return;
      dies(() => writeIntent((record) => acknowledgeIntent(record, id)));
      const { record } = selectSlot([slot(INTENT_SLOTS[0]), slot(INTENT_SLOTS[1])]);
      if (record?.acknowledgedLaunchId === id) {
        confirmed.add(sha256Hex);
        unconfirmed.delete(sha256Hex);
      }
    } else if (turn === 'crashes') {
      crashes.set(sha256Hex, (crashes.get(sha256Hex) ?? 0) + 1);
      mark('crash');
    } else if (turn === 'hangs') {
      crashes.set(sha256Hex, (crashes.get(sha256Hex) ?? 0) + 1);
      mark('timeout');
    } else if (turn === 'away') {
      mark('bg');
    }
  };

  const stage = (nature: Bundle['nature'], withDirective = false): void => {
    published++;
    const bundle: Bundle = {
      binary,
      intact: true,
      nature,
      sha256Hex: hash(published),
      versionCode: published,
    };
    bundles.set(bundle.sha256Hex, bundle);
    request(bundle, withDirective);
  };
  const request = (bundle: Bundle, withDirective: boolean): void => {
    dies(() =>
      writeIntent((record) =>
        stageIntent(record, selectSlot(bootSlots()).record?.requestId ?? 0, {
          binaryId: bundle.binary,
          directive: withDirective,
          retryToken: 0,
          stage: bundle.sha256Hex,
          versionCode: bundle.versionCode,
        }),
      ),
    );
  };

  const live = (): void => {
    if (randomCrashes) disk.crashAt = random.once(4) ? [disk.steps + 1 + random.below(12)] : [];
    const event = random.below(20);
    disk.full = event === 0;
    disk.locked = event === 1;
    if (event === 2) {
      binary = `bin-${embedded + 1}`;
      embedded = Math.max(embedded + 1, 1);
      published = Math.max(published, embedded);
      forget();
    } else if (event === 3) {
      const victims = Array.from(bundles.values());
      if (victims.length > 0) random.pick(victims).intact = false;
    } else if (event === 4) {
      const old = Array.from(bundles.values());
      if (old.length > 0) request(random.pick(old), false);
    } else if (event === 12) {
      const old = Array.from(bundles.values()).filter((bundle) => bundle.binary === binary);
      if (old.length > 0) {
        // The same bytes under a new number.
        const again = random.pick(old);
        again.versionCode = ++published;
        request(again, false);
      }
    } else if (event <= 10) {
      stage(random.pick(['good', 'good', 'crashes', 'hangs', 'dies', 'flaky'] as const));
    }
    boot(event === 11);
    runApp();
    disk.full = false;
    disk.locked = false;
  };

  /** Faults stop, a good release is published: it has to run soon. */
  const recover = (): void => {
    disk.crashAt = [];
    disk.full = false;
    disk.locked = false;
    boot();
    runApp();
    stage('good');
    const wanted = hash(published);
    for (let i = 0; i < 3; i++) {
      boot();
      if (running?.sha256Hex === wanted) return;
      runApp();
    }
    check(false, 'I7: a good release does not run within three boots');
  };

  const confirmCurrent = (state: SlotState<IntentRecord>, input: BootInput): SlotState<IntentRecord> =>
    state.kind === 'record' && state.record.acknowledgedLaunchId > 0
      ? { kind: 'record', record: { ...state.record, acknowledgedLaunchId: openLaunch(input) } }
      : state;

  return { boots: () => boots, live, recover };
}

function openLaunch({ boot }: BootInput): number {
  return selectSlot(boot).record?.launchId ?? 0;
}

function withoutFailures(state: BootInput['boot'][number]): BootInput['boot'][number] {
  return state.kind === 'record' ? { kind: 'record', record: { ...state.record, failed: [] } } : state;
}

function asDirective(state: SlotState<IntentRecord>): SlotState<IntentRecord> {
  return state.kind === 'record' ? { kind: 'record', record: { ...state.record, directive: true } } : state;
}
