import { OtaError } from '@kivyx-ota/core';
import { memoryDatabase, type StoredEvent } from '@kivyx-ota/database';
import { expect, it, vi } from 'vitest';
import { createEventWriter } from '../src/telemetry/event-writer.ts';

const event = (eventId: string, channel = 'acme/cafe/ios/production'): StoredEvent => ({
  atSeconds: 1,
  channelKey: channel,
  deviceHash: `device of ${eventId}`,
  eventId,
  expiresAtSeconds: 100,
  marks: ['healthy'],
  releaseId: 'r1',
  type: 'healthy',
});
const events = (from: number, count: number): StoredEvent[] =>
  Array.from({ length: count }, (_, i) => event(`e${from + i}`));

it('requests at the same time share transactions of at most fifty events, channel by channel', async () => {
  const database = memoryDatabase();
  const sizes: string[] = [];
  const write = createEventWriter(
    {
      recordEvents: (batch) => {
        sizes.push(`${new Set(batch.map(({ channelKey }) => channelKey)).size}:${batch.length}`);
        return database.recordEvents(batch);
      },
    },
    () => undefined,
  );
  await Promise.all([
    ...Array.from({ length: 12 }, (_, i) => write(events(i * 10, 10))),
    write([event('other', 'acme/cafe/ios/beta')]),
    write([]),
  ]);
  expect(sizes.sort()).toEqual(['1:1', '1:20', '1:50', '1:50']);
  const scope = { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' } as const;
  expect(await database.readCounts(scope, 'r1')).toEqual([{ devices: 120, mark: 'healthy' }]);
});

it('nobody fails for another’s sake, and an outage is not made worse', async () => {
  const database = memoryDatabase();
  let calls = 0;
  const write = createEventWriter(
    {
      recordEvents: async (batch) => {
        calls++;
        if (batch.some(({ eventId }) => eventId === 'bad')) throw new Error('this one');
        if (batch.some(({ eventId }) => eventId === 'away'))
          throw new OtaError('ERR_DATABASE_UNAVAILABLE', 'away', { retryable: true });
        return database.recordEvents(batch);
      },
    },
    () => undefined,
  );
  const outcomes = await Promise.allSettled([
    write(events(0, 1)),
    write([event('bad')]),
    write(events(1, 1)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  calls = 0;
  await Promise.allSettled([write(events(2, 1)), write([event('away')])]);
  expect(calls).toBe(1);
});

it('what comes alone is written at once; a crowd waits five milliseconds for company, or for sixteen events', async () => {
  vi.useFakeTimers();
  try {
    const sizes: number[] = [];
    const recordEvents = async (batch: readonly StoredEvent[]): Promise<number> => sizes.push(batch.length);
    const write = createEventWriter({ recordEvents }, () => undefined);
    void write(events(0, 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(sizes).toEqual([1]);
    void write(events(1, 1));
    await vi.advanceTimersByTimeAsync(4);
    void write(events(2, 1));
    expect(sizes).toEqual([1]);
    await vi.advanceTimersByTimeAsync(1);
    expect(sizes).toEqual([1, 2]);
    for (let i = 0; i < 16; i++) void write(events(10 + i, 1));
    await vi.advanceTimersByTimeAsync(1);
    expect(sizes).toEqual([1, 2, 16]);
    await vi.advanceTimersByTimeAsync(100);
    void write(events(50, 1));
    await vi.advanceTimersByTimeAsync(0);
    expect(sizes).toEqual([1, 2, 16, 1]);
  } finally {
    vi.useRealTimers();
  }
});
