import { isOtaError } from '@kivyx-ota/core';
import type { OtaDatabase, StoredEvent } from '@kivyx-ota/database';

/** What `recordEvents` takes at once. */
const MAX_EVENTS = 50;

/** While writes follow each other closely, the next one waits so long for company, or for so many events. */
const GATHER_MS = 5;
const GATHER_EVENTS = 16;

/** Writes events; resolves when they are stored. */
export type EventWriter = (events: readonly StoredEvent[]) => Promise<void>;

interface Waiting {
  readonly events: readonly StoredEvent[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Queue {
  readonly channel: string;
  readonly waiting: Waiting[];
  /** Events that wait. */
  size: number;
  onEnough: (() => void) | undefined;
}

/**
 * Joins the events of requests that come at the same time into one transaction, channel by channel: a transaction costs far
 * more than a row. Events that come alone are written at once; those of a crowd wait for each other, five milliseconds at most, and
 * while one write is under way the next one fills. `onWritten` gets the number of new events.
 */
export function createEventWriter(
  database: Pick<OtaDatabase, 'recordEvents'>,
  onWritten: (accepted: number, events: readonly StoredEvent[]) => void | Promise<void>,
): EventWriter {
  const queues = new Map<string, Queue>();
  let lastWriteMs = -Infinity;

  const record = async (events: readonly StoredEvent[]): Promise<void> =>
    onWritten(await database.recordEvents(events), events);

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      await record(batch.flatMap(({ events }) => events));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1 || (isOtaError(error) && error.retryable)) {
        for (const { reject } of batch) reject(error);
        return;
      }
      // Something about one of them: nobody fails for another's sake. Idempotent, should all have been written.
      for (const { events, reject, resolve } of batch) await record(events).then(resolve, reject);
    }
  };

  const drain = async (queue: Queue): Promise<void> => {
    const { waiting } = queue;
    while (waiting.length > 0) {
      const isCrowded = performance.now() - lastWriteMs < GATHER_MS;
      // A driver may do its work without giving up control: between two writes, others have their turn.
      await gather(queue, isCrowded ? GATHER_MS : 0);
      let count = 0;
      let size = 0;
      for (const { events } of waiting) {
        if (count > 0 && size + events.length > MAX_EVENTS) break;
        size += events.length;
        count++;
      }
      queue.size -= size;
      await write(waiting.splice(0, count));
      lastWriteMs = performance.now();
    }
    queues.delete(queue.channel);
  };

  /** Until `ms` have passed, or enough has come. */
  const gather = (queue: Queue, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      queue.onEnough = () => {
        clearTimeout(timer);
        setTimeout(resolve, 0);
        queue.onEnough = undefined;
      };
      if (queue.size >= GATHER_EVENTS) queue.onEnough();
    });

  return (events) => {
    const [first] = events;
    if (first === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const { channelKey: channel } = first;
      const known = queues.get(channel);
      const queue: Queue = known ?? { channel, onEnough: undefined, size: 0, waiting: [] };
      queue.waiting.push({ events, reject, resolve });
      queue.size += events.length;
      if (known === undefined) {
        queues.set(channel, queue);
        void drain(queue);
      } else if (queue.size >= GATHER_EVENTS) queue.onEnough?.();
    });
  };
}
