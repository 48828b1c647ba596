import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Clock } from '@kivyx-ota/core';
import {
  type ChannelCommit,
  channelKey,
  type CommitResult,
  databaseError,
  type OtaDatabase,
  type Page,
} from '@kivyx-ota/database';
import { auditWrites } from './audit-log.ts';
import { NAME, toDatabaseError } from './dynamo-error.ts';
import {
  apiKeyItem,
  headItem,
  type Item,
  releaseItem,
  toApiKey,
  toAuditEntry,
  toHead,
  toRelease,
} from './items.ts';
import {
  apiKeyKey,
  auditPartition,
  countsPartition,
  headKey,
  hourSortKey,
  type ItemKey,
  padded,
  releaseKey,
  releasesPartition,
  TOTAL_PREFIX,
} from './keys.ts';
import { adoptionOf, countsOf } from './read-counts.ts';
import { recordEvents } from './record-events.ts';
import { removeExpired } from './remove-expired.ts';
import { BY_CODE, BY_INDEXED_CODE, type Expiry } from './table.ts';
import { MAX_ITEMS, transact, untilDone } from './transact.ts';

/** Options of {@link dynamodbDatabase}. */
export interface DynamodbDatabaseOptions {
  /** The SDK's document client: region, credentials, retries are its business. Without `convertEmptyValues` and `wrapNumbers`. */
  readonly client: DynamoDBDocumentClient;
  /** A table as `dynamodbTable()` describes it. */
  readonly tableName: string;
  readonly clock: Clock;
  /** Default `ttl`. */
  readonly expiry?: Expiry;
  /** Items over which the counters of a release (and hour) are spread. May be changed at any time. Default 8. */
  readonly counterShards?: number;
  /**
   * Items that a transaction takes. Default 100, which is what the service takes. For emulators: older ones take 10 or 25; there
   * a commit of more releases than fit is a `RangeError`.
   */
  readonly maxTransactionItems?: number;
}

/**
 * The control plane's database on one DynamoDB table. All reads are consistent. All writes of more than one item are
 * transactions with conditions; those that meet others are tried again with growing pauses.
 *
 * @throws ERR_DATABASE_UNAVAILABLE, ERR_DATABASE_CURSOR, ERR_DATABASE_CORRUPT from its methods
 * @example
 * ```ts
 * import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
 * import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
 * import { dynamodbDatabase } from '@kivyx-ota/database-dynamodb';
 *
 * const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'eu-central-1' }));
 * export const database = dynamodbDatabase({ client, clock: { nowMs: Date.now }, tableName: 'kivyx-ota' });
 * ```
 */
export function dynamodbDatabase(options: DynamodbDatabaseOptions): OtaDatabase {
  const {
    client,
    clock,
    tableName,
    expiry = 'ttl',
    counterShards = 8,
    maxTransactionItems = MAX_ITEMS,
  } = options;
  if (!Number.isInteger(counterShards) || counterShards < 1 || counterShards > 100)
    throw new RangeError(`dynamodbDatabase: counterShards is ${counterShards}, expected 1 to 100`);
  if (!Number.isInteger(maxTransactionItems) || maxTransactionItems < 4 || maxTransactionItems > MAX_ITEMS)
    throw new RangeError(
      `dynamodbDatabase: maxTransactionItems is ${maxTransactionItems}, expected 4 to ${MAX_ITEMS}`,
    );
  const TableName = tableName;

  const guarded = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      throw toDatabaseError(doing, error);
    }
  };
  const get = async (key: ItemKey): Promise<Item | undefined> =>
    (await client.send(new GetCommand({ ConsistentRead: true, Key: { ...key }, TableName }))).Item;
  /** Every item of a query, page by page (1 MB each). */
  const queryAll = async (query: Omit<QueryCommandInput, 'TableName'>): Promise<readonly Item[]> => {
    const items: Item[] = [];
    let next: QueryCommandInput['ExclusiveStartKey'];
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          ...query,
          ConsistentRead: true,
          TableName,
          ...(next === undefined ? {} : { ExclusiveStartKey: next }),
        }),
      );
      items.push(...Items);
      next = LastEvaluatedKey;
    } while (next !== undefined);
    return items;
  };
  /** One page: one item more is asked for, to know whether there is a next one. */
  const queryPage = async <T>(
    query: Omit<QueryCommandInput, 'TableName'>,
    limit: number,
    toValue: (item: Item) => T,
    cursorOf: (last: T) => string,
  ): Promise<Page<T>> => {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        ...query,
        ConsistentRead: true,
        Limit: limit + 1,
        ScanIndexForward: false,
        TableName,
      }),
    );
    const items = Items.slice(0, limit).map(toValue);
    const last = items[items.length - 1];
    // A page of 1 MB ends early.
    const hasMore = Items.length > limit || LastEvaluatedKey !== undefined;
    return hasMore && last !== undefined ? { cursor: cursorOf(last), items } : { items };
  };

  /** Undefined: somebody else is at it, read again. */
  const tryCommit = async (commit: ChannelCommit): Promise<CommitResult | undefined> => {
    const { audit, expectedRevision, head, releases, scope } = commit;
    const revision = expectedRevision + 1;
    const byId = new Map(releases.map((one) => [one.release.releaseId, one]));
    const room = maxTransactionItems - (audit === undefined ? 1 : 3);
    if (byId.size > room)
      throw new RangeError(
        `commitChannel: ${byId.size} releases, at most ${Math.min(90, room)} fit a transaction`,
      );
    const outcome = await transact(client, [
      {
        Put: {
          ConditionExpression: expectedRevision === 0 ? 'attribute_not_exists(pk)' : 'revision = :expected',
          Item: headItem(headKey(scope), { ...head, revision }),
          TableName,
          ...(expectedRevision === 0 ? {} : { ExpressionAttributeValues: { ':expected': expectedRevision } }),
        },
      },
      ...[...byId].map(([id, release]) => ({
        Put: { Item: releaseItem(releaseKey(scope, id), release), TableName },
      })),
      ...(audit === undefined ? [] : await auditWrites(client, tableName, audit)),
    ]);
    if (outcome.done) return { committed: true, revision };
    return outcome.failed.includes(0) ? { committed: false } : undefined;
  };

  return {
    commitChannel: async (commit) => {
      // Before the first await: the caller may reuse its buffer.
      const own = { ...commit, head: { ...commit.head, envelope: commit.head.envelope.slice() } };
      return guarded('commitChannel', () => untilDone('commitChannel', () => tryCommit(own)));
    },
    listAudit: (subject, { cursor, limit = 50 } = {}) =>
      guarded('listAudit', async () => {
        const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : readCursor(cursor).number;
        return queryPage(
          {
            ExpressionAttributeValues: { ':before': padded(before), ':pk': auditPartition(subject) },
            KeyConditionExpression: 'pk = :pk AND sk < :before',
          },
          limit,
          toAuditEntry,
          ({ number }) => String(number),
        );
      }),
    listIndexed: (scope) =>
      guarded('listIndexed', async () => {
        const items = await queryAll({
          ExpressionAttributeValues: { ':pk': releasesPartition(scope) },
          IndexName: BY_INDEXED_CODE,
          KeyConditionExpression: 'pk = :pk',
        });
        return items.map(toRelease);
      }),
    listReleases: (scope, { cursor, limit = 50 } = {}) =>
      guarded('listReleases', async () => {
        const after = cursor === undefined ? undefined : readCursor(cursor);
        return queryPage(
          {
            ExpressionAttributeValues: { ':pk': releasesPartition(scope) },
            IndexName: BY_CODE,
            KeyConditionExpression: 'pk = :pk',
            ...(after === undefined
              ? {}
              : { ExclusiveStartKey: { ...releaseKey(scope, after.id), code: after.number } }),
          },
          limit,
          toRelease,
          ({ release: { releaseId, versionCode } }) => `${versionCode}:${releaseId}`,
        );
      }),
    name: NAME,
    putApiKey: (key, audit) =>
      guarded('putApiKey', () =>
        untilDone('putApiKey', async () => {
          const outcome = await transact(client, [
            {
              Put: {
                ConditionExpression: 'attribute_not_exists(pk)',
                Item: apiKeyItem(apiKeyKey(key.id), key),
                TableName,
              },
            },
            ...(await auditWrites(client, tableName, audit)),
          ]);
          if (outcome.done) return true;
          return outcome.failed.includes(0) ? false : undefined;
        }),
      ),
    readAdoption: (scope, releaseId, { fromSeconds, toSeconds }) =>
      guarded('readAdoption', async () => {
        if (toSeconds <= fromSeconds) return [];
        const items = await queryAll({
          ExpressionAttributeValues: {
            ':from': hourSortKey(Math.max(0, fromSeconds)),
            ':pk': countsPartition(channelKey(scope), releaseId),
            ':to': hourSortKey(Math.max(0, toSeconds)),
          },
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        });
        return adoptionOf(items);
      }),
    readApiKey: (id) =>
      guarded('readApiKey', async () => {
        const item = await get(apiKeyKey(id));
        return item === undefined ? undefined : toApiKey(item);
      }),
    readCounts: (scope, releaseId) =>
      guarded('readCounts', async () => {
        const items = await queryAll({
          ExpressionAttributeValues: {
            ':pk': countsPartition(channelKey(scope), releaseId),
            ':total': TOTAL_PREFIX,
          },
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :total)',
        });
        return countsOf(items);
      }),
    readHead: (scope) =>
      guarded('readHead', async () => {
        const item = await get(headKey(scope));
        return item === undefined ? undefined : toHead(item);
      }),
    readRelease: (scope, releaseId) =>
      guarded('readRelease', async () => {
        const item = await get(releaseKey(scope, releaseId));
        return item === undefined ? undefined : toRelease(item);
      }),
    recordEvents: (batch) =>
      guarded('recordEvents', () =>
        recordEvents(
          {
            client,
            counterShards,
            isSwept: expiry === 'sweep',
            maxTransactionItems,
            nowSeconds: () => Math.floor(clock.nowMs() / 1000),
            tableName,
          },
          batch,
        ),
      ),
    removeExpired: (nowSeconds, limit) =>
      guarded('removeExpired', async () =>
        expiry === 'ttl' ? 0 : removeExpired(client, tableName, nowSeconds, limit),
      ),
    revokeApiKey: (id, atMs, audit) =>
      guarded('revokeApiKey', () =>
        untilDone('revokeApiKey', async () => {
          const key = apiKeyKey(id);
          const item = await get(key);
          if (item === undefined) return false;
          if (toApiKey(item).revokedAtMs !== undefined) return true;
          const { done } = await transact(client, [
            {
              Update: {
                ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(revokedAtMs)',
                ExpressionAttributeValues: { ':at': atMs },
                Key: { ...key },
                TableName,
                UpdateExpression: 'SET revokedAtMs = :at',
              },
            },
            ...(await auditWrites(client, tableName, audit)),
          ]);
          return done ? true : undefined;
        }),
      ),
  };
}

/** `123` or `123:id`; untrusted. */
function readCursor(cursor: string): { readonly number: number; readonly id: string } {
  const match = /^([0-9]{1,16})(?::(.{0,1000}))?$/s.exec(cursor);
  if (match === null)
    throw databaseError('ERR_DATABASE_CURSOR', NAME, 'this cursor was not given by this database');
  return { id: match[2] ?? '', number: Number(match[1]) };
}
