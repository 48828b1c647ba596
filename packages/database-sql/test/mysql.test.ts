import {
  type ConformanceCase,
  databaseBudgetCases,
  databaseCases,
  databaseContentionCases,
} from '@kivyx-ota/conformance';
import { migrate, sqlDatabase, sqlMigrations } from '@kivyx-ota/database-sql';
import { Kysely, type LogEvent, MysqlDialect } from 'kysely';
import { createConnection, createPool } from 'mysql2';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { MYSQL_BUDGETS, statementCounter } from './budgets.ts';
import { startMariadb } from './mysql-server.ts';

vi.setConfig({ testTimeout: 120_000 });

const clock = { nowMs: () => 1_790_000_000_000 };
const user = { host: '127.0.0.1', user: 'root' };

async function run(port: number, statement: string): Promise<void> {
  const connection = createConnection({ ...user, port });
  try {
    await new Promise((resolve, reject) =>
      connection.query(statement, (error, result) => (error === null ? resolve(result) : reject(error))),
    );
  } finally {
    connection.destroy();
  }
}

const server = await startMariadb((port) => run(port, 'select 1'));
if (server === undefined && process.env['CI'] !== undefined)
  throw new Error('CI needs MariaDB: apt-get install mariadb-server');
if (server === undefined) console.log('skipped: MariaDB is not installed (apt-get install mariadb-server)');

const opened: Kysely<unknown>[] = [];
let databases = 0;

afterAll(async () => {
  for (const db of opened) await db.destroy();
  await server?.stop();
});

async function newDatabase(): Promise<string> {
  const name = `kivyx_${databases++}`;
  await run(server?.port ?? 0, `create database ${name}`);
  return name;
}

function connect(
  database: string,
  { connectionLimit = 8, log }: { connectionLimit?: number; log?: (event: LogEvent) => void } = {},
) {
  const db = new Kysely<unknown>({
    dialect: new MysqlDialect({
      pool: createPool({ ...user, connectionLimit, database, port: server?.port ?? 0 }),
    }),
    ...(log === undefined ? {} : { log }),
  });
  opened.push(db);
  return db;
}

async function create(log?: (event: LogEvent) => void) {
  const db = connect(await newDatabase(), log === undefined ? {} : { log });
  await migrate(db, { clock, dialect: 'mysql' });
  return sqlDatabase({ db, dialect: 'mysql' });
}

describe.skipIf(server === undefined)('MySQL protocol (a MariaDB of its own)', () => {
  it.each(databaseCases({ create: () => create(), writers: 16 }))(
    '$title',
    async ({ run: one }: ConformanceCase) => one(),
  );

  it.each(
    databaseBudgetCases({
      budgets: MYSQL_BUDGETS,
      create: async () => {
        const { count, log } = statementCounter();
        return { database: await create(log), roundTrips: count };
      },
    }),
  )('$title', async ({ run: one }: ConformanceCase) => one());

  it.each(
    databaseContentionCases({
      open: async () => {
        const name = await newDatabase();
        const dbs = Array.from({ length: 4 }, () => connect(name, { connectionLimit: 4 }));
        const applied = await Promise.all(dbs.map((db) => migrate(db, { clock, dialect: 'mysql' })));
        // Not one process has to apply all of them.
        expect(applied.flat().sort()).toEqual(sqlMigrations.map(({ id }) => id));
        return dbs.map((db) => sqlDatabase({ db, dialect: 'mysql' }));
      },
      writers: 12,
    }),
  )('$title', async ({ run: one }: ConformanceCase) => one());

  it('a database that was not migrated says what to call', async () => {
    const db = connect(await newDatabase());
    await expect(sqlDatabase({ db, dialect: 'mysql' }).readApiKey('k1')).rejects.toMatchObject({
      code: 'ERR_DATABASE_UNAVAILABLE',
      message: expect.stringContaining('migrate()'),
      retryable: false,
    });
  });
});
