import { isOtaError } from '@kivyx-ota/core';
import { type Client, type ClientOptions, createClient } from './client.ts';
import { clientError } from './error.ts';
import { createForegroundClock } from './foreground-clock.ts';
import { createHealth, type HealthOptions, type HealthReport } from './health.ts';
import { intentStoreOf } from './intent-store.ts';
import type { ClientPorts } from './ports.ts';

/** What an app knows of itself and its channel. */
export interface CheckAndApplyOptions {
  readonly app: string;
  readonly channel: string;
  /** Version of the installed binary. */
  readonly binaryVersion: string;
  readonly runtimeVersion?: string;
  /** Stable per installation; enters the rollout bucket and nothing else. */
  readonly deviceId: string;
  /** `https://…/` under which the channel lies. */
  readonly cdnBase: string;
  /** Keys that releases and indexes may be signed with, by any alias: the 65-byte uncompressed point as hex (`kivyx keys` prints it). */
  readonly publicKeys: Readonly<Record<string, { readonly rawPubHex: string }>>;
  /** For targeting rules, as attributes `rnVersion` and `arch`. */
  readonly rnVersion?: string;
  readonly arch?: string;
  /** Default: the name of the app. */
  readonly project?: string;
}

/** What {@link Facade.checkAndApply} came to. */
export interface CheckAndApplyResult {
  /** True when a release is staged: it runs after the next start. */
  readonly updated: boolean;
  readonly versionCode?: number;
  /** Reason codes of the decision; when the update could not be made, the code of the error (`ERR_…`). */
  readonly reasons: readonly string[];
}

/** Three calls, for people who want no more. */
export interface Facade {
  /** First call of a start. */
  ensureHealthyOrRollback(options?: HealthOptions): Promise<HealthReport>;
  /** Once the app has run well for 30 to 60 seconds. */
  markHealthy(): Promise<void>;
  /**
   * Check, download, verify, stage. An update that cannot be made (no network, a refused signature) is a value with the error's code;
   * what runs goes on running. Calls run one after the other.
   *
   * @throws ERR_CLIENT_URL, ERR_CLIENT_STATE, ERR_KEY_… when the options cannot work: found at the first call, not in the field
   */
  checkAndApply(options: CheckAndApplyOptions): Promise<CheckAndApplyResult>;
}

/** What the facade takes from the platform. */
export interface FacadeSetup extends Pick<
  ClientOptions,
  'allowInsecureLoopback' | 'buildTimeSeconds' | 'network' | 'patchDecoder'
> {
  readonly ports: ClientPorts;
  readonly platform: 'android' | 'ios';
  /** Told of every client that is made, e.g. to attach telemetry. */
  readonly onClient?: (client: Client) => void;
}

/**
 * The engine behind one call. For more (progress, install modes, explanations) use createClient.
 *
 * @example
 * ```ts
 * import type { Facade } from '@kivyx-ota/client/facade';
 *
 * async function start(ota: Facade, deviceId: string, rawPubHex: string): Promise<void> {
 *   await ota.ensureHealthyOrRollback({ confirmAfterMs: 45_000 });
 *   const { updated, versionCode, reasons } = await ota.checkAndApply({
 *     app: 'cafe',
 *     channel: 'production',
 *     binaryVersion: '4.2.0',
 *     deviceId,
 *     cdnBase: 'https://cdn.example.com/ota/',
 *     publicKeys: { 'release-2026': { rawPubHex } },
 *   });
 *   console.log(updated ? `${versionCode} runs after the next start` : reasons);
 * }
 * ```
 */
export function createFacade({ ports, platform, onClient, ...engine }: FacadeSetup): Facade {
  let made: { readonly key: string; readonly client: Client } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const clientFor = (options: CheckAndApplyOptions): Client => {
    const key = JSON.stringify(options);
    if (made?.key === key) return made.client;
    const keys = Object.keys(options.publicKeys).map((alias) => options.publicKeys[alias]?.rawPubHex ?? '');
    if (keys.length === 0)
      throw clientError(
        'ERR_CLIENT_STATE',
        'publicKeys names no key; at least one is needed to trust anything',
      );
    const { app, channel, binaryVersion, deviceId, cdnBase, runtimeVersion, rnVersion, arch } = options;
    const client = createClient({
      ...engine,
      baseUrl: cdnBase,
      device: {
        attributes: {
          ...(arch === undefined ? {} : { arch }),
          ...(rnVersion === undefined ? {} : { rnVersion }),
        },
        binaryVersion,
        deviceId,
        ...(runtimeVersion === undefined ? {} : { runtimeVersion }),
      },
      ports,
      scope: { app, channel, platform, project: options.project ?? app },
      trust: { keys },
    });
    made = { client, key };
    onClient?.(client);
    return client;
  };

  const run = async (client: Client): Promise<CheckAndApplyResult> => {
    try {
      const { updated, versionCode, reasons } = await client.checkAndApply();
      return { reasons, updated, ...(versionCode === undefined ? {} : { versionCode }) };
    } catch (error) {
      if (!isOtaError(error)) throw error;
      return { reasons: [error.code], updated: false };
    }
  };

  const emit = (): void => undefined;
  const health = createHealth(ports, intentStoreOf(ports.records), createForegroundClock(ports.timer), emit);
  return {
    checkAndApply: (options) => {
      const result = last.then(() => run(clientFor(options)));
      last = result.catch(() => undefined);
      return result;
    },
    ensureHealthyOrRollback: (options) => (made?.client ?? health).ensureHealthyOrRollback(options),
    markHealthy: () => (made?.client ?? health).markHealthy(),
  };
}
