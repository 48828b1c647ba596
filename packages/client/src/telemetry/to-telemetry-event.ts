import type { ClientEvent } from '../events.ts';

/** One event as the server's `POST /telemetry` takes it (OpenAPI document of the server). */
export interface TelemetryEvent {
  readonly type:
    | 'check'
    | 'download'
    | 'patch_hit'
    | 'patch_fallback'
    | 'install'
    | 'launch'
    | 'healthy'
    | 'rollback'
    | 'crash';
  readonly event_id: string;
  readonly release_id: string;
  readonly at_seconds: number;
  /** Why, where there is a why: at most 64 characters. */
  readonly cause?: string;
  readonly duration_ms?: number;
  readonly bytes?: number;
}

/** The part of an event that the client's event gives; `undefined` for those that say nothing about a release. */
export function toTelemetryEvent(
  event: ClientEvent,
): Omit<TelemetryEvent, 'at_seconds' | 'event_id'> | undefined {
  switch (event.type) {
    case 'check': {
      // Where the way of a release begins: it was offered. Checks that find nothing are no release's affair.
      const offered = event.reasons.find(({ code }) => code === 'R_SELECTED')?.releaseId;
      return event.action === 'none' || offered === undefined
        ? undefined
        : { cause: event.action, release_id: offered, type: 'check' };
    }
    case 'download':
      return {
        bytes: event.receivedBytes,
        cause: event.how,
        duration_ms: event.durationMs,
        release_id: event.releaseId,
        type: 'download',
      };
    case 'patch-hit':
      return { bytes: event.patchSizeBytes, release_id: event.releaseId, type: 'patch_hit' };
    case 'patch-fallback':
      return { cause: event.reason, release_id: event.releaseId, type: 'patch_fallback' };
    case 'staged':
      return { release_id: event.releaseId, type: 'install' };
    case 'launch':
      // A bundle that is healthy was counted when it became so; the embedded one is no release.
      if (!event.pending || event.releaseId === undefined) return undefined;
      return { release_id: event.releaseId, type: 'launch' };
    case 'healthy':
      return event.releaseId === undefined ? undefined : { release_id: event.releaseId, type: 'healthy' };
    case 'rolled-back':
      return event.releaseId === undefined
        ? undefined
        : {
            cause: event.cause,
            release_id: event.releaseId,
            type: event.cause === 'crashed' ? 'crash' : 'rollback',
          };
    default:
      return undefined;
  }
}
