import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';

type TransactWriteItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The service takes 100 items; the only emulator there is on npm is of 2020 and takes this many. */
export const EMULATOR_ITEMS = 10;
const SERVICE_ITEMS = 100;

/** Any number of requests at once, or one alone. */
export interface Turnstile {
  shared<T>(work: () => Promise<T>): Promise<T>;
  alone<T>(work: () => Promise<T>): Promise<T>;
}

export function createTurnstile(): Turnstile {
  let gate: Promise<unknown> = Promise.resolve();
  const inside = new Set<Promise<unknown>>();
  return {
    alone: (work) => {
      const before = gate;
      const result = (async () => {
        await before;
        await Promise.allSettled(inside);
        return work();
      })();
      gate = result.catch(() => {});
      return result;
    },
    shared: async (work) => {
      for (let waited: unknown; waited !== gate;) await (waited = gate);
      const result = work();
      inside.add(result);
      try {
        return await result;
      } finally {
        inside.delete(result);
      }
    },
  };
}

/**
 * Gives the emulator the service's limit: a wider transaction runs alone, first all its conditions, ten at a time, each
 * checked by the emulator itself, then its writes.
 */
export function allowWideTransactions(
  client: DynamoDBDocumentClient,
  inner: DynamoDBDocumentClient,
  turnstile: Turnstile,
): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { TransactItems: items = [] } = args.input as { TransactItems?: TransactWriteItem[] };
        if (commandName !== 'TransactWriteItemsCommand' || items.length <= EMULATOR_ITEMS)
          return turnstile.shared(() => next(args));
        if (items.length > SERVICE_ITEMS)
          throw namedError('ValidationException', `${items.length} items in a transaction`);
        return turnstile.alone(async () => {
          const codes: string[] = [];
          for (const part of partsOf(items)) codes.push(...(await checkConditions(inner, part)));
          if (codes.some((code) => code !== 'None'))
            throw Object.assign(namedError('TransactionCanceledException', codes.join(', ')), {
              CancellationReasons: codes.map((Code) => ({ Code })),
            });
          for (const part of partsOf(items))
            await inner.send(new TransactWriteCommand({ TransactItems: part }));
          return { output: { $metadata: {} }, response: {} } as never;
        });
      },
    { name: 'wideTransactions', priority: 'low', step: 'initialize' },
  );
}

async function checkConditions(
  inner: DynamoDBDocumentClient,
  items: TransactWriteItem[],
): Promise<readonly string[]> {
  const checks = items
    .map((item, i) => ({ check: checkOf(item), i }))
    .filter(({ check }) => check !== undefined);
  const codes = items.map(() => 'None');
  if (checks.length === 0) return codes;
  try {
    await inner.send(
      new TransactWriteCommand({
        TransactItems: checks.map(({ check }) => ({ ConditionCheck: check })),
      }),
    );
  } catch (error) {
    const reasons = (error as { CancellationReasons?: { Code?: string }[] }).CancellationReasons;
    if (reasons === undefined) throw error;
    for (const [place, { Code = 'None' }] of reasons.entries()) codes[checks[place].i] = Code;
  }
  return codes;
}

function checkOf({ Put, Update }: TransactWriteItem): TransactWriteItem['ConditionCheck'] {
  const write = Put ?? Update;
  if (write?.ConditionExpression === undefined) return undefined;
  const { ConditionExpression, ExpressionAttributeNames, TableName } = write;
  const key = Put === undefined ? Update?.Key : { pk: Put.Item?.['pk'], sk: Put.Item?.['sk'] };
  // DynamoDB refuses values that the expression does not use.
  const values = Object.entries(write.ExpressionAttributeValues ?? {}).filter(([name]) =>
    new RegExp(`${name}\\b`).test(ConditionExpression),
  );
  return {
    ConditionExpression,
    Key: key,
    TableName,
    ...(ExpressionAttributeNames === undefined ? {} : { ExpressionAttributeNames }),
    ...(values.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
  };
}

function partsOf(items: readonly TransactWriteItem[]): TransactWriteItem[][] {
  const parts: TransactWriteItem[][] = [];
  for (let from = 0; from < items.length; from += EMULATOR_ITEMS)
    parts.push(items.slice(from, from + EMULATOR_ITEMS));
  return parts;
}

function namedError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
