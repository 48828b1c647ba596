import type { Clock } from '@kivyx-ota/core';
import type { Secrets } from '../access/secrets.ts';
import type { Admin } from '../channels/admin.ts';
import type { Channels } from '../channels/channels.ts';
import type { Metrics } from '../http/metrics.ts';
import type { OtaServerOptions, Principal, RequestContext } from '../options.ts';
import type { TelemetryReader } from '../telemetry/telemetry.ts';

/** A request that was routed, and whose sender may ask it. */
export interface Asked {
  readonly request: Request;
  readonly principal: Principal;
  readonly context: RequestContext;
  /** A part of the path (untrusted). */
  param(name: string): string;
}

/** Throws what is refused. */
export type Answer = (asked: Asked) => Response | Promise<Response>;

/** What answers are made with. */
export interface AnswerParts {
  readonly options: OtaServerOptions;
  readonly admin: Admin;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly secrets: Secrets;
  readonly telemetry: TelemetryReader;
  /** Requests in work, by class. */
  readonly inFlight: () => Readonly<Record<string, number>>;
}
