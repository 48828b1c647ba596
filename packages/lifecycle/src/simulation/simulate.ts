import { encodeBootRecord, BOOT_SLOTS } from '../boot-record.ts';
import { type BootDecision, decideBoot, decideWithoutWrite } from '../decide-boot.ts';
import { EMPTY_INTENT, encodeIntentRecord, INTENT_SLOTS, type IntentRecord } from '../intent-record.ts';
import { type MarkerKind, markerName } from '../marker.ts';
import { planCleanUp } from '../plan-clean-up.ts';
import { acknowledgeIntent, stageIntent, withdrawIntent } from '../request.ts';
import { readBootInput, runBoot } from '../run-boot.ts';
import { selectSlot } from '../slots.ts';
import type { HashHex } from '../text-record.ts';
import { diskRecords } from './disk-records.ts';
import { createFaultyDisk, type Death, DiskFull, PowerCut } from './faulty-disk.ts';
import { createPhoneWatch, type SimulatedBundle, Violation } from './phone-watch.ts';
import { PLANTED_BUGS, type PlantedBug, type PlantedBugName } from './planted-bugs.ts';
import { createRandom } from './random.ts';

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
  /** Things that happen. Default 16. */
  readonly events?: number;
  /** Steps of the disk in the middle of which the phone dies; default: at random. */
  readonly crashAt?: readonly number[];
  /** How it dies there; default: at random. */
  readonly crashBy?: Death;
  readonly bug?: PlantedBugName;
  /** For the records' checksums; default: plain ECMAScript. */
  readonly hashHex?: HashHex;
}

/** A boot takes about ten steps, one more request of JavaScript five. */
const STEPS_AHEAD = 20;
const NATURES = ['good', 'good', 'crashes', 'hangs', 'dies', 'flaky'] as const;

/**
 * Runs the real boot code through one life of a phone and watches the invariants of docs/spec/lifecycle.md. Deterministic: the same
 * schedule gives the same outcome.
 */
export function simulate(schedule: Schedule): Outcome {
  const phone = createPhone(schedule);
  const { events = 16 } = schedule;
  try {
    for (let i = 0; i < events; i++) phone.live();
    phone.recover();
    return phone.outcome();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { ...phone.outcome(), violation: error.message };
  }
}

interface Phone {
  /** One thing happens, then the app is started. */
  live(): void;
  /** Faults stop, a good release is published: it has to run soon. */
  recover(): void;
  outcome(): Outcome;
}

function createPhone({ bug: bugName, crashAt, crashBy, hashHex, seed }: Schedule): Phone {
  const bug: PlantedBug = bugName === undefined ? {} : PLANTED_BUGS[bugName];
  const random = createRandom(seed);
  const disk = createFaultyDisk(random);
  disk.crashBy = crashBy;
  if (crashAt !== undefined) disk.crashAt = crashAt;
  const files = diskRecords(disk, '', bug.discipline);
  const watch = createPhoneWatch(disk, hashHex);
  const { bundles, check } = watch;
  let binary = 1;
  let published = 1;
  let launchId: number | undefined;
  let running: SimulatedBundle | undefined;

  const hash = (n: number): string => n.toString(16).padStart(4, '0').repeat(16);
  const binaryIdOf = (n: number): string => (bug.checksNoBinary === true ? 'same' : `bin-${n}`);
  const pickBundle = (fits: (bundle: SimulatedBundle) => boolean): SimulatedBundle | undefined => {
    const found = Array.from(bundles.values()).filter(fits);
    return found.length === 0 ? undefined : random.pick(found);
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

  // ── the boot ───────────────────────────────────────────────────────────────────────────────────────────────

  const environment = (isSecondProcess: boolean) => ({
    binaryId: binaryIdOf(binary),
    embeddedVersionCode: binary,
    isIntact: (sha: string) => bug.checksNoHash === true || bundles.get(sha)?.intact === true,
    lockAcquired: !isSecondProcess,
    ...(hashHex === undefined ? {} : { hashHex }),
  });

  const boot = (isSecondProcess = false): void => {
    watch.boots++;
    launchId = undefined;
    running = undefined;
    const before = watch.before();
    const isReadOnly = disk.locked || watch.boot().some(({ kind }) => kind === 'newer');
    let decision: BootDecision | undefined;
    const died = dies(() => {
      const around = environment(isSecondProcess);
      decision = bugName === undefined ? runBoot(files, around) : runBuggyBoot(around);
    });
    if (died || decision === undefined) {
      watch.diedIn(before, decision);
      return;
    }
    watch.booted(before, decision, { isReadOnly, isSecondProcess });
    const { launch } = decision;
    if (launch.kind === 'embedded') return;
    launchId = launch.launchId;
    running = bundles.get(launch.sha256Hex);
  };

  /** `runBoot`, step by step, with a mistake in one of them. */
  const runBuggyBoot = (around: ReturnType<typeof environment>): BootDecision => {
    const seen = readBootInput(files, around);
    if (bug.throwsAtTornRecord === true && seen.boot.some(({ kind }) => kind === 'corrupt'))
      return { deletes: [], launch: { kind: 'embedded' }, reasons: [{ code: 'host-error' }] };
    const input = bug.see === undefined ? seen : bug.see(seen);
    const decision = decideBoot(input);
    if (decision.write === undefined) return decision;
    const isLost = bug.persistsAfterLaunch === true && random.once(2);
    if (isLost) return decision;
    try {
      if (bug.oneSlot === true) disk.poke(BOOT_SLOTS[1], undefined);
      const slot = bug.oneSlot === true ? BOOT_SLOTS[0] : decision.write.slot;
      files.writeDurable(slot, encodeBootRecord(decision.write.record, hashHex));
    } catch {
      if (bug.deletesMarkersAlthoughFull === true) removeAll(decision.deletes);
      return bug.launchesOnFullDisk === true ? decision : decideWithoutWrite(input, decision);
    }
    removeAll(decision.deletes);
    return decision;
  };

  const removeAll = (names: readonly string[]): void => {
    try {
      for (const name of names) files.remove(name);
    } catch {
      // As in runBoot: the next boot tries again.
    }
  };

  // ── JavaScript and the native handlers ─────────────────────────────────────────────────────────────────────

  const writeIntent = (change: (record: IntentRecord) => IntentRecord): void => {
    const { record = EMPTY_INTENT, writeSlot } = selectSlot(watch.intent());
    const next = change(record);
    if (next !== record) files.writeDurable(INTENT_SLOTS[writeSlot], encodeIntentRecord(next, hashHex));
  };
  const consumed = (): number => selectSlot(watch.boot()).record?.requestId ?? 0;

  /** Downloads a bundle, where it is not there, and asks for it. */
  const request = (bundle: SimulatedBundle, directive = false): void => {
    const { sha256Hex, retryToken, versionCode } = bundle;
    bundle.intact = true;
    if (bug.deletesPreviousFirst === true) cleanUp([sha256Hex]);
    dies(() =>
      writeIntent((record) =>
        stageIntent(record, consumed(), {
          binaryId: bug.checksNoBinary === true ? 'same' : bundle.binaryId,
          directive,
          retryToken,
          stage: sha256Hex,
          versionCode,
        }),
      ),
    );
  };
  const backToEmbedded = (): void => {
    dies(() =>
      writeIntent((record) =>
        stageIntent(record, consumed(), {
          binaryId: binaryIdOf(binary),
          directive: true,
          retryToken: 0,
          stage: 'embedded',
          versionCode: binary,
        }),
      ),
    );
  };
  const publish = (nature: SimulatedBundle['nature']): SimulatedBundle => {
    published++;
    const sha256Hex = hash(published);
    const made = {
      binaryId: `bin-${binary}`,
      intact: true,
      nature,
      retryToken: 0,
      sha256Hex,
      versionCode: published,
    };
    bundles.set(sha256Hex, made);
    return made;
  };

  /** `only`: a mistake keeps nothing but these. */
  const cleanUp = (only?: readonly string[]): void => {
    const names = Array.from(bundles.values())
      .filter(({ intact }) => intact)
      .map(({ sha256Hex }) => sha256Hex);
    const removed =
      only === undefined
        ? planCleanUp({
            boot: watch.boot(),
            bundles: names,
            inUse: running === undefined ? [] : [running.sha256Hex],
            intent: watch.intent(),
          })
        : names.filter((name) => !only.includes(name));
    watch.cleaningUp(removed, running?.sha256Hex);
    for (const name of removed) watch.damaged(name);
  };

  const mark = (kind: MarkerKind): void => {
    if (launchId === undefined) return;
    const name = markerName({ kind, launchId });
    dies(() => {
      disk.write(name, Uint8Array.of(1));
      disk.flush(name);
    });
  };

  const runApp = (): void => {
    if (running === undefined) return;
    const { nature, sha256Hex } = running;
    const turn = random.once(6)
      ? 'away'
      : nature === 'flaky'
        ? random.pick(['good', 'crashes', 'dies', 'away'] as const)
        : nature;
    const id = launchId;
    if (turn === 'away') mark('bg');
    else if (turn === 'crashes') mark('crash');
    else if (turn === 'hangs') mark('timeout');
    else if (turn === 'good' && id !== undefined) {
      dies(() => writeIntent((record) => acknowledgeIntent(record, id)));
      if (selectSlot(watch.intent()).record?.acknowledgedLaunchId === id) watch.confirmed(sha256Hex);
      if (random.once(8)) mark('crash');
    }
  };

  // ── what happens to a phone ────────────────────────────────────────────────────────────────────────────────

  const isOfBinary = ({ binaryId }: SimulatedBundle): boolean => binaryId === `bin-${binary}`;

  const happen = (): { readonly isSecondProcess?: true } => {
    const event = random.below(24);
    if (event <= 7) request(publish(random.pick(NATURES)));
    else if (event === 8) disk.full = true;
    else if (event === 9) disk.locked = true;
    else if (event === 10) {
      binary++;
      published = Math.max(published, binary);
      watch.binaryChanged(`bin-${binary}`, binary);
    } else if (event === 11) {
      const victim = pickBundle(() => true);
      if (victim !== undefined) watch.damaged(victim.sha256Hex);
    } else if (event === 12) {
      // Any old release, also one of another binary.
      const old = pickBundle(() => true);
      if (old !== undefined) request(old);
    } else if (event === 13) {
      const again = pickBundle(isOfBinary);
      if (again !== undefined) {
        // The same bytes under a new number.
        again.versionCode = ++published;
        request(again);
      }
    } else if (event === 14) {
      const again = pickBundle(isOfBinary);
      if (again !== undefined) {
        again.retryToken++;
        request(again);
      }
    } else if (event === 15) {
      const target = pickBundle(isOfBinary);
      if (target === undefined || random.once(3)) backToEmbedded();
      else request(target, true);
    } else if (event === 16) return { isSecondProcess: true };
    else if (event === 17) cleanUp();
    else if (event === 18) dies(() => writeIntent((record) => withdrawIntent(record, consumed())));
    else if (event === 19 && random.once(4)) {
      // Both records at once: no fault of a disk that keeps what was flushed, but of one that wears out.
      if (BOOT_SLOTS.some((name) => disk.peek(name) !== undefined)) {
        for (const name of BOOT_SLOTS) disk.poke(name, Uint8Array.of(0));
        watch.wornOut();
      }
    }
    return {};
  };

  return {
    live: () => {
      if (crashAt === undefined)
        disk.crashAt = random.once(4) ? [disk.steps + 1 + random.below(STEPS_AHEAD)] : [];
      const { isSecondProcess = false } = happen();
      if (!disk.locked && random.once(30)) {
        // A newer version of the code was here, and is gone again after one start.
        const name = BOOT_SLOTS[random.below(2)] as string;
        const before = disk.peek(name);
        disk.poke(name, NEWER_RECORD);
        boot(isSecondProcess);
        disk.poke(name, before);
      } else boot(isSecondProcess);
      runApp();
      disk.full = false;
      disk.locked = false;
      // The battery is taken out while nobody writes anything.
      if (random.once(8)) {
        disk.die('power');
        disk.dead = false;
      }
    },
    outcome: () => ({ boots: watch.boots, steps: disk.steps }),
    recover: () => {
      disk.crashAt = [];
      boot();
      runApp();
      const { sha256Hex } = publish('good');
      request(bundles.get(sha256Hex) as SimulatedBundle);
      for (let i = 0; i < 3; i++) {
        boot();
        if (running?.sha256Hex === sha256Hex) return;
        runApp();
      }
      check(false, 'I7: a good release does not run within three boots');
    },
  };
}

const NEWER_RECORD = Uint8Array.from('OTAB2\nsomething else\n', (char) => char.charCodeAt(0));
