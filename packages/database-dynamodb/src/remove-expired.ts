import { DeleteCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { SWEEP_SHARDS, sweepPartition } from './keys.ts';
import { BY_EXPIRY, TTL_ATTRIBUTE } from './table.ts';

const AT_ONCE = 10;

/**
 * Removes up to `limit` expired events by the sweep index: a query per shard, a conditional delete per event. Sweepers at once
 * count each event for one of them.
 */
export async function removeExpired(
  client: DynamoDBDocumentClient,
  tableName: string,
  nowSeconds: number,
  limit: number,
): Promise<number> {
  const names = { '#ttl': TTL_ATTRIBUTE };
  let removed = 0;
  for (let shard = 0; shard < SWEEP_SHARDS && removed < limit; shard++) {
    const { Items = [] } = await client.send(
      new QueryCommand({
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ':now': nowSeconds, ':sweep': sweepPartition(shard) },
        IndexName: BY_EXPIRY,
        KeyConditionExpression: 'sweep = :sweep AND #ttl <= :now',
        Limit: limit - removed,
        TableName: tableName,
      }),
    );
    const remove = async ({ pk, sk }: Record<string, unknown>): Promise<number> => {
      try {
        await client.send(
          new DeleteCommand({
            // It may have come again since, and must stay then.
            ConditionExpression: '#ttl <= :now',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ':now': nowSeconds },
            Key: { pk, sk },
            TableName: tableName,
          }),
        );
        return 1;
      } catch (error) {
        if (
          error instanceof Error &&
          /^(?:ConditionalCheckFailed|TransactionConflict)Exception$/.test(error.name)
        )
          return 0;
        throw error;
      }
    };
    for (let from = 0; from < Items.length; from += AT_ONCE) {
      const counts = await Promise.all(Items.slice(from, from + AT_ONCE).map(remove));
      removed += counts.reduce((a, b) => a + b, 0);
    }
  }
  return removed;
}
