import { type BootRecord, safeParseBootRecord, BOOT_SLOTS } from '../boot-record.ts';
import type { BootDecision, BootReasonCode, Launch } from '../decide-boot.ts';
import { INTENT_SLOTS, type IntentRecord, safeParseIntentRecord } from '../intent-record.ts';
import { parseMarkerName } from '../marker.ts';
import { selectSlot, type SlotPair } from '../slots.ts';
import type { HashHex, SlotReading } from '../text-record.ts';
import type { FaultyDisk } from './faulty-disk.ts';

/** What breaks an invariant, in words that begin with its name. */
export class Violation extends Error {}

/** A bundle that was published, and what became of its file on the phone. */
export interface SimulatedBundle {
  readonly sha256Hex: string;
  /** Rises when the same bytes are published again. */
  versionCode: number;
  readonly binaryId: string;
  /** How its launches go. */
  readonly nature: 'good' | 'crashes' | 'hangs' | 'dies' | 'flaky';
  /** Raised in the signed index to let a bundle that failed without evidence try again. */
  retryToken: number;
  intact: boolean;
}

/** Unconfirmed launches that a bundle may have, besides those that ended in the background (I2). */
const MAX_UNCONFIRMED = 4;
const MAX_NEUTRAL = 10;
const MAX_CRASHES = 2;
/** Reasons by which a bundle becomes the current one. */
const ACCEPTED: readonly BootReasonCode[] = ['staged', 'reinstalled', 'retried', 'directive'];

/** What the boot code could not know better than we do. */
export interface BootCircumstances {
  readonly isReadOnly: boolean;
  readonly isSecondProcess: boolean;
}

/**
 * Looks at a phone from outside and holds it to the invariants of docs/spec/lifecycle.md. It believes what it sees happen (launches,
 * confirmations, marks on the disk, faults) and, of the boot code's own words, only when something was failed, staged or given up.
 */
export interface PhoneWatch {
  readonly bundles: Map<string, SimulatedBundle>;
  boots: number;
  check(holds: boolean, words: string): void;
  /** The records as they are on the disk now. */
  boot(): SlotPair<BootRecord>;
  intent(): SlotPair<IntentRecord>;
  /** Another binary was installed. */
  binaryChanged(binaryId: string, embeddedVersionCode: number): void;
  /** Around every boot: what was true before it, to be handed to the other two. */
  before(): BeforeBoot;
  /** The boot came to an end and launches what it says. */
  booted(before: BeforeBoot, decision: BootDecision, circumstances: BootCircumstances): void;
  /** The phone died during the boot; what it had written shows at the next one. */
  diedIn(before: BeforeBoot, decision: BootDecision | undefined): void;
  confirmed(sha256Hex: string): void;
  /** Its file is gone or worth nothing, until somebody downloads it again. */
  damaged(sha256Hex: string): void;
  /** A clean-up is about to remove these. */
  cleaningUp(removed: readonly string[], running: string | undefined): void;
  /** Both records were destroyed, and with them all that the phone knew. */
  wornOut(): void;
}

/** See {@link PhoneWatch.before}. */
export interface BeforeBoot {
  readonly sequence: number;
  readonly writes: number;
  readonly evidence: readonly string[];
  /** The good bundle and the one before it. */
  readonly healthy: readonly (string | undefined)[];
  /** By the record on the disk, which a boot that died may have written. */
  readonly givenUp: readonly string[];
  /** Whether the request that stands there is a signed directive. */
  readonly isDirective: boolean;
  readonly launched: { readonly launchId: number; readonly sha256Hex: string } | undefined;
}

export function createPhoneWatch(disk: FaultyDisk, hashHex?: HashHex): PhoneWatch {
  const bundles = new Map<string, SimulatedBundle>();
  const readings = new WeakMap<Uint8Array, SlotReading<never>>();
  let binaryId = 'bin-1';
  let embedded = 1;
  /** Highest version accepted. */
  let highest = 1;
  let good: string | undefined;
  let previous: string | undefined;
  let directive = false;
  let isWornOut = false;
  let launched: BeforeBoot['launched'];
  /** Boots that died: they have happened once a later one has built on their record, and flushed it with its own. */
  let unsettled: { readonly sequence: number; readonly givesUp: boolean; readonly apply: () => void }[] = [];
  const unconfirmed = new Map<string, number>();
  const neutral = new Map<string, number>();
  const crashMarks = new Map<string, number>();
  const failed = new Set<string>();
  const everCrashed = new Set<string>();
  const confirmed = new Set<string>();
  /** Counted launches of boots that died before the launch. */
  const unseen = new Set<string>();

  const read = <R>(name: string, parse: (bytes: Uint8Array, hash?: HashHex) => SlotReading<R>) => {
    const bytes = disk.peek(name);
    if (bytes === undefined) return { kind: 'absent' } as const;
    let reading = readings.get(bytes) as SlotReading<R> | undefined;
    if (reading === undefined) readings.set(bytes, (reading = parse(bytes, hashHex)) as SlotReading<never>);
    return reading;
  };
  const boot = (): SlotPair<BootRecord> => [
    read(BOOT_SLOTS[0], safeParseBootRecord),
    read(BOOT_SLOTS[1], safeParseBootRecord),
  ];
  const intent = (): SlotPair<IntentRecord> => [
    read(INTENT_SLOTS[0], safeParseIntentRecord),
    read(INTENT_SLOTS[1], safeParseIntentRecord),
  ];
  const check = (holds: boolean, words: string): void => {
    if (!holds) throw new Violation(`${words} (boot ${watch.boots})`);
  };
  const count = (counts: Map<string, number>, key: string): number => counts.get(key) ?? 0;
  const add = (counts: Map<string, number>, key: string): void =>
    void counts.set(key, count(counts, key) + 1);
  const evidence = (launchId: number): string[] =>
    (['crash', 'timeout', 'bg'] as const)
      .map((kind) => `${kind}.${launchId}`)
      .filter((name) => disk.peek(name) !== undefined);
  const forget = (): void => {
    for (const known of [failed, everCrashed, confirmed, unseen]) known.clear();
    for (const known of [unconfirmed, neutral, crashMarks]) known.clear();
    good = undefined;
    previous = undefined;
    highest = embedded;
    unsettled = [];
  };
  const isInDoubt = (): boolean => {
    const now = selectSlot(boot()).record?.sequence ?? 0;
    return unsettled.some(({ givesUp, sequence }) => givesUp && sequence <= now);
  };
  const settle = (sequence: number): void => {
    for (const boot of unsettled) if (boot.sequence <= sequence) boot.apply();
    unsettled = [];
  };

  /** It is no fallback any more. */
  const forsake = (sha256Hex: string): void => {
    if (good === sha256Hex) [good, previous] = [previous, undefined];
    if (previous === sha256Hex) previous = undefined;
  };

  /** Versions as they are published now; the same bytes may get another one before a boot that died is settled. */
  const codesNow = (): ReadonlyMap<string, number> =>
    new Map(Array.from(bundles.values(), ({ sha256Hex, versionCode }) => [sha256Hex, versionCode]));
  const retry = (sha256Hex: string): void => {
    check(!everCrashed.has(sha256Hex), 'I4: a bundle that crashed was tried again');
    failed.delete(sha256Hex);
    for (const known of [unconfirmed, neutral, crashMarks]) known.delete(sha256Hex);
  };

  /** Takes over what the device remembers from now on. */
  const learn = (
    before: BeforeBoot,
    { reasons }: BootDecision,
    written: BootRecord | undefined,
    codes: ReadonlyMap<string, number>,
  ): void => {
    const versionCode = (sha256Hex: string): number => codes.get(sha256Hex) ?? 0;
    const kinds = before.evidence.map((name) => parseMarkerName(name)?.kind);
    for (const { code, sha256Hex = '' } of reasons) {
      switch (code) {
        case 'both-slots-corrupt':
          check(isWornOut, 'I3: both records are unreadable, although nothing but writes was cut off');
          isWornOut = false;
          break;
        case 'confirmed':
          if (good !== sha256Hex) [previous, good] = [good, sha256Hex];
          // Not when JavaScript says it: a power cut may take a confirmation that was killed on its way to the disk.
          for (const known of [unconfirmed, neutral, crashMarks, everCrashed]) known.delete(sha256Hex);
          break;
        case 'crashed':
        case 'timed-out':
        case 'ended-neutral':
        case 'ended-unknown':
          if (kinds.includes('crash') || kinds.includes('timeout')) {
            add(crashMarks, sha256Hex);
            everCrashed.add(sha256Hex);
          } else if (kinds.includes('bg')) add(neutral, sha256Hex);
          break;
        case 'failed':
          failed.add(sha256Hex);
          forsake(sha256Hex);
          check(
            count(unconfirmed, sha256Hex) > count(neutral, sha256Hex) ||
              count(crashMarks, sha256Hex) > 0 ||
              unseen.has(sha256Hex) ||
              count(neutral, sha256Hex) >= MAX_NEUTRAL,
            'I11: a bundle failed by ends in the background alone',
          );
          break;
        case 'retried':
          retry(sha256Hex);
          break;
        case 'directive':
          // Also one that was given up without a word, because it was replaced.
          if (
            (failed.has(sha256Hex) || before.givenUp.includes(sha256Hex)) &&
            (bundles.get(sha256Hex)?.retryToken ?? 0) > 0
          )
            retry(sha256Hex);
          check(before.isDirective, 'I6: the way back was taken without a signed directive');
          directive = true;
          // Which of the two is still allowed is the boot code's to know; what is certain is the target.
          good = sha256Hex !== '' && sha256Hex === good ? good : undefined;
          previous = undefined;
          crashMarks.delete(sha256Hex);
          highest = Math.max(highest, versionCode(sha256Hex));
          break;
        case 'bundle-damaged':
          forsake(sha256Hex);
          break;
        case 'reinstalled':
          crashMarks.delete(sha256Hex);
          // Crashes from its healthy days are forgiven.
          if (confirmed.has(sha256Hex)) everCrashed.delete(sha256Hex);
          break;
        case 'renumbered':
          highest = Math.max(highest, versionCode(sha256Hex));
          break;
        case 'staged':
          check(versionCode(sha256Hex) > highest, 'I6: a version that is not higher was accepted');
          highest = Math.max(highest, versionCode(sha256Hex));
          // What crashed on probation counts as failed when it is replaced; crashes from its healthy days are forgiven.
          crashMarks.delete(sha256Hex);
          everCrashed.delete(sha256Hex);
          break;
        default:
      }
      // A bundle that was good before is good at once, and changes places with the one that is.
      const isGoodAtOnce =
        ACCEPTED.includes(code) &&
        written !== undefined &&
        written.currentSha256Hex === sha256Hex &&
        written.currentState === 'H';
      if (isGoodAtOnce && good !== sha256Hex) [previous, good] = [good, sha256Hex];
    }
  };

  const watchLaunch = (
    launch: Launch,
    { reasons }: BootDecision,
    { givenUp: givenUpBefore, healthy }: BeforeBoot,
    { isReadOnly, isSecondProcess }: BootCircumstances,
  ): void => {
    const givenUp = new Set([...failed, ...givenUpBefore]);
    for (const { code, sha256Hex } of reasons)
      if (code === 'failed' && sha256Hex !== undefined) givenUp.add(sha256Hex);
    const wasDirective = directive || reasons.some(({ code }) => code === 'directive');
    directive = false;
    launched = undefined;
    if (launch.kind === 'embedded') {
      // Two are remembered: one that is confirmed now takes the place of the older one.
      const promoted = reasons.find(({ code }) => code === 'confirmed')?.sha256Hex;
      const kept = promoted === undefined || promoted === healthy[0] ? healthy : [promoted, healthy[0]];
      const fallback = kept.find(
        (one) => one !== undefined && bundles.get(one)?.intact === true && !givenUp.has(one),
      );
      check(
        isReadOnly || isSecondProcess || wasDirective || fallback === undefined,
        'I8: embedded runs although a healthy bundle is there',
      );
      return;
    }
    const { sha256Hex, pending, launchId } = launch;
    const bundle = bundles.get(sha256Hex);
    check(bundle?.intact === true, 'I1: bytes run that are not what was verified');
    check(bundle?.binaryId === binaryId, 'I5: a bundle of another binary runs');
    check(!failed.has(sha256Hex), 'I4: a failed bundle runs again');
    if (pending) {
      add(unconfirmed, sha256Hex);
      check(
        count(unconfirmed, sha256Hex) <= MAX_UNCONFIRMED + count(neutral, sha256Hex),
        'I2: an unconfirmed bundle was launched too often',
      );
      check(
        count(crashMarks, sha256Hex) < MAX_CRASHES,
        'I2: a bundle runs on probation after two crashes that left a mark',
      );
      check(launchId !== undefined, 'I2: an unconfirmed bundle runs without being counted');
    } else {
      check(confirmed.has(sha256Hex), 'I10: a bundle counts as healthy that never confirmed a launch');
    }
    if (launchId !== undefined) launched = { launchId, sha256Hex };
  };

  const watch: PhoneWatch = {
    before: () => {
      const open = selectSlot(boot()).record?.launchId ?? 0;
      return {
        evidence: open === 0 ? [] : evidence(open),
        givenUp: (selectSlot(boot()).record?.failed ?? []).map(({ sha256Hex }) => sha256Hex),
        // From memory, not from the disk that may have lost it; what a boot that died has decided is not in it yet.
        healthy: isInDoubt() ? [] : [good, previous],
        isDirective: selectSlot(intent()).record?.directive === true,
        launched,
        sequence: selectSlot(boot()).record?.sequence ?? 0,
        writes: disk.writes,
      };
    },
    binaryChanged: (id, versionCode) => {
      binaryId = id;
      embedded = versionCode;
      forget();
    },
    boot,
    booted: (before, decision, circumstances) => {
      const { isReadOnly, isSecondProcess } = circumstances;
      const { launch, reasons } = decision;
      check(!reasons.some(({ code }) => code === 'host-error'), 'I3: the boot code threw');
      if (isReadOnly || isSecondProcess) {
        check(disk.writes === before.writes, 'I12: a locked, older or second process wrote');
        check(launch.kind === 'embedded', 'I12: a locked, older or second process runs an update');
      }
      const written = (selectSlot(boot()).record?.sequence ?? 0) > before.sequence;
      check(
        written || before.evidence.every((name) => disk.peek(name) !== undefined),
        'I2: the evidence about a launch was removed before it was counted',
      );
      // What was not written has not happened: the next boot decides again.
      if (written) {
        settle(before.sequence);
        learn(before, decision, selectSlot(boot()).record, codesNow());
      }
      watchLaunch(launch, decision, before, circumstances);
    },
    boots: 0,
    bundles,
    check,
    cleaningUp: (removed, running) => {
      // What a boot that died has written may name others; nobody has built on it yet, so a power cut may still take it.
      const isSettled = unsettled.length === 0;
      for (const [what, sha256Hex] of [
        ['the good bundle', isSettled ? good : undefined],
        ['the bundle before it', isSettled ? previous : undefined],
        ['the bundle that runs', running],
        ['the bundle that waits', waiting()],
      ] as const) {
        const isNeeded = sha256Hex !== undefined && bundles.get(sha256Hex)?.binaryId === binaryId;
        check(!isNeeded || !removed.includes(sha256Hex), `I9: the clean-up removes ${what}`);
      }
    },
    confirmed: (sha256Hex) => void confirmed.add(sha256Hex),
    damaged: (sha256Hex) => {
      const bundle = bundles.get(sha256Hex);
      if (bundle !== undefined) bundle.intact = false;
    },
    diedIn: (before, decision) => {
      launched = undefined;
      if (decision === undefined) return;
      const { record } = selectSlot(boot());
      const codes = codesNow();
      const isWritten = record !== undefined && record.sequence > before.sequence;
      const counted = isWritten && record.currentState === 'P' ? record.currentSha256Hex : undefined;
      // It had nothing to build on but what was there.
      unsettled = unsettled.filter(({ sequence }) => sequence <= before.sequence);
      unsettled.push({
        apply: () => {
          learn(before, decision, record, codes);
          if (counted !== undefined) unseen.add(counted);
        },
        givesUp: decision.reasons.some(({ code }) => code === 'directive' || code === 'bundle-damaged'),
        sequence: before.sequence + 1,
      });
    },
    intent,
    wornOut: () => {
      isWornOut = true;
      forget();
    },
  };
  /** A request that no boot has consumed yet. */
  const waiting = (): string | undefined => {
    const { record } = selectSlot(intent());
    const consumed = selectSlot(boot()).record?.requestId ?? 0;
    return record !== undefined && record.requestId > consumed ? record.stage : undefined;
  };
  return watch;
}
