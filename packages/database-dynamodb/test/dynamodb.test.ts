import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import {
  type ConformanceCase,
  databaseBudgetCases,
  databaseCases,
  databaseContentionCases,
} from '@kivyx-ota/conformance';
import type { StoredEvent } from '@kivyx-ota/database';
import { dynamodbDatabase } from '@kivyx-ota/database-dynamodb';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { startDynamodbLocal } from './dynamodb-local.ts';
import { EMULATOR_ITEMS } from './wide-transactions.ts';

// Thousands of requests to one process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const clock = { nowMs: () => 1_790_000_000_000 };
const server = await startDynamodbLocal();
if (server === undefined && process.env['CI'] !== undefined)
  throw new Error('CI needs Java for DynamoDB Local: apt-get install default-jre-headless');
if (server === undefined)
  console.log('skipped: DynamoDB Local needs Java (apt-get install default-jre-headless)');
const local = server as NonNullable<typeof server>;

afterAll(() => server?.stop());

const SCOPE = { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' } as const;
const event = (i: number, change: Partial<StoredEvent> = {}): StoredEvent => ({
  atSeconds: 1_790_000_000,
  channelKey: 'acme/cafe/ios/production',
  deviceHash: 'd1',
  eventId: `e${i}`,
  expiresAtSeconds: 1_790_086_400,
  marks: ['healthy', 'exposed'],
  releaseId: 'r1',
  type: 'healthy',
  ...change,
});

describe.skipIf(server === undefined)('DynamoDB Local', () => {
  describe("expiry: 'sweep', transactions of up to 100 items", () => {
    it.each(
      databaseCases({
        create: async () =>
          dynamodbDatabase({
            client: local.connect().client,
            clock,
            expiry: 'sweep',
            tableName: await local.createTable('sweep'),
          }),
      }),
    )('$title', async ({ run }: ConformanceCase) => run());
  });

  describe("expiry: 'ttl', transactions as the emulator takes them", () => {
    it.each(
      databaseCases({
        create: async () =>
          dynamodbDatabase({
            client: local.connect().client,
            clock,
            counterShards: 1,
            maxTransactionItems: EMULATOR_ITEMS,
            tableName: await local.createTable(),
          }),
        releasesPerCommit: EMULATOR_ITEMS - 3,
        // There the service removes; what a caller sees of it is tested below.
      }).filter(({ id }) => id !== 'database/11-retention'),
    )('$title', async ({ run }: ConformanceCase) => run());

    it('an expired event that is still there counts as gone: its id is free, its device is known', async () => {
      const { client } = local.connect();
      const tableName = await local.createTable();
      let nowMs = 1_790_000_000_000;
      const database = dynamodbDatabase({ client, clock: { nowMs: () => nowMs }, tableName });
      expect(await database.recordEvents([event(1)])).toBe(1);
      nowMs = 1_790_086_399_999;
      expect(await database.recordEvents([event(1)])).toBe(0);
      nowMs = 1_790_086_400_000;
      expect(await database.removeExpired(1_790_086_400, 10)).toBe(0);
      expect(await database.recordEvents([event(1, { expiresAtSeconds: 1_790_172_800 })])).toBe(1);
      expect(await database.recordEvents([event(1)])).toBe(0);
      expect(await database.readCounts(SCOPE, 'r1')).toEqual([
        { devices: 1, mark: 'exposed' },
        { devices: 1, mark: 'healthy' },
      ]);
    });

    it('only events have the TTL attribute', async () => {
      const { client } = local.connect();
      const tableName = await local.createTable();
      const database = dynamodbDatabase({ client, clock, tableName });
      await database.recordEvents([event(1)]);
      await database.putApiKey(
        { createdAtMs: 1, id: 'k1', label: 'l', scopes: ['read'], secretSha256Hex: '00' },
        { action: 'create', actor: 'me', atMs: 1, subject: 'keys' },
      );
      const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
      const mortal = Items.filter(({ ttl }) => ttl !== undefined);
      expect(mortal.map(({ pk }) => pk)).toEqual(['event#acme/cafe/ios/production#e1']);
      expect(Items.length).toBe(1 + 1 + 2 + 3);
    });
  });

  it.each(
    databaseBudgetCases({
      // A read of the audit number and a transaction; fifty events of fifty devices: a read and two transactions.
      budgets: {
        commitChannel: 2,
        listIndexed: 1,
        listReleases: 1,
        lostCommit: 1,
        readApiKey: 1,
        readCounts: 1,
        readHead: 1,
        readRelease: 1,
        recordEvents: 3,
      },
      create: async () => {
        const { client, requests } = local.connect();
        const database = dynamodbDatabase({ client, clock, tableName: await local.createTable() });
        return { database, roundTrips: requests };
      },
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  it('fifty events of one device are a read and a transaction; told again, a read', async () => {
    const { client, requests } = local.connect();
    const database = dynamodbDatabase({ client, clock, tableName: await local.createTable() });
    const batch = Array.from({ length: 50 }, (_, i) => event(i));
    expect(await database.recordEvents(batch)).toBe(50);
    expect(requests()).toBe(2);
    expect(await database.recordEvents(batch)).toBe(0);
    expect(requests()).toBe(3);
  });

  it.each(
    databaseContentionCases({
      changesPerWriter: 3,
      open: async () => {
        const tableName = await local.createTable('sweep');
        return Array.from({ length: 4 }, () =>
          dynamodbDatabase({
            client: local.connect().client,
            clock,
            expiry: 'sweep',
            maxTransactionItems: EMULATOR_ITEMS,
            tableName,
          }),
        );
      },
      writers: 6,
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  describe('where a third of all transactions meet others and are refused', () => {
    it.each(
      databaseContentionCases({
        changesPerWriter: 3,
        open: async () => {
          const tableName = await local.createTable('sweep');
          return Array.from({ length: 4 }, () => {
            const { client } = local.connect();
            // The emulator works one by one and never says this; the service does.
            client.middlewareStack.add(
              (next, { commandName }) =>
                async (args) => {
                  if (commandName !== 'TransactWriteItemsCommand' || Math.random() > 1 / 3) return next(args);
                  throw Object.assign(new Error('Transaction cancelled'), {
                    CancellationReasons: [{ Code: 'None' }, { Code: 'TransactionConflict' }],
                    name: 'TransactionCanceledException',
                  });
                },
              { step: 'initialize' },
            );
            return dynamodbDatabase({
              client,
              clock,
              expiry: 'sweep',
              maxTransactionItems: EMULATOR_ITEMS,
              tableName,
            });
          });
        },
        writers: 4,
      }),
    )('$title', async ({ run }: ConformanceCase) => run());
  });

  it('a table that only ever refuses ends in a retryable error, not in a wait without end', async () => {
    const { client, requests } = local.connect();
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName !== 'TransactWriteItemsCommand') return next(args);
          throw Object.assign(new Error('Transaction cancelled'), {
            CancellationReasons: [{ Code: 'TransactionConflict' }],
            name: 'TransactionCanceledException',
          });
        },
      { step: 'initialize' },
    );
    const database = dynamodbDatabase({ client, clock, tableName: await local.createTable() });
    // All waits are of a random length: here the shortest.
    const random = vi.spyOn(Math, 'random').mockReturnValue(0);
    try {
      await expect(database.recordEvents([event(1)])).rejects.toMatchObject({
        code: 'ERR_DATABASE_UNAVAILABLE',
        retryable: true,
      });
    } finally {
      random.mockRestore();
    }
    expect(requests()).toBeLessThan(100);
  });

  it('a commit whose answer is lost on the way is not made twice, and is known as made', async () => {
    const { client } = local.connect();
    const tableName = await local.createTable();
    let lost = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const answer = await next(args);
          if (commandName === 'TransactWriteItemsCommand' && lost++ === 0)
            throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
          return answer;
        },
      { step: 'deserialize' },
    );
    const database = dynamodbDatabase({ client, clock, tableName });
    const result = await database.commitChannel({
      audit: { action: 'publish', actor: 'me', atMs: 1, subject: 'acme/cafe/ios/production' },
      expectedRevision: 0,
      head: { envelope: Uint8Array.of(1), expiresAtSeconds: 1, payloadSha256Hex: '00', sequence: 1 },
      releases: [],
      scope: SCOPE,
    });
    expect(lost).toBeGreaterThan(1);
    expect(result).toEqual({ committed: true, revision: 1 });
    expect((await database.listAudit('acme/cafe/ios/production')).items).toHaveLength(1);
  });

  it('a batch that broke off between its transactions is completed when it is told again', async () => {
    const { client } = local.connect();
    const tableName = await local.createTable();
    let transactions = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'TransactWriteItemsCommand' && ++transactions === 3)
            throw Object.assign(new Error('no rights any more'), { name: 'AccessDeniedException' });
          return next(args);
        },
      { step: 'initialize' },
    );
    const database = dynamodbDatabase({ client, clock, maxTransactionItems: EMULATOR_ITEMS, tableName });
    const batch = Array.from({ length: 20 }, (_, i) => event(i, { deviceHash: `d${i}` }));
    await expect(database.recordEvents(batch)).rejects.toMatchObject({ retryable: false });
    const before = (await database.readCounts(SCOPE, 'r1'))[0].devices;
    expect(before).toBeGreaterThan(0);
    expect(await database.recordEvents(batch)).toBe(20 - before);
    expect((await database.readCounts(SCOPE, 'r1'))[0].devices).toBe(20);
  });

  it('ids with the separator in them do not run into each other', async () => {
    const { client } = local.connect();
    const tableName = await local.createTable();
    const database = dynamodbDatabase({ client, clock, tableName });
    await database.recordEvents([event(1, { deviceHash: 'c', releaseId: 'a#b' })]);
    await database.recordEvents([event(2, { deviceHash: 'b#c', releaseId: 'a' })]);
    await database.recordEvents([event(3, { deviceHash: 'c', releaseId: 'a%23b' })]);
    for (const releaseId of ['a#b', 'a', 'a%23b'])
      expect((await database.readCounts(SCOPE, releaseId)).map(({ devices }) => devices)).toEqual([1, 1]);
  });

  it('counters are spread over their shards, and add up', async () => {
    const { client } = local.connect();
    const tableName = await local.createTable();
    const database = dynamodbDatabase({ client, clock, counterShards: 4, tableName });
    for (let i = 0; i < 40; i++) await database.recordEvents([event(i, { deviceHash: `d${i}` })]);
    const { Items = [] } = await client.send(
      new QueryCommand({
        ExpressionAttributeValues: { ':pk': 'counts#acme/cafe/ios/production#r1', ':total': 'total#' },
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :total)',
        TableName: tableName,
      }),
    );
    expect(Items.length).toBeGreaterThan(1);
    expect(Items.length).toBeLessThanOrEqual(4);
    expect(await database.readCounts(SCOPE, 'r1')).toEqual([
      { devices: 40, mark: 'exposed' },
      { devices: 40, mark: 'healthy' },
    ]);
  });

  it('a missing table is an error that says what to do, and does not invite retries', async () => {
    const { client } = local.connect();
    await expect(
      dynamodbDatabase({ client, clock, tableName: 'nobody' }).readApiKey('k1'),
    ).rejects.toMatchObject({
      code: 'ERR_DATABASE_UNAVAILABLE',
      message: expect.stringContaining('dynamodbTable()'),
      retryable: false,
    });
  });
});
