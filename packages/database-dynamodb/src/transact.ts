import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { databaseError } from '@kivyx-ota/database';
import { cancellationCodes, isConflict, NAME } from './dynamo-error.ts';

/** One item of a transaction. */
export type WriteItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Of the service, since September 2022. */
export const MAX_ITEMS = 100;

/** What became of a transaction: done, or the places of the items whose conditions did not hold, or somebody else was at it. */
export type TransactOutcome =
  | { readonly done: true }
  | { readonly done: false; readonly failed: readonly number[] };

/**
 * Writes all items or none. The SDK puts a token into the request, so that its own retries after a lost answer do not write twice.
 */
export async function transact(
  client: DynamoDBDocumentClient,
  items: readonly WriteItem[],
): Promise<TransactOutcome> {
  try {
    await client.send(new TransactWriteCommand({ TransactItems: [...items] }));
    return { done: true };
  } catch (error) {
    if (isConflict(error)) return { done: false, failed: [] };
    const codes = cancellationCodes(error);
    if (codes === undefined || !codes.includes('ConditionalCheckFailed')) throw error;
    return {
      done: false,
      failed: codes.flatMap((code, i) => (code === 'ConditionalCheckFailed' ? [i] : [])),
    };
  }
}

const ATTEMPTS = 40;

/**
 * Runs `work` until it gives a value, with growing pauses: undefined says that somebody else was faster, so read again.
 *
 * @throws ERR_DATABASE_UNAVAILABLE (retryable) after 40 times, several seconds
 */
export async function untilDone<T>(doing: string, work: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const value = await work();
    if (value !== undefined) return value;
    // "Full jitter": writers that met once must not meet again.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(400, 5 * 2 ** attempt)));
  }
  throw databaseError(
    'ERR_DATABASE_UNAVAILABLE',
    NAME,
    `${doing}: ${ATTEMPTS} transactions in a row met others`,
  );
}
