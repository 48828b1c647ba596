import {
  type ConformanceCase,
  databaseBudgetCases,
  databaseCases,
  databaseContentionCases,
} from '@kivyx-ota/conformance';
import { migrate, sqlDatabase, sqlMigrations } from '@kivyx-ota/database-sql';
import { Kysely, type LogEvent, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { POSTGRES_BUDGETS, statementCounter } from './budgets.ts';
import { startPostgres } from './postgres-server.ts';

vi.setConfig({ testTimeout: 120_000 });

const clock = { nowMs: () => 1_790_000_000_000 };
const user = { host: '127.0.0.1', user: 'kivyx' };
const server = await startPostgres(async (port) => {
  const client = new pg.Client({ ...user, database: 'postgres', port });
  await client.connect();
  await client.end();
});
if (server === undefined && process.env['CI'] !== undefined)
  throw new Error('CI needs PostgreSQL: apt-get install postgresql');
if (server === undefined) console.log('skipped: PostgreSQL is not installed (apt-get install postgresql)');

const admin = new pg.Pool({ ...user, database: 'postgres', max: 1, port: server?.port ?? 0 });
const opened: Kysely<unknown>[] = [];
let databases = 0;

afterAll(async () => {
  for (const db of opened) await db.destroy();
  await admin.end();
  await server?.stop();
});

async function newDatabase(): Promise<string> {
  const name = `kivyx_${databases++}`;
  await admin.query(`create database ${name}`);
  return name;
}

function connect(database: string, { max = 8, log }: { max?: number; log?: (event: LogEvent) => void } = {}) {
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ ...user, database, max, port: server?.port ?? 0 }) }),
    ...(log === undefined ? {} : { log }),
  });
  opened.push(db);
  return db;
}

async function create(log?: (event: LogEvent) => void) {
  const db = connect(await newDatabase(), log === undefined ? {} : { log });
  await migrate(db, { clock, dialect: 'postgres' });
  return sqlDatabase({ db, dialect: 'postgres' });
}

describe.skipIf(server === undefined)('PostgreSQL (a server of its own)', () => {
  it.each(databaseCases({ create: () => create(), writers: 16 }))(
    '$title',
    async ({ run }: ConformanceCase) => run(),
  );

  it.each(
    databaseBudgetCases({
      budgets: POSTGRES_BUDGETS,
      create: async () => {
        const { count, log } = statementCounter();
        return { database: await create(log), roundTrips: count };
      },
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  it.each(
    databaseContentionCases({
      changesPerWriter: 10,
      open: async () => {
        const name = await newDatabase();
        const dbs = Array.from({ length: 4 }, () => connect(name, { max: 4 }));
        // All of them start at once, as the instances of a deployment do.
        const applied = await Promise.all(dbs.map((db) => migrate(db, { clock, dialect: 'postgres' })));
        // Not one process has to apply all of them.
        expect(applied.flat().sort()).toEqual(sqlMigrations.map(({ id }) => id));
        return dbs.map((db) => sqlDatabase({ db, dialect: 'postgres' }));
      },
      writers: 16,
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  it('all that contention made nobody wait in a circle', async () => {
    // The server writes its statistics when a session ends or has been idle for a second.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    const { rows } = await admin.query(
      'select sum(deadlocks)::int as deadlocks, sum(xact_commit)::int as commits from pg_stat_database',
    );
    expect(rows[0].commits).toBeGreaterThan(500);
    expect(rows[0].deadlocks).toBe(0);
  });

  it('a serializable default isolation costs attempts, not answers', async () => {
    const name = await newDatabase();
    await admin.query(`alter database ${name} set default_transaction_isolation = 'serializable'`);
    const db = connect(name);
    await migrate(db, { clock, dialect: 'postgres' });
    const [contention] = databaseContentionCases({
      changesPerWriter: 3,
      open: async () => [sqlDatabase({ db, dialect: 'postgres' })],
      writers: 4,
    });
    await contention.run();
  });

  it('the audit log cannot be changed, emptied or truncated by other statements either', async () => {
    const db = connect(await newDatabase());
    await migrate(db, { clock, dialect: 'postgres' });
    const entry = { action: 'create', actor: 'me', atMs: 1, subject: 'keys' };
    const key = { createdAtMs: 1, id: 'k1', label: 'l', scopes: ['read'], secretSha256Hex: '00' } as const;
    const database = sqlDatabase({ db, dialect: 'postgres' });
    await database.putApiKey(key, entry);
    await expect(sql`update kivyx_audit set actor = 'you'`.execute(db)).rejects.toThrow('append-only');
    await expect(sql`delete from kivyx_audit`.execute(db)).rejects.toThrow('append-only');
    await expect(sql`truncate kivyx_audit`.execute(db)).rejects.toThrow('append-only');
    expect((await database.listAudit('keys')).items).toEqual([{ ...entry, number: 1 }]);
  });

  it('a server that is away is a retryable error with the cause', async () => {
    const db = new Kysely<unknown>({
      dialect: new PostgresDialect({ pool: new pg.Pool({ ...user, database: 'none', port: 1 }) }),
    });
    await expect(sqlDatabase({ db, dialect: 'postgres' }).readApiKey('k1')).rejects.toMatchObject({
      cause: { code: 'ECONNREFUSED' },
      code: 'ERR_DATABASE_UNAVAILABLE',
      retryable: true,
    });
    await db.destroy();
  });

  it('a database that was not migrated says what to call', async () => {
    const db = connect(await newDatabase());
    await expect(sqlDatabase({ db, dialect: 'postgres' }).readApiKey('k1')).rejects.toMatchObject({
      code: 'ERR_DATABASE_UNAVAILABLE',
      message: expect.stringContaining('migrate()'),
      retryable: false,
    });
  });
});
