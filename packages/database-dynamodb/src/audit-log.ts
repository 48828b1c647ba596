import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEntry } from '@kivyx-ota/database';
import { auditItem, integerOf } from './items.ts';
import { auditKey, auditNumberKey } from './keys.ts';
import type { WriteItem } from './transact.ts';

/**
 * The two items that log `entry`, for a transaction: the entry under the next number, and that number. Their conditions fail
 * when somebody else logged meanwhile, so numbers have no gaps and no entry is ever written over. One read.
 */
export async function auditWrites(
  client: DynamoDBDocumentClient,
  tableName: string,
  entry: AuditEntry,
): Promise<readonly WriteItem[]> {
  const counter = auditNumberKey(entry.subject);
  const { Item } = await client.send(
    new GetCommand({ ConsistentRead: true, Key: { ...counter }, TableName: tableName }),
  );
  const last = Item === undefined ? 0 : integerOf(Item, 'last');
  return [
    {
      Put: {
        ConditionExpression: last === 0 ? 'attribute_not_exists(pk)' : '#last = :last',
        Item: { ...counter, last: last + 1 },
        TableName: tableName,
        ...(last === 0
          ? {}
          : { ExpressionAttributeNames: { '#last': 'last' }, ExpressionAttributeValues: { ':last': last } }),
      },
    },
    {
      Put: {
        ConditionExpression: 'attribute_not_exists(pk)',
        Item: auditItem(auditKey(entry.subject, last + 1), last + 1, entry),
        TableName: tableName,
      },
    },
  ];
}
