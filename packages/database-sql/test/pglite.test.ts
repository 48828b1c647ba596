import { PGlite } from '@electric-sql/pglite';
import { type ConformanceCase, databaseBudgetCases, databaseCases } from '@kivyx-ota/conformance';
import { migrate, sqlDatabase } from '@kivyx-ota/database-sql';
import { Kysely, type LogEvent, PostgresDialect, type PostgresPool, sql } from 'kysely';
import { afterAll, describe, it, vi } from 'vitest';
import { POSTGRES_BUDGETS, statementCounter } from './budgets.ts';

vi.setConfig({ testTimeout: 120_000 });

const clock = { nowMs: () => 1_790_000_000_000 };
const engine = await PGlite.create();
let schemas = 0;

afterAll(() => engine.close());

/** The one connection there is, lent to one borrower at a time. */
function poolOf(schema: string): PostgresPool {
  let last: Promise<unknown> = Promise.resolve();
  return {
    connect: async () => {
      const before = last;
      let release = (): void => {};
      last = new Promise<void>((resolve) => (release = resolve));
      await before;
      return {
        query: (async (text: string, parameters: readonly unknown[]) => {
          const { affectedRows = 0, rows } = await engine.query(text, [...parameters]);
          const command = /^\s*([a-z]+)/i.exec(text)?.[1]?.toUpperCase();
          return { command, rowCount: affectedRows, rows };
        }) as never,
        release,
      };
    },
    end: async () => {
      await engine.exec(`drop schema ${schema} cascade`);
    },
  };
}

async function create(log?: (event: LogEvent) => void) {
  // A schema each: making a new engine takes seconds.
  const schema = `s${schemas++}`;
  await engine.exec(`create schema ${schema}; set search_path to ${schema}`);
  const db = new Kysely<unknown>({
    dialect: new PostgresDialect({ pool: poolOf(schema) }),
    ...(log === undefined ? {} : { log }),
  });
  await migrate(db, { clock, dialect: 'postgres' });
  await sql`select 1`.execute(db);
  return sqlDatabase({ db, dialect: 'postgres' });
}

describe('PostgreSQL (PGlite, in process)', () => {
  it.each(databaseCases({ create: () => create() }))('$title', async ({ run }: ConformanceCase) => run());

  it.each(
    databaseBudgetCases({
      budgets: POSTGRES_BUDGETS,
      create: async () => {
        const { count, log } = statementCounter();
        return { database: await create(log), roundTrips: count };
      },
    }),
  )('$title', async ({ run }: ConformanceCase) => run());
});
