import type { ChannelScope } from '@kivyx-ota/manifest';
import type { ClientEvent } from './events.ts';
import { fetchWithRetry, type FetchOptions } from './http/fetch-with-retry.ts';
import type { NetworkPolicy } from './http/with-retry.ts';
import type { BootSnapshot, ClientPorts, HttpResponse } from './ports.ts';
import type { TrustState } from './trust-state.ts';

/** Who this device is, for decisions. */
export interface DeviceOptions {
  /** Stable per installation; enters the rollout bucket and nothing else. */
  readonly deviceId: string;
  readonly binaryVersion: string;
  readonly runtimeVersion?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** What the parts of the engine share. */
export interface ClientContext {
  readonly ports: ClientPorts;
  readonly scope: ChannelScope;
  readonly device: DeviceOptions;
  /** With one slash at the end. */
  readonly baseUrl: string;
  readonly network: NetworkPolicy;
  readonly trust: TrustState;
  /** True when the app ships bare keys: then roots are asked for only when there is a reason to. */
  readonly trustIsKeys: boolean;
  readonly buildTimeSeconds: number;
  readonly maxParallelDownloads: number;
  emit(event: ClientEvent): void;
}

/** {@link fetchWithRetry} for a storage key of this client's base. */
export function fetchKey(
  context: ClientContext,
  key: string,
  options: Omit<FetchOptions, 'url'>,
): Promise<HttpResponse> {
  return fetchWithRetry(context.ports, context.network, { ...options, url: context.baseUrl + key }, (event) =>
    context.emit(event),
  );
}

/** The snapshot of this process; nothing of it changes while the process lives, except the confirmation. */
export function readBoot(context: ClientContext): Promise<BootSnapshot> {
  return context.ports.boot.read();
}
