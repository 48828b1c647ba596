import type { ClientEvent } from './events.ts';
import type { ForegroundClock } from './foreground-clock.ts';
import { readInstalled } from './installed.ts';
import type { IntentStore } from './intent-store.ts';
import type { BootSnapshot, ClientPorts } from './ports.ts';

/** A bundle that the boot code left behind at this start. */
export interface RolledBack {
  readonly sha256Hex: string;
  /** Absent when its folder is gone. */
  readonly releaseId?: string;
  /** How its last launch ended: `crashed`, `timed-out`, `ended-unknown`, `ended-neutral`. */
  readonly cause: string;
}

/** What {@link Health.ensureHealthyOrRollback} found. */
export interface HealthReport {
  /** `embedded`, `healthy`: confirmed before; `on-probation`: unconfirmed. */
  readonly state: 'embedded' | 'healthy' | 'on-probation';
  readonly versionCode: number;
  readonly releaseId?: string;
  readonly rolledBack: readonly RolledBack[];
}

/** Options of {@link Health.ensureHealthyOrRollback}. */
export interface HealthOptions {
  /** Time in the foreground after which an unconfirmed launch has failed. Default 10 minutes. */
  readonly pendingTimeoutMs?: number;
  /** Confirm by itself after this long in the foreground (30,000 to 60,000 is usual). Default: the app calls `markHealthy()`. */
  readonly confirmAfterMs?: number;
}

const PENDING_TIMEOUT_MS = 600_000;
/** Exits that use up a budget (lifecycle's `Exit`). */
const BAD_ENDS: readonly string[] = ['crashed', 'timed-out', 'ended-neutral', 'ended-unknown'];

/** Probation of the launch that runs. */
export interface Health {
  /**
   * To be called once, early. Reports what the boot did, and watches an unconfirmed launch: when it is not confirmed in time it is
   * marked and the app restarts, so that the boot code falls back by its budgets. A launch that crashes or hangs needs no call: the
   * boot code has counted it before any JavaScript ran.
   */
  ensureHealthyOrRollback(options?: HealthOptions): Promise<HealthReport>;
  /** Confirms this launch; the embedded bundle needs none. */
  markHealthy(): Promise<void>;
}

export function createHealth(
  { boot, files }: Pick<ClientPorts, 'boot' | 'files'>,
  intents: IntentStore,
  foreground: ForegroundClock,
  emit: (event: ClientEvent) => void,
): Health {
  let isConfirmed = false;
  const releaseIdOf = async (running: string): Promise<string | undefined> =>
    running === 'embedded' ? undefined : (await readInstalled(files, running))?.releaseId;

  const markHealthy = async (): Promise<void> => {
    const { launchId, running, versionCode } = await boot.read();
    if (launchId === undefined) return;
    isConfirmed = true;
    if (!(await intents.acknowledge(launchId))) return;
    const releaseId = await releaseIdOf(running);
    emit({ launchId, type: 'healthy', versionCode, ...(releaseId === undefined ? {} : { releaseId }) });
  };

  const watch = async (
    launchId: number,
    { pendingTimeoutMs = PENDING_TIMEOUT_MS, confirmAfterMs }: HealthOptions,
  ): Promise<void> => {
    if (confirmAfterMs !== undefined) {
      await foreground.wait(confirmAfterMs);
      await markHealthy();
      return;
    }
    // Absent on platforms whose native code watches: a hanging JavaScript thread could not.
    if (boot.markTimeout === undefined) return;
    await foreground.wait(pendingTimeoutMs);
    if (isConfirmed) return;
    emit({ launchId, type: 'timed-out' });
    await boot.markTimeout(launchId);
    await boot.restart();
  };

  return {
    ensureHealthyOrRollback: async (options = {}) => {
      const snapshot = await boot.read();
      const releaseId = await releaseIdOf(snapshot.running);
      const rolledBack: RolledBack[] = [];
      for (const one of readRollbacks(snapshot)) {
        const leftId = await releaseIdOf(one.sha256Hex);
        const left = { ...one, ...(leftId === undefined ? {} : { releaseId: leftId }) };
        rolledBack.push(left);
        emit({ ...left, type: 'rolled-back' });
      }
      const { launchId, pending, running, versionCode } = snapshot;
      const named = releaseId === undefined ? {} : { releaseId };
      emit({ pending, running, type: 'launch', versionCode, ...named });
      // Not awaited: it outlives this call. What it cannot write now, the next boot counts as an unknown end.
      if (pending && launchId !== undefined) watch(launchId, options).catch(() => undefined);
      return {
        rolledBack,
        state: running === 'embedded' ? 'embedded' : pending ? 'on-probation' : 'healthy',
        versionCode,
        ...named,
      };
    },
    markHealthy,
  };
}

/** The bundles that failed at this boot, with the exit that was one too many. */
function readRollbacks({ reasons = [] }: BootSnapshot): RolledBack[] {
  const left: RolledBack[] = [];
  for (const { code, sha256Hex } of reasons) {
    if (code !== 'failed' || sha256Hex === undefined) continue;
    const exits = reasons.filter(
      (reason) => reason.sha256Hex === sha256Hex && BAD_ENDS.includes(reason.code),
    );
    left.push({ cause: exits[exits.length - 1]?.code ?? 'ended-unknown', sha256Hex });
  }
  return left;
}
