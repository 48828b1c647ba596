import { collectExpired, memoryDatabase, type OtaDatabase, type StoredEvent } from '@kivyx-ota/database';
import { expect, it } from 'vitest';

const clock = { nowMs: () => 1_000_999 };

async function filled(): Promise<OtaDatabase> {
  const database = memoryDatabase();
  const event = (i: number): StoredEvent => ({
    atSeconds: 1,
    channelKey: 'acme/cafe/ios/beta',
    deviceHash: 'd',
    eventId: `e${i}`,
    // Thirty have expired at 1000 s, five have not.
    expiresAtSeconds: i < 30 ? 1000 : 1001,
    marks: [],
    releaseId: 'r1',
    type: 'check',
  });
  await database.recordEvents(Array.from({ length: 35 }, (_, i) => event(i)));
  return database;
}

it('removes what has expired, over several batches, and keeps the rest', async () => {
  const database = await filled();
  expect(await collectExpired(database, { batchSize: 10, clock })).toEqual({ finished: true, removed: 30 });
  expect(await database.removeExpired(1001, 100)).toBe(5);
});

it('stops after maxBatches and says that there may be more', async () => {
  const database = await filled();
  expect(await collectExpired(database, { batchSize: 10, clock, maxBatches: 2 })).toEqual({
    finished: false,
    removed: 20,
  });
  expect(await collectExpired(database, { clock })).toEqual({ finished: true, removed: 10 });
});

it('refuses batches of nothing, which would never end', async () => {
  await expect(collectExpired(memoryDatabase(), { batchSize: 0, clock })).rejects.toThrow(RangeError);
});
