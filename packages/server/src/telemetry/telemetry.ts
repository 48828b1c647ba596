import type { Clock } from '@kivyx-ota/core';
import { channelKey, type StoredEvent } from '@kivyx-ota/database';
import type { ChannelScope } from '@kivyx-ota/manifest';
import type * as v from 'valibot';
import type { Channels } from '../channels/channels.ts';
import { serverError } from '../http/error.ts';
import { createEventWriter } from './event-writer.ts';
import { groupMark } from '../guardrail/group-mark.ts';
import type { Guard } from '../guardrail/guard.ts';
import { readInput } from '../http/input.ts';
import type { Metrics } from '../http/metrics.ts';
import type { OtaServerOptions, RateLimit, RequestContext } from '../options.ts';
import { type EventType, SCHEMAS } from '../http/schemas.ts';
import { withinMs } from '../http/within-ms.ts';
import type { Secrets } from '../access/secrets.ts';
import { subnetOf } from '../access/subnet.ts';
import { createTokenBuckets } from '../access/token-buckets.ts';

const EXPOSED: readonly EventType[] = ['healthy', 'crash', 'rollback'];
/** Removed in one go: small transactions hold locks for a short time. */
const SWEEP_EVENTS = 500;
/** What devices wait for a sink at most; a Lambda is frozen after its answer, so they have to wait. */
const SINK_MS = 5000;
const FAILED: readonly EventType[] = ['crash', 'rollback'];

/** What became of a batch. Nobody learns from it which devices or releases there are. */
export interface TelemetryResult {
  /** Stored now or before. */
  readonly accepted: number;
  /** About releases that the channel's index does not name. */
  readonly ignored: number;
}

export type TelemetryReader = (
  body: unknown,
  request: Request,
  context: RequestContext,
) => Promise<TelemetryResult>;

export function createTelemetry(
  options: OtaServerOptions,
  parts: {
    readonly channels: Channels;
    readonly clock: Clock;
    readonly guard: Guard | undefined;
    readonly metrics: Metrics;
    readonly rateLimit: RateLimit;
    readonly secrets: Secrets;
  },
): TelemetryReader {
  const { database, project, eventSink, onError } = options;
  const { channels, clock, guard, metrics, rateLimit, secrets } = parts;
  const retentionSeconds = options.eventRetentionSeconds ?? 30 * 86_400;
  const perSubnet = options.guardedDevicesPerSubnet ?? 20;
  const guarded = createTokenBuckets({ capacity: perSubnet, clock, perSecond: perSubnet / 3600 });
  let nextSweepMs = 0;
  let writtenSinceSweep = 0;

  const write = createEventWriter(database, async (accepted, events) => {
    metrics.count('kivyx_telemetry_events_total', { outcome: 'accepted' }, accepted);
    metrics.count('kivyx_telemetry_events_total', { outcome: 'duplicate' }, events.length - accepted);
    if (accepted > 0 && eventSink !== undefined) {
      try {
        await withinMs(
          SINK_MS,
          Promise.resolve(eventSink(events)),
          () => new Error(`The event sink took longer than ${SINK_MS} ms`),
        );
      } catch (error) {
        metrics.count('kivyx_event_sink_failures_total');
        onError?.(error);
      }
    }
    // Retention needs no job of its own: whoever writes also sweeps, once a minute, and twice as much as it writes.
    writtenSinceSweep += accepted;
    if (clock.nowMs() >= nextSweepMs || writtenSinceSweep >= SWEEP_EVENTS / 2) {
      nextSweepMs = clock.nowMs() + 60_000;
      writtenSinceSweep = 0;
      await database
        .removeExpired(Math.floor(clock.nowMs() / 1000), SWEEP_EVENTS)
        .catch((error: unknown) => onError?.(error));
    }
  });

  return async (body, request, context) => {
    const batch = readBatch(body);
    const device = (options.identifyDevice ?? ((id) => id))(batch.device_id, request);
    if (device === undefined) throw serverError('ERR_SERVER_FORBIDDEN', 'This device is not known');
    const deviceHash = secrets.deviceHash(device);
    const waitSeconds = await rateLimit({
      route: 'telemetry',
      subject: deviceHash,
      ...(context.address === undefined ? {} : { address: context.address }),
    });
    if (waitSeconds !== undefined)
      throw serverError('ERR_SERVER_RATE_LIMITED', 'Too many events from here', {
        details: { retryAfterSeconds: waitSeconds },
      });

    const scope: ChannelScope = { app: batch.app, channel: batch.channel, platform: batch.platform, project };
    const snapshot = await channels.read(scope);
    if (snapshot === undefined) throw serverError('ERR_SERVER_NOT_FOUND', 'There is no such channel');
    const nowSeconds = Math.floor(clock.nowMs() / 1000);
    const key = channelKey(scope);
    const events: StoredEvent[] = [];
    const guardedReleases = new Map<string, boolean>();
    for (const { type, event_id, at_seconds, ticket, release_id, version_code, ...detail } of batch.events) {
      // Only what the index names: nobody can make rows for releases that do not exist.
      const release = snapshot.index.releases.find((one) =>
        release_id === undefined ? one.versionCode === version_code : one.releaseId === release_id,
      );
      if (release === undefined) continue;
      const { releaseId } = release;
      const ticketed = ticket !== undefined && secrets.isTicket(ticket, releaseId, deviceHash, nowSeconds);
      const marks: string[] = [type];
      if (EXPOSED.includes(type)) {
        // One subnet has one voice of bounded strength, healthy or not; whole batches are in the sample or are not.
        const subnet = subnetOf(context.address);
        let counts = guardedReleases.get(releaseId);
        if (counts === undefined) {
          counts = guarded.take(`${releaseId} ${subnet}`) === undefined;
          guardedReleases.set(releaseId, counts);
        }
        if (counts) {
          marks.push('exposed');
          if (FAILED.includes(type))
            marks.push('failed', ...(guard === undefined ? [] : [groupMark(subnet, secrets)]));
        }
      }
      // Device clocks are wrong by years; what they say is only believed near the truth.
      const at = at_seconds ?? nowSeconds;
      events.push({
        atSeconds: Math.min(Math.max(at, nowSeconds - 7 * 86_400), nowSeconds + 300),
        channelKey: key,
        detail: { ...detail, ticketed },
        deviceHash,
        // Bound to the device: nobody can use up the ids of others. The device comes first, so that its events lie side by side.
        eventId: `${deviceHash.slice(0, 16)} ${event_id ?? `${release.versionCode} ${type} ${Math.floor(nowSeconds / 3600)}`}`,
        expiresAtSeconds: nowSeconds + retentionSeconds,
        marks,
        releaseId,
        type,
      });
    }
    await write(events);
    if (guard !== undefined)
      for (const [releaseId, counts] of guardedReleases) if (counts) await guard.consider(scope, releaseId);
    const ignored = batch.events.length - events.length;
    if (ignored > 0) metrics.count('kivyx_telemetry_events_total', { outcome: 'ignored' }, ignored);
    return { accepted: events.length, ignored };
  };
}

interface BatchEvent {
  readonly type: EventType;
  readonly event_id?: string | undefined;
  readonly at_seconds?: number;
  readonly ticket?: string;
  readonly release_id?: string;
  readonly version_code?: number;
  readonly cause?: string;
  readonly duration_ms?: number;
  readonly bytes?: number;
}

type Batch = Omit<v.InferOutput<typeof SCHEMAS.batchBody>, 'events'> & {
  readonly events: readonly BatchEvent[];
};

/** The body (untrusted) in one form. */
function readBatch(body: unknown): Batch {
  const isSimple = typeof body === 'object' && body !== null && 'event_type' in body;
  if (!isSimple) return readInput(SCHEMAS.batchBody, body) as Batch;
  const { event_type, event_id, version_code, ...rest } = readInput(SCHEMAS.simpleBody, body);
  const type = event_type === 'apply' ? 'launch' : event_type;
  return { ...rest, events: [{ event_id, type, version_code }] };
}
