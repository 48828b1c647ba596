import {
  type BootSnapshot,
  type CheckResult,
  type Client,
  type ClientOptions,
  createClient,
  type HealthOptions,
  type HttpPort,
  type InstallOptions,
  type TimerPort,
} from '@kivyx-ota/client';
import { isOtaError } from '@kivyx-ota/core';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import { nativePorts } from './native/native-ports.ts';
import type { NativeModule } from './native/native-module.ts';
import type { OfferedRelease, OtaPhase } from './ota-state.ts';
import { withOfflineSwitch } from './offline-switch.ts';
import { createOtaStore, type OtaStore } from './ota-store.ts';

/** What the platform brings; `./react-native` (the main entry) fills it in. */
export interface OtaPlatform {
  readonly native: NativeModule;
  readonly platform: 'android' | 'ios';
  readonly http: HttpPort;
  readonly timer: TimerPort;
  /** Calls the listener when the app comes to the foreground or leaves it; gives what ends that. */
  readonly onForeground?: (listener: (isForeground: boolean) => void) => () => void;
}

/** What an app says about itself. */
export interface OtaOptions
  extends
    InstallOptions,
    Pick<
      ClientOptions,
      'baseUrl' | 'trust' | 'buildTimeSeconds' | 'network' | 'maxParallelDownloads' | 'explainer'
    > {
  readonly project: string;
  readonly app: string;
  readonly channel: string;
  /** Default: a random id that the native module keeps for the life of the installation. */
  readonly deviceId?: string;
  /** Default: as the native module says. */
  readonly binaryVersion?: string;
  readonly runtimeVersion?: string;
  /** For targeting rules. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Default {@link deltaDecoder}; `null`: every update comes whole. */
  readonly patchDecoder?: ClientOptions['patchDecoder'] | null;
  /** When a launch counts as healthy; default: 45 s in the foreground. `manual`: the app calls `markHealthy()`. */
  readonly health?: HealthOptions | 'manual';
  /** Look for an update at the start and whenever the app comes back after this long. Default 15 minutes; `false`: the app calls `check()`. */
  readonly checkEveryMs?: number | false;
}

/** Updates of one app. Make one, at module level. */
export interface Ota extends OtaStore {
  readonly client: Client;
  /** First call: reports what the boot did, watches the probation, looks for an update. Safe to call again. */
  start(): Promise<void>;
  /** Looks for an update; what came of it is in `phase`. Never rejects. */
  check(): Promise<OtaPhase>;
  /** Looks for an update, fetches and stages it; installed as `install` says, and where it says nothing as the options of {@link createOtaOn}. Never rejects. One at a time. */
  update(install?: InstallOptions): Promise<OtaPhase>;
  /** Stops a download; the next one goes on from there. */
  cancel(): void;
  markHealthy(): Promise<void>;
  restart(): Promise<void>;
  lockRestart(): () => void;
  /** For developers: every request fails as without a network, until called with false. */
  simulateOffline(isOffline: boolean): void;
  /** For developers: stages the way back to the bundle in the app, as a revocation without another release would; asks for the index first. */
  simulateRollback(): Promise<OtaPhase>;
  /** No more checks; the state stays readable. */
  stop(): void;
}

const CONFIRM_AFTER_MS = 45_000;
const CHECK_EVERY_MS = 900_000;
const LOG_LENGTH = 50;

/**
 * The engine with a state that screens can follow. `platform` comes from the main entry; tests pass `createFakeNative()`.
 *
 * @throws ERR_CLIENT_URL, ERR_KEY_… when the options cannot work
 */
export function createOtaOn(platform: OtaPlatform, options: OtaOptions): Ota {
  const { native, timer } = platform;
  const { ports, setOffline } = withOfflineSwitch(nativePorts({ http: platform.http, native, timer }));
  const constants = native.getConstants();
  const boot = JSON.parse(constants.boot) as BootSnapshot;
  const runtimeVersion = options.runtimeVersion ?? constants.runtimeVersion;
  const patchDecoder = options.patchDecoder === undefined ? deltaDecoder : options.patchDecoder;
  const client = createClient({
    baseUrl: options.baseUrl,
    device: {
      binaryVersion: options.binaryVersion ?? constants.binaryVersion,
      deviceId: options.deviceId ?? constants.installationId,
      ...(runtimeVersion === '' ? {} : { runtimeVersion }),
      ...(options.attributes === undefined ? {} : { attributes: options.attributes }),
    },
    ports,
    scope: {
      app: options.app,
      channel: options.channel,
      platform: platform.platform,
      project: options.project,
    },
    trust: options.trust,
    ...(options.buildTimeSeconds === undefined ? {} : { buildTimeSeconds: options.buildTimeSeconds }),
    ...(options.explainer === undefined ? {} : { explainer: options.explainer }),
    ...(options.network === undefined ? {} : { network: options.network }),
    ...(options.maxParallelDownloads === undefined
      ? {}
      : { maxParallelDownloads: options.maxParallelDownloads }),
    ...(patchDecoder === null ? {} : { patchDecoder }),
  });

  const store = createOtaStore({
    log: [],
    phase: { kind: 'idle' },
    rolledBack: [],
    running: {
      bundle: boot.running,
      state: boot.running === 'embedded' ? 'embedded' : boot.pending ? 'on-probation' : 'healthy',
      versionCode: boot.versionCode,
    },
  });
  const show = (phase: OtaPhase): OtaPhase => {
    store.update({ phase });
    return phase;
  };
  const showError = (error: unknown): OtaPhase =>
    show(
      isOtaError(error)
        ? { code: error.code, kind: 'error', message: error.message, retryable: error.retryable }
        : { code: 'ERR_UNKNOWN', kind: 'error', message: String(error), retryable: false },
    );
  client.subscribe((event) => {
    const { log, running } = store.getState();
    store.update({ log: [...log, { atMs: ports.clock.nowMs(), event }].slice(-LOG_LENGTH) });
    if (event.type === 'healthy') store.update({ running: { ...running, state: 'healthy' } });
    if (event.type === 'restart') show({ kind: 'restarting' });
  });

  let signal = { aborted: false };
  let busy: Promise<OtaPhase> | undefined;
  const oneAtATime = (work: () => Promise<OtaPhase>): Promise<OtaPhase> => {
    busy ??= work()
      .catch(showError)
      .finally(() => {
        busy = undefined;
      });
    return busy;
  };
  const look = async (): Promise<CheckResult> => {
    // What is staged stays ready while the server is asked for something newer.
    if (store.getState().phase.kind !== 'ready') show({ kind: 'checking' });
    const check = await client.checkForUpdate();
    store.update({ lastCheckMs: ports.clock.nowMs() });
    return check;
  };
  const upToDate = ({ decision }: CheckResult): OtaPhase => {
    const { phase } = store.getState();
    return phase.kind === 'ready'
      ? phase
      : show({ kind: 'up-to-date', reasons: decision.reasons.map(({ code }) => code) });
  };
  const check = async (): Promise<OtaPhase> => {
    const result = await look();
    const release = offered(result, ports.embedded.versionCode);
    if (release === undefined) return upToDate(result);
    const { phase } = store.getState();
    return phase.kind === 'ready' && phase.release.versionCode === release.versionCode
      ? phase
      : show({ kind: 'available', release });
  };
  const update = async (install?: InstallOptions): Promise<OtaPhase> => {
    const result = await look();
    const release = offered(result, ports.embedded.versionCode);
    if (release === undefined) return upToDate(result);
    const { phase } = store.getState();
    if (phase.kind === 'ready' && phase.release.versionCode === release.versionCode) return phase;
    signal = { aborted: false };
    const stopped = signal;
    if (release.releaseId === undefined) await client.apply(result);
    else {
      show({ kind: 'downloading', progress: { receivedBytes: 0, totalBytes: 0 }, release });
      const downloaded = await client.download(result, {
        onProgress: (progress) => show({ kind: 'downloading', progress, release }),
        signal: stopped,
      });
      await client.apply(result, downloaded);
    }
    show({ kind: 'ready', release });
    await client.install({ ...options, ...install, isMandatory: release.mandatory });
    return store.getState().phase;
  };

  const ends: (() => void)[] = [];
  let started: Promise<void> | undefined;
  const checkEveryMs = options.checkEveryMs ?? CHECK_EVERY_MS;
  const start = async (): Promise<void> => {
    const health = options.health ?? { confirmAfterMs: CONFIRM_AFTER_MS };
    const report = await client.ensureHealthyOrRollback(health === 'manual' ? {} : health);
    const { running } = store.getState();
    store.update({
      rolledBack: report.rolledBack,
      running: {
        ...running,
        state: report.state,
        ...(report.releaseId === undefined ? {} : { releaseId: report.releaseId }),
      },
    });
    const end = platform.onForeground?.((isForeground) => {
      client.setForeground(isForeground);
      const { lastCheckMs = 0 } = store.getState();
      if (isForeground && checkEveryMs !== false && ports.clock.nowMs() - lastCheckMs >= checkEveryMs)
        void oneAtATime(() => update());
    });
    if (end !== undefined) ends.push(end);
    if (checkEveryMs !== false) await oneAtATime(() => update());
  };

  return {
    cancel: () => {
      signal.aborted = true;
    },
    check: () => oneAtATime(check),
    client,
    getState: store.getState,
    lockRestart: client.lockRestart,
    markHealthy: () => client.markHealthy(),
    restart: () => client.restart(),
    simulateOffline: setOffline,
    simulateRollback: () =>
      oneAtATime(async () => {
        const check = await client.checkForUpdate();
        await client.apply({ ...check, decision: { action: 'rollback', reasons: [], to: 'embedded' } });
        return show({
          kind: 'ready',
          release: { mandatory: true, versionCode: ports.embedded.versionCode },
        });
      }),
    start: () => (started ??= start()),
    stop: () => {
      for (const end of ends.splice(0)) end();
    },
    subscribe: store.subscribe,
    update: (install) => oneAtATime(() => update(install)),
  };
}

/** What a decision offers. */
function offered({ decision }: CheckResult, embeddedVersionCode: number): OfferedRelease | undefined {
  if (decision.action === 'none') return undefined;
  if (decision.action === 'rollback' && decision.to === 'embedded')
    return { mandatory: true, versionCode: embeddedVersionCode };
  const release = decision.action === 'rollback' ? decision.to : decision.release;
  if (release === 'embedded') return undefined;
  return {
    mandatory: decision.action === 'rollback' || release.mandatory,
    releaseId: release.releaseId,
    version: release.version,
    versionCode: release.versionCode,
  };
}
