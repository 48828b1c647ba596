import type { ClientPorts } from '@kivyx-ota/client';
import { deltaDecoder } from '@kivyx-ota/client/delta';
import {
  type CheckAndApplyOptions,
  type CheckAndApplyResult,
  createFacade,
  type Facade,
} from '@kivyx-ota/client/facade';
import type { HealthOptions, HealthReport } from '@kivyx-ota/client';
import { createOtaOn, type Ota, type OtaOptions } from './create-ota.ts';
import { nativePorts } from './native/native-ports.ts';
import { reactNativePlatform } from './platform/react-native-platform.ts';

export * from './hooks.ts';

/**
 * Updates for this app, over the native module. Make one, at module level.
 *
 * @throws ERR_CLIENT_URL, ERR_KEY_… when the options cannot work, ERR_CLIENT_STATE where the app has no native module
 *
 * @example
 * ```tsx
 * const ota = createOta({
 *   project: 'acme', app: 'cafe', channel: 'production',
 *   baseUrl: 'https://cdn.example.com/ota/',
 *   trust: { keys: [PUBLIC_KEY_PEM] },
 * });
 * export const App = () => <OtaProvider ota={ota}><Home /></OtaProvider>;
 * ```
 */
export function createOta(options: OtaOptions): Ota {
  return createOtaOn(reactNativePlatform(), options);
}

let shared: Facade | undefined;
function facade(): Facade {
  if (shared === undefined) {
    const { native, http, timer, platform } = reactNativePlatform();
    const ports: ClientPorts = nativePorts({ http, native, timer });
    shared = createFacade({ patchDecoder: deltaDecoder, platform, ports });
  }
  return shared;
}

/** First call of a start, for apps that use the three functions instead of {@link createOta}. */
export function ensureHealthyOrRollback(options?: HealthOptions): Promise<HealthReport> {
  return facade().ensureHealthyOrRollback(options);
}

/** Once the app has run well for 30 to 60 seconds. */
export function markHealthy(): Promise<void> {
  return facade().markHealthy();
}

/** Check, download, verify, stage: the update runs after the next start. */
export function checkAndApply(options: CheckAndApplyOptions): Promise<CheckAndApplyResult> {
  return facade().checkAndApply(options);
}
