import { bytesToHex, type Clock, isOtaError, type Random, utf8ToBytes } from '@kivyx-ota/core';
import type { Client } from '../client.ts';
import { clientError } from '../error.ts';
import { parseRetryAfterMs } from '../http/with-retry.ts';
import type { HttpHead, RecordsPort } from '../ports.ts';
import { sealedSlots } from '../records/sealed-slots.ts';
import { type TelemetryEvent, toTelemetryEvent } from './to-telemetry-event.ts';

/** One POST of a JSON text. Header names in and out are lower case; redirects are not followed. Rejects when there is no answer. */
export type PostJson = (request: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<HttpHead>;

/** Options of {@link createTelemetryQueue}. */
export interface TelemetryQueueOptions {
  readonly records: RecordsPort;
  readonly post: PostJson;
  /** `https://…/telemetry` */
  readonly url: string;
  readonly scope: { readonly app: string; readonly platform: string; readonly channel: string };
  readonly deviceId: string;
  readonly clock: Clock;
  readonly random: Random;
  /** Default 200; when more wait, the oldest are dropped and counted. */
  readonly maxEvents?: number;
}

/** What {@link TelemetryQueue.flush} did. */
export interface FlushResult {
  readonly sent: number;
  /** Refused by the server for good; thrown away, or they would block all that follow. */
  readonly refused: number;
  readonly waiting: number;
  /** Nothing is sent before (Unix milliseconds), because the server or the network said so. */
  readonly notBeforeMs?: number;
}

/** Events that wait for a network, across restarts. */
export interface TelemetryQueue {
  /** Puts every event of this client that telemetry is interested in into the queue; gives what ends that. */
  attach(client: Pick<Client, 'subscribe'>): () => void;
  add(event: Omit<TelemetryEvent, 'at_seconds' | 'event_id'>): Promise<void>;
  /** Sends what waits, in batches. Never rejects for what the network does. @throws ERR_CLIENT_STORAGE */
  flush(): Promise<FlushResult>;
  /** Events dropped because too many waited, since the queue was made first. */
  dropped(): Promise<number>;
}

interface Stored {
  readonly dropped: number;
  readonly events: readonly TelemetryEvent[];
  readonly failures: number;
  readonly notBeforeMs: number;
}

const EMPTY: Stored = { dropped: 0, events: [], failures: 0, notBeforeMs: 0 };
/** Limits of the server. */
const BATCH_EVENTS = 50;
const BATCH_BYTES = 16_384;
const DAY_MS = 86_400_000;

/**
 * A bounded queue in two sealed slots. An event keeps its id, so that one which was sent and not acknowledged is counted once.
 * `429` and `503` with Retry-After are honoured, up to a day; without it, waits double from one minute, with full jitter.
 */
export function createTelemetryQueue(options: TelemetryQueueOptions): TelemetryQueue {
  const { records, post, url, scope, deviceId, clock, random, maxEvents = 200 } = options;
  if (!Number.isSafeInteger(maxEvents) || maxEvents < 1)
    throw new RangeError(`createTelemetryQueue: maxEvents ${maxEvents}, expected 1 or more`);
  const slots = sealedSlots<Stored>(records, 'telemetry', isStored);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const run = last.then(work);
    last = run.catch(() => undefined);
    return run;
  };
  const load = async (): Promise<Stored> => (await slots.read()) ?? EMPTY;
  const change = (work: (stored: Stored) => Stored): Promise<void> =>
    inTurn(async () => slots.write(work(await load())));

  const add: TelemetryQueue['add'] = (event) => {
    const full: TelemetryEvent = {
      ...event,
      at_seconds: Math.floor(clock.nowMs() / 1000),
      event_id: bytesToHex(random.bytes(12)),
    };
    return change((stored) => {
      const events = [...stored.events, full];
      const over = Math.max(0, events.length - maxEvents);
      return { ...stored, dropped: stored.dropped + over, events: events.slice(over) };
    });
  };

  /** Posts one batch; what becomes of the queue is decided on the queue as it is afterwards: events may come meanwhile. */
  const sendBatch = async (stored: Stored): Promise<Outcome> => {
    const { body, ids } = takeBatch(stored.events, (events) =>
      JSON.stringify({ ...scope, device_id: deviceId, events }),
    );
    let head: HttpHead | undefined;
    try {
      head = await post({ body, headers: { 'content-type': 'application/json' }, url });
    } catch {
      // No answer: the same as a server that is down.
    }
    const status = head?.status ?? 503;
    const isTransient = status === 408 || status === 425 || status === 429 || status >= 500;
    if (!isTransient) {
      await change((now) => ({
        ...now,
        events: now.events.filter(({ event_id: id }) => !ids.has(id)),
        failures: 0,
        notBeforeMs: 0,
      }));
      return { count: ids.size, kind: status >= 200 && status < 300 ? 'sent' : 'refused' };
    }
    const jitter = ((random.bytes(1)[0] as number) + 1) / 256;
    const waitMs = Math.max(
      parseRetryAfterMs(head?.headers['retry-after'], clock.nowMs()),
      jitter * Math.min(DAY_MS, 60_000 * 2 ** Math.min(stored.failures, 20)),
    );
    await change((now) => ({
      ...now,
      failures: now.failures + 1,
      notBeforeMs: clock.nowMs() + Math.ceil(waitMs),
    }));
    return { count: 0, kind: 'later' };
  };

  const flush = async (): Promise<FlushResult> => {
    let sent = 0;
    let refused = 0;
    for (;;) {
      const stored = await inTurn(load);
      // A clock that jumped back may not silence the queue for years.
      const waitMs = stored.notBeforeMs - clock.nowMs();
      const isWaiting = waitMs > 0 && waitMs <= DAY_MS;
      if (stored.events.length === 0 || isWaiting) {
        return {
          refused,
          sent,
          waiting: stored.events.length,
          ...(isWaiting ? { notBeforeMs: stored.notBeforeMs } : {}),
        };
      }
      const { kind, count } = await sendBatch(stored);
      if (kind === 'sent') sent += count;
      if (kind === 'refused') refused += count;
    }
  };
  let flushing: Promise<FlushResult> | undefined;

  return {
    add,
    attach: (client) =>
      client.subscribe((event) => {
        const telemetry = toTelemetryEvent(event);
        // A disk that is full loses the event, not the update.
        if (telemetry !== undefined) add(telemetry).catch(() => undefined);
      }),
    dropped: () => inTurn(async () => (await load()).dropped),
    flush: () => {
      flushing ??= flush()
        .catch((error: unknown) => {
          if (isOtaError(error)) throw error;
          throw clientError('ERR_CLIENT_STORAGE', 'The telemetry queue cannot be read or written', {
            cause: error,
          });
        })
        .finally(() => {
          flushing = undefined;
        });
      return flushing;
    },
  };
}

interface Outcome {
  readonly kind: 'sent' | 'refused' | 'later';
  readonly count: number;
}

/** As many from the front as the server's limits allow; at least one. */
function takeBatch(
  events: readonly TelemetryEvent[],
  toBody: (events: readonly TelemetryEvent[]) => string,
): { readonly body: string; readonly ids: ReadonlySet<string> } {
  for (let count = Math.min(BATCH_EVENTS, events.length); ; count = Math.ceil(count / 2)) {
    const batch = events.slice(0, count);
    const body = toBody(batch);
    if (count === 1 || utf8ToBytes(body).length <= BATCH_BYTES)
      return { body, ids: new Set(batch.map(({ event_id: id }) => id)) };
  }
}

function isStored(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { dropped, events, failures, notBeforeMs } = value as Partial<Stored>;
  return (
    Array.isArray(events) && [dropped, failures, notBeforeMs].every((number) => Number.isSafeInteger(number))
  );
}
