import { isOtaError } from '@kivyx-ota/core';
import type { OtaDatabase, StoredEvent } from '@kivyx-ota/database';

/** What `recordEvents` takes at once. */
const MAX_EVENTS = 50;

/** Writes events; resolves when they are stored. */
export type EventWriter = (events: readonly StoredEvent[]) => Promise<void>;

interface Waiting {
  readonly events: readonly StoredEvent[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Joins the events of requests that come at the same time into one transaction, channel by channel: a transaction costs far
 * more than a row. Nothing waits for company longer than a turn of the event loop, and while one write is under way the next
 * one fills. `onWritten` gets the number of new events.
 */
export function createEventWriter(
  database: Pick<OtaDatabase, 'recordEvents'>,
  onWritten: (accepted: number, events: readonly StoredEvent[]) => void | Promise<void>,
): EventWriter {
  const queues = new Map<string, Waiting[]>();

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

  const drain = async (channel: string, queue: Waiting[]): Promise<void> => {
    while (queue.length > 0) {
      // A driver may do its work without giving up control: between two writes, others have their turn.
      await new Promise((resolve) => setTimeout(resolve, 0));
      let count = 0;
      let size = 0;
      for (const { events } of queue) {
        if (count > 0 && size + events.length > MAX_EVENTS) break;
        size += events.length;
        count++;
      }
      await write(queue.splice(0, count));
    }
    queues.delete(channel);
  };

  return (events) => {
    const [first] = events;
    if (first === undefined) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const waiting = { events, reject, resolve };
      const queue = queues.get(first.channelKey);
      if (queue !== undefined) {
        queue.push(waiting);
        return;
      }
      const started = [waiting];
      queues.set(first.channelKey, started);
      void drain(first.channelKey, started);
    });
  };
}
