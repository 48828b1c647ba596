import type { CreateTableCommandInput, UpdateTimeToLiveCommandInput } from '@aws-sdk/client-dynamodb';

/**
 * Who removes expired events. `ttl`: DynamoDB does, for nothing, within days; they stop counting at once, and `removeExpired` has
 * nothing to do. `sweep`: `removeExpired` does, exactly, through one more index that every event then costs a write of.
 */
export type Expiry = 'ttl' | 'sweep';

/** Releases by version code. A local index: only those can be read consistently. */
export const BY_CODE = 'byCode';
/** The releases that the channel's index names, by version code; sparse. */
export const BY_INDEXED_CODE = 'byIndexedCode';
/** Events by expiry, only with `expiry: 'sweep'`; sparse. */
export const BY_EXPIRY = 'byExpiry';
/** Epoch seconds; DynamoDB's own TTL removes what is past it. */
export const TTL_ATTRIBUTE = 'ttl';

/**
 * How the table must be made, for the SDK and as a pattern for Terraform and CloudFormation. Local indexes can only be made
 * together with the table.
 */
export function dynamodbTable(
  tableName: string,
  { expiry = 'ttl' }: { readonly expiry?: Expiry } = {},
): { readonly create: CreateTableCommandInput; readonly timeToLive: UpdateTimeToLiveCommandInput } {
  const localIndex = (IndexName: string, AttributeName: string) => ({
    IndexName,
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' as const },
      { AttributeName, KeyType: 'RANGE' as const },
    ],
    Projection: { ProjectionType: 'ALL' as const },
  });
  const isSwept = expiry === 'sweep';
  return {
    create: {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'code', AttributeType: 'N' },
        { AttributeName: 'indexedCode', AttributeType: 'N' },
        ...(isSwept
          ? [
              { AttributeName: 'sweep', AttributeType: 'S' as const },
              { AttributeName: TTL_ATTRIBUTE, AttributeType: 'N' as const },
            ]
          : []),
      ],
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      LocalSecondaryIndexes: [localIndex(BY_CODE, 'code'), localIndex(BY_INDEXED_CODE, 'indexedCode')],
      TableName: tableName,
      ...(isSwept
        ? {
            GlobalSecondaryIndexes: [
              {
                IndexName: BY_EXPIRY,
                KeySchema: [
                  { AttributeName: 'sweep', KeyType: 'HASH' as const },
                  { AttributeName: TTL_ATTRIBUTE, KeyType: 'RANGE' as const },
                ],
                Projection: { ProjectionType: 'KEYS_ONLY' as const },
              },
            ],
          }
        : {}),
    },
    timeToLive: {
      TableName: tableName,
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
    },
  };
}
