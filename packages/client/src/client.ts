import type { PublicKeyInput, SignatureAlgorithm } from '@kivyx-ota/cose';
import type { ChannelScope } from '@kivyx-ota/manifest';
import { checkForUpdate, type CheckResult } from './check-for-update.ts';
import type { ClientContext, DeviceOptions } from './context.ts';
import { downloadRelease, type DownloadedRelease, type DownloadOptions } from './download-release.ts';
import { clientError } from './error.ts';
import type { ClientEvent } from './events.ts';
import { DEFAULT_NETWORK, type NetworkPolicy } from './http/with-retry.ts';
import { createForegroundClock } from './foreground-clock.ts';
import { createHealth, type Health } from './health.ts';
import { intentStoreOf } from './intent-store.ts';
import { createRestartControl, type InstallOptions, type RestartControl } from './restart-control.ts';
import { cleanUp } from './clean-up.ts';
import type { PatchDecoder } from './patch-decoder.ts';
import type { BootSnapshot, ClientPorts } from './ports.ts';
import { createTrustState, type Trust } from './trust-state.ts';
import { checkBaseUrl } from './url.ts';

/** Options of {@link createClient}. */
export interface ClientOptions {
  readonly ports: ClientPorts;
  /** Keys (one is enough to start) or the newest signed root that the app ships. */
  readonly trust: { readonly keys: readonly PublicKeyInput[] } | { readonly root: Uint8Array };
  /** Whose keys may stand in the trust; default ES256. Ed25519 comes from `@kivyx-ota/cose/ed25519`. */
  readonly algorithms?: readonly SignatureAlgorithm[];
  readonly scope: ChannelScope;
  readonly device: DeviceOptions;
  /** `https://…/` under which `channels/`, `objects/` … lie. */
  readonly baseUrl: string;
  /** Allow `http://` to this very machine. */
  readonly allowInsecureLoopback?: boolean;
  /** Without one every update is downloaded whole. */
  readonly patchDecoder?: PatchDecoder;
  /** `explainCheck` of `@kivyx-ota/client/explain`; without it {@link Client.explain} gives codes. */
  readonly explainer?: (check: CheckResult) => readonly string[];
  /** When this binary was built: a lower bound for "now". */
  readonly buildTimeSeconds?: number;
  readonly network?: Partial<NetworkPolicy>;
  /** Default 4. */
  readonly maxParallelDownloads?: number;
}

/** What {@link Client.checkAndApply} came to. */
export interface UpdateOutcome {
  /** True when something is staged: it runs after the next start. */
  readonly updated: boolean;
  readonly versionCode?: number;
  readonly how?: DownloadedRelease['how'];
  readonly receivedBytes?: number;
  readonly fullBytes?: number;
  /** Reason codes of the decision. */
  readonly reasons: readonly string[];
  readonly mandatory: boolean;
}

/** Options of {@link Client.checkAndApply}. */
export interface UpdateOptions extends DownloadOptions, InstallOptions {}

/** The update engine of one installation. One at a time for the same ports. */
export interface Client extends Health {
  /** Is there something to do, and why (not)? Changes nothing but what is remembered of the channel. */
  checkForUpdate(): Promise<CheckResult>;
  /**
   * Why there is (no) update for this device, line by line: the outcome, then each release. Of `check`, or of a check that it makes. In
   * words where the options name an {@link ClientOptions.explainer}; the words are not in every app's bundle.
   */
  explain(check?: CheckResult): Promise<readonly string[]>;
  /** Fetches and verifies a release completely. Safe to stop and to call again. */
  download(check: CheckResult, options?: DownloadOptions): Promise<DownloadedRelease>;
  /** Asks the next start to run what was downloaded, or to go back where the check said so; then tidies up, as far as it can. */
  apply(check: CheckResult, downloaded?: DownloadedRelease): Promise<void>;
  /** What follows {@link Client.apply}: restarts now, later, or not at all. `checkAndApply` does it by itself. */
  install(options?: InstallOptions & { readonly isMandatory?: boolean }): Promise<void>;
  /** Check, download, apply. One at a time: a second call while one runs gets the result of the first. */
  checkAndApply(options?: UpdateOptions): Promise<UpdateOutcome>;
  /** Tells whether the app is in front of its user (AppState); durations of probation and `on-next-resume` depend on it. */
  setForeground(isForeground: boolean): void;
  /** No restart until the returned function was called; locks count. */
  lockRestart: RestartControl['lock'];
  /** Restarts now, or as soon as no lock is held. */
  restart: RestartControl['restart'];
  /** What the boot code did for this launch. */
  state(): Promise<BootSnapshot>;
  /** Removes releases and partial downloads that nothing refers to any more. */
  cleanUp(): Promise<void>;
  subscribe(listener: (event: ClientEvent) => void): () => void;
}

function codesOf({ decision: { action, reasons } }: CheckResult): readonly string[] {
  return [action, ...reasons.map(({ code, releaseId = action }) => `${releaseId}: ${code}`)];
}

/**
 * Makes the engine. Nothing is fetched or written before a method is called.
 *
 * @throws ERR_CLIENT_URL, ERR_KEY_…, ERR_COSE_… when base URL or trust are not usable: found at start, not in the field
 */
export function createClient(options: ClientOptions): Client {
  const { ports, scope, device } = options;
  const listeners = new Set<(event: ClientEvent) => void>();
  const context: ClientContext = {
    baseUrl: checkBaseUrl(options.baseUrl, { allowInsecureLoopback: options.allowInsecureLoopback ?? false }),
    buildTimeSeconds: options.buildTimeSeconds ?? 0,
    device,
    // A listener that throws is its own problem, never the update's.
    emit: (event) =>
      listeners.forEach((listener) => {
        try {
          listener(event);
        } catch {
          // Ignored on purpose.
        }
      }),
    maxParallelDownloads: options.maxParallelDownloads ?? 4,
    network: { ...DEFAULT_NETWORK, ...options.network },
    ports,
    scope,
    trust: createTrustState(ports.records, options.trust as Trust, scope.project, options.algorithms),
    trustIsKeys: 'keys' in options.trust,
  };
  const intents = intentStoreOf(ports.records);
  const foreground = createForegroundClock(ports.timer);
  const health = createHealth(ports, intents, foreground, context.emit);
  const restarts = createRestartControl(async () => {
    context.emit({ type: 'restart' });
    await ports.boot.restart();
  }, foreground);
  let running: Promise<UpdateOutcome> | undefined;
  let downloads = 0;

  const download = async (
    check: CheckResult,
    downloadOptions: DownloadOptions = {},
  ): Promise<DownloadedRelease> => {
    const { decision, root } = check;
    const release =
      decision.action === 'update'
        ? decision.release
        : decision.action === 'rollback' && decision.to !== 'embedded'
          ? decision.to
          : undefined;
    if (release === undefined) throw clientError('ERR_CLIENT_STATE', 'There is nothing to download');
    downloads++;
    return downloadRelease(context, root, release, options.patchDecoder, downloadOptions).finally(() => {
      downloads--;
    });
  };

  const apply = async ({ decision }: CheckResult, downloaded?: DownloadedRelease): Promise<void> => {
    const { binaryId, consumedRequestId } = await ports.boot.read();
    const directive = decision.action === 'rollback';
    const isBack = directive && decision.to === 'embedded';
    const release = isBack ? undefined : downloaded?.release;
    if (release === undefined && !isBack) throw clientError('ERR_CLIENT_STATE', 'Download it first');
    const { versionCode } = release ?? ports.embedded;
    await intents.stage(consumedRequestId, {
      binaryId,
      directive,
      retryToken: release?.retryToken ?? 0,
      stage: release?.launchSha256Hex ?? 'embedded',
      versionCode,
    });
    if (release !== undefined) context.emit({ releaseId: release.releaseId, type: 'staged', versionCode });
    // What nobody needs any more goes when the last of it was replaced. It can wait: not doing it fails nothing.
    if (downloads === 0) await cleanUp(context, intents).catch(() => undefined);
  };

  const install: Client['install'] = ({ isMandatory = false, ...options } = {}) => {
    const { install: usual = 'on-next-restart', installMandatory = usual, minimumBackgroundMs = 0 } = options;
    return restarts.staged(isMandatory ? installMandatory : usual, minimumBackgroundMs);
  };

  const checkAndApply = async (options: UpdateOptions): Promise<UpdateOutcome> => {
    const check = await checkForUpdate(context);
    const { decision } = check;
    const reasons = decision.reasons.map(({ code }) => code);
    if (decision.action === 'none') return { mandatory: false, reasons, updated: false };
    if (decision.action === 'rollback' && decision.to === 'embedded') {
      await apply(check);
      await install({ ...options, isMandatory: true });
      return { mandatory: true, reasons, updated: true, versionCode: ports.embedded.versionCode };
    }
    const downloaded = await download(check, options);
    await apply(check, downloaded);
    const { fullBytes, how, receivedBytes, release } = downloaded;
    const mandatory = decision.action === 'rollback' || release.mandatory;
    await install({ ...options, isMandatory: mandatory });
    return {
      fullBytes,
      how,
      mandatory,
      reasons,
      receivedBytes,
      updated: true,
      versionCode: release.versionCode,
    };
  };

  return {
    ...health,
    apply,
    checkAndApply: (updateOptions = {}) => {
      running ??= checkAndApply(updateOptions).finally(() => {
        running = undefined;
      });
      return running;
    },
    checkForUpdate: () => checkForUpdate(context),
    cleanUp: () => cleanUp(context, intents),
    download,
    explain: async (check) => (options.explainer ?? codesOf)(check ?? (await checkForUpdate(context))),
    install,
    lockRestart: restarts.lock,
    restart: restarts.restart,
    setForeground: (isForeground) => {
      if (isForeground === foreground.isForeground()) return;
      foreground.set(isForeground);
      // Nobody waits for it; a host that cannot restart now runs the release after its next start.
      if (isForeground) restarts.resumed().catch(() => undefined);
    },
    state: () => ports.boot.read(),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
