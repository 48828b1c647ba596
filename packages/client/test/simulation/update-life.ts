// Lives of phones with the whole engine: the real client over a faulty disk, network and clock, against a real channel's history.
import {
  type CheckResult,
  type Client,
  type ClientPorts,
  createClient,
  LAUNCH_FILE,
  readInstalled,
} from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import {
  createFaultyNetwork,
  createSimulatedTime,
  diskPorts,
  type NetworkFault,
} from '@kivyx-ota/client/simulation';
import { isOtaError } from '@kivyx-ota/core';
import { es256, type SignatureAlgorithm } from '@kivyx-ota/cose';
import { type BootDecision, type MarkerKind, markerName, runBoot, selectSlot } from '@kivyx-ota/lifecycle';
import {
  createFaultyDisk,
  createPhoneWatch,
  createRandom,
  diskRecords,
  Violation,
} from '@kivyx-ota/lifecycle/simulation';
import { BASE_URL, SCOPE, START_MS, trustedKeyHex } from '../suite/world.ts';
import { EMBEDDED, type History } from './history.ts';

/** Mistakes of a client or of its ports; each must be noticed. */
export const CLIENT_BUGS = [
  'probation-by-the-wall-clock',
  'files-are-not-hashed',
  'folder-renamed-unflushed',
  'index-order-forgotten',
  'clean-up-keeps-nothing',
  'throws-what-it-likes',
] as const;
export type ClientBug = (typeof CLIENT_BUGS)[number];

export interface UpdateLife {
  readonly seed: number;
  readonly history: History;
  readonly hashHex: (bytes: Uint8Array) => string;
  readonly bug?: ClientBug;
  /** Starts of the app. Default 12. */
  readonly starts?: number;
}

export interface UpdateOutcome {
  readonly starts: number;
  readonly answers: number;
  readonly steps: number;
  /** Updates that were downloaded, and how many of these by a patch. */
  readonly downloads: number;
  readonly patches: number;
  readonly violation?: string;
}

const NETWORK_FAULTS: readonly NetworkFault[] = [
  'unreachable',
  'breaks',
  'breaks',
  'cut-off',
  'bit-flip',
  'captive-portal',
  'busy',
  'no-ranges',
  'other-tag',
  'redirect',
  'bare',
];
const TEN_YEARS_MS = 10 * 365 * 86_400_000;
const PROBATION_MS = 60_000;
/** An update takes some hundred steps of the disk. */
const STEPS_AHEAD = 300;

/** One signature is verified once, however many lives meet it. */
const verified = new Map<string, boolean>();
const rememberingEs256: SignatureAlgorithm = {
  ...es256,
  verify: (raw, message, signature) => {
    const key = `${String(raw)} ${String(signature)} ${String(message)}`;
    let isGood = verified.get(key);
    if (isGood === undefined) {
      isGood = es256.verify(raw, message, signature);
      // Flipped bits are no use to anybody twice.
      if (isGood) verified.set(key, isGood);
    }
    return isGood;
  },
};

/** One life. Deterministic: the same seed gives the same outcome. */
export async function liveWithUpdates(life: UpdateLife): Promise<UpdateOutcome> {
  const phone = createPhone(life);
  const { starts = 12 } = life;
  try {
    for (let i = 0; i < starts; i++) await phone.live();
    await phone.recover();
    return phone.outcome();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { ...phone.outcome(), violation: error.message };
  }
}

function createPhone({ bug, hashHex, history, seed }: UpdateLife) {
  const { releases, stages } = history;
  const random = createRandom(seed);
  const disk = createFaultyDisk(random);
  const time = createSimulatedTime(START_MS);
  let stage = 0;
  let served = 0;
  const network = createFaultyNetwork(random, BASE_URL, (path) => stages[served]?.files.get(path), time);
  const watch = createPhoneWatch(disk, hashHex);
  const { check } = watch;
  const hashes = new WeakMap<Uint8Array, string>();
  const hashOf = (path: string): string | undefined => {
    const bytes = disk.peek(path);
    if (bytes === undefined) return undefined;
    let hash = hashes.get(bytes);
    if (hash === undefined) hashes.set(bytes, (hash = hashHex(bytes)));
    return hash;
  };
  const isIntact = (sha256Hex: string): boolean =>
    hashOf(`bundles/${sha256Hex}/${LAUNCH_FILE}`) === sha256Hex;
  for (const { launchSha256Hex: sha256Hex, versionCode } of releases) {
    const isLast = sha256Hex === history.last.launchSha256Hex;
    watch.bundles.set(sha256Hex, {
      binaryId: 'bin-1',
      get intact() {
        return isIntact(sha256Hex);
      },
      set intact(_ignored) {
        throw new Error('the disk says it');
      },
      nature: isLast ? 'good' : random.pick(['good', 'good', 'crashes', 'hangs', 'dies', 'flaky'] as const),
      retryToken: 1,
      sha256Hex,
      versionCode,
    });
  }
  const counts = { downloads: 0, patches: 0 };
  let seen = { epoch: 0, sequence: 0 };
  /** Seen by a listener, where an exception would be nobody's. */
  let noticed: string | undefined;
  let launch: { readonly launchId?: number; readonly sha256Hex: string } | undefined;
  let decision: BootDecision | undefined;

  /** Until the process has nothing left to do: what it still does on the dead disk fails. */
  const bury = async (): Promise<boolean> => {
    const died = disk.dead;
    time.forgetSleepers();
    for (let i = died ? 200 : 0; i > 0; i--) await Promise.resolve();
    disk.dead = false;
    return died;
  };

  const boot = async (): Promise<void> => {
    watch.boots++;
    launch = undefined;
    decision = undefined;
    const before = watch.before();
    const records = diskRecords(disk);
    decision = runBoot(records, {
      binaryId: 'bin-1',
      embeddedVersionCode: 1,
      hashHex,
      isIntact,
      lockAcquired: true,
    });
    if (await bury()) {
      watch.diedIn(before, decision);
      decision = undefined;
      return;
    }
    watch.booted(before, decision, { isReadOnly: disk.locked, isSecondProcess: false });
    if (decision.launch.kind === 'bundle') launch = decision.launch;
    if (launch !== undefined) await checkWhole(launch.sha256Hex);
  };

  /** Not the launch file alone: everything that its manifest names. */
  const checkWhole = async (sha256Hex: string): Promise<void> => {
    const folder = `bundles/${sha256Hex}`;
    const peekOnly = { read: async (path: string) => disk.peek(path) };
    const manifest = await readInstalled(peekOnly as ClientPorts['files'], sha256Hex);
    check(manifest !== undefined, 'I1: a release runs without its manifest');
    for (const { path, sha256Hex: hash } of manifest?.assets ?? [])
      check(hashOf(`${folder}/${path}`) === hash, `I1: a release runs whose ${path} is not what was signed`);
  };

  const snapshot = () => {
    const { record } = selectSlot(watch.boot());
    const { launch: done, reasons = [] } = decision ?? {};
    const keep = watch
      .boot()
      .flatMap((slot) =>
        slot.kind === 'record'
          ? [slot.record.currentSha256Hex, slot.record.goodSha256Hex, slot.record.previousSha256Hex]
          : [],
      )
      .filter((hash) => hash !== '');
    return {
      binaryId: 'bin-1',
      consumedRequestId: record?.requestId ?? 0,
      failed: record?.failed ?? [],
      highestVersionCode: Math.max(record?.highestVersionCode ?? 0, record?.rejectUpTo ?? 0, 1),
      keep: bug === 'clean-up-keeps-nothing' ? [] : keep,
      pending: done?.kind === 'bundle' && done.pending,
      reasons,
      running: done?.kind === 'bundle' ? done.sha256Hex : 'embedded',
      versionCode: done?.kind === 'bundle' ? done.versionCode : 1,
      ...(done?.kind === 'bundle' && done.launchId !== undefined ? { launchId: done.launchId } : {}),
    };
  };

  const mark = (kind: MarkerKind): void => {
    if (launch?.launchId === undefined) return;
    const name = markerName({ kind, launchId: launch.launchId });
    disk.write(name, Uint8Array.of(1));
    disk.flush(name);
  };

  const portsOfProcess = (): ClientPorts => {
    const { files, records } = diskPorts(disk, { hashHex });
    const own = snapshot();
    const { timer } = time;
    return {
      boot: {
        markTimeout: async () => mark('timeout'),
        read: async () =>
          ({
            ...snapshot(),
            launchId: own.launchId,
            pending: own.pending,
            running: own.running,
            versionCode: own.versionCode,
          }) as never,
        restart: async () => undefined,
      },
      clock: time.clock,
      embedded: { read: async () => EMBEDDED, versionCode: 1 },
      files: {
        ...files,
        ...(bug === 'files-are-not-hashed'
          ? {
              sha256File: async (path) => {
                const hash = await files.sha256File(path);
                return hash === undefined ? undefined : (/([0-9a-f]{64})/.exec(path)?.[1] ?? hash);
              },
            }
          : {}),
        ...(bug === 'folder-renamed-unflushed' ? { rename: async (from, to) => disk.rename(from, to) } : {}),
      },
      http: network.http,
      random: { bytes: (length) => Uint8Array.from({ length }, () => random.below(256)) },
      records: {
        ...records,
        ...(bug === 'index-order-forgotten'
          ? { read: async (name) => (name.startsWith('trust') ? undefined : records.read(name)) }
          : {}),
      },
      timer: bug === 'probation-by-the-wall-clock' ? wallClockTimer() : timer,
    };
  };

  /** Waits until a date, and looks at it once a second. */
  const wallClockTimer = (): ClientPorts['timer'] => {
    const monotonicMs = (): number => time.clock.nowMs();
    return {
      monotonicMs,
      sleep: async (ms, { unref = false } = {}) => {
        if (!unref) return time.timer.sleep(ms);
        for (const untilMs = monotonicMs() + ms; monotonicMs() < untilMs;)
          await time.timer.sleep(1000, { unref });
      },
    };
  };

  const clientOfProcess = (): Client => {
    const client = createClient({
      algorithms: [rememberingEs256],
      baseUrl: BASE_URL,
      device: { binaryVersion: '1.0.0', deviceId: 'device-1', runtimeVersion: '1' },
      patchDecoder: deltaDecoder,
      ports: portsOfProcess(),
      scope: SCOPE,
      trust: { keys: [trustedKeyHex()] },
    });
    const startedMs = time.timer.monotonicMs();
    client.subscribe((event) => {
      if (event.type === 'patch-hit') counts.patches++;
      const spentMs = time.timer.monotonicMs() - startedMs;
      if (event.type === 'timed-out' && spentMs < PROBATION_MS)
        noticed ??= 'I13: a launch timed out before its time, because the clock was set';
    });
    return client;
  };

  /** Expected: refusals, broken connections, full disks. Anything else is a bug of the engine. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    await attemptQuietly(work);
    check(noticed === undefined, noticed ?? '');
  };
  const attemptQuietly = async (work: () => Promise<void>): Promise<void> => {
    try {
      if (bug === 'throws-what-it-likes' && random.once(20))
        throw new TypeError('undefined is not a function');
      await work();
    } catch (error) {
      const isBug = error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
      if (error instanceof Violation) throw error;
      check(!isBug, `I3: the client threw ${String(error)}`);
      const isKnown = isOtaError(error) || disk.dead || disk.full || disk.locked;
      check(isKnown || /gone|died|cannot be/.test(String(error)), `I3: the client threw ${String(error)}`);
    }
  };

  const update = async (client: Client): Promise<void> => {
    const found: CheckResult = await client.checkForUpdate();
    const { epoch, sequence } = found.index;
    check(
      epoch > seen.epoch || (epoch === seen.epoch && sequence >= seen.sequence),
      'I6: an index was believed that is older than one seen before',
    );
    seen = { epoch, sequence };
    const { decision: todo } = found;
    if (todo.action === 'none') return;
    if (todo.action === 'rollback' && todo.to === 'embedded') {
      await client.apply(found);
      return;
    }
    let last = 0;
    const downloaded = await client.download(found, {
      onProgress: ({ receivedBytes }) => {
        if (receivedBytes < last) noticed ??= 'progress went backwards';
        last = receivedBytes;
      },
    });
    counts.downloads++;
    await client.apply(found, downloaded);
  };

  const runApp = async (): Promise<void> => {
    if (decision === undefined) return;
    const bundle = launch === undefined ? undefined : watch.bundles.get(launch.sha256Hex);
    let turn = bundle?.nature ?? 'good';
    if (turn === 'flaky') turn = random.pick(['good', 'crashes', 'dies'] as const);
    if (turn === 'crashes' || turn === 'hangs') {
      await attempt(async () => mark(turn === 'crashes' ? 'crash' : 'timeout'));
      return;
    }
    const client = clientOfProcess();
    await attempt(async () => {
      await client.ensureHealthyOrRollback({ pendingTimeoutMs: PROBATION_MS });
    });
    if (random.once(4)) {
      // A traveller, or somebody who wants more lives in a game.
      time.setWallClock(START_MS + (random.below(3) - 1) * TEN_YEARS_MS + random.below(86_400_000));
      await time.pass(1);
    }
    await time.pass(random.below(PROBATION_MS / 2));
    if (turn === 'dies') {
      // Hangs: the client marks that itself, unless the app is closed before.
      if (random.once(3)) await time.pass(PROBATION_MS);
      return;
    }
    const isFirst = random.once(2);
    if (!isFirst) await attempt(() => update(client));
    if (!random.once(5)) {
      await attempt(() => client.markHealthy());
      const { record } = selectSlot(watch.intent());
      if (launch !== undefined && record?.acknowledgedLaunchId === launch.launchId)
        watch.confirmed(launch.sha256Hex);
    }
    if (isFirst) await attempt(() => update(client));
    if (random.once(4) && !disk.dead) {
      const before = installed();
      await attempt(() => client.cleanUp());
      const after = installed();
      const removed = before.filter((name) => !after.includes(name));
      watch.cleaningUp(removed, launch?.sha256Hex);
    }
    if (random.once(6)) await attempt(async () => mark('bg'));
  };
  const installed = (): readonly string[] =>
    releases.map(({ launchSha256Hex }) => launchSha256Hex).filter(isIntact);

  return {
    live: async () => {
      if (random.once(2)) stage = Math.min(stages.length - 2, stage + 1 + random.below(2));
      // An old index is shown now and then.
      served = random.once(6) ? random.below(stage + 1) : stage;
      network.faults = random.once(2) ? NETWORK_FAULTS : [];
      const dies = random.once(3);
      disk.full = random.once(15);
      disk.locked = random.once(25);
      disk.crashAt = dies && random.once(3) ? [disk.steps + 1 + random.below(20)] : [];
      await boot();
      if (dies) disk.crashAt = [disk.steps + 1 + random.below(STEPS_AHEAD)];
      await runApp();
      await bury();
      disk.full = false;
      disk.locked = false;
      if (random.once(8)) {
        disk.die('power');
        disk.dead = false;
      }
      // Nobody's clock stays wrong for ever.
      if (random.once(2)) time.setWallClock(START_MS + random.below(86_400_000));
      if (random.once(10)) {
        const victim = random.pick(releases).launchSha256Hex;
        const path = `bundles/${victim}/${LAUNCH_FILE}`;
        if (disk.peek(path) !== undefined) disk.poke(path, Uint8Array.of(0));
      }
    },
    outcome: (): UpdateOutcome => ({
      ...counts,
      answers: network.sent.answers,
      starts: watch.boots,
      steps: disk.steps,
    }),
    recover: async () => {
      stage = served = stages.length - 1;
      network.faults = [];
      disk.crashAt = [];
      time.setWallClock(START_MS + 86_400_000);
      for (let i = 0; i < 4; i++) {
        await boot();
        if (launch?.sha256Hex === history.last.launchSha256Hex) return;
        if (decision === undefined) continue;
        const client = clientOfProcess();
        await update(client);
        await client.markHealthy();
        const { record } = selectSlot(watch.intent());
        if (launch !== undefined && record?.acknowledgedLaunchId === launch.launchId)
          watch.confirmed(launch.sha256Hex);
        time.forgetSleepers();
      }
      check(false, 'I7: a good release does not run within three boots');
    },
  };
}
