import {
  type ConformanceCase,
  databaseBudgetCases,
  databaseCases,
  databaseContentionCases,
} from '@kivyx-ota/conformance';
import { type D1Binding, d1Dialect, migrate, sqlDatabase, sqlMigrations } from '@kivyx-ota/database-sql';
import { Kysely, SqliteAdapter, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { D1_BUDGETS } from './budgets.ts';

// Thousands of requests to one process: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const clock = { nowMs: () => 1_790_000_000_000 };
const names = Array.from({ length: 60 }, (_, i) => `DB${i}`);
const miniflare = new Miniflare({
  d1Databases: names,
  modules: true,
  script: 'export default { fetch: () => new Response() }',
});
let used = 0;

afterAll(() => miniflare.dispose());

/** An empty D1, and what was sent to it. */
async function open(): Promise<{ kysely: Kysely<unknown>; roundTrips: () => number }> {
  const d1 = (await miniflare.getD1Database(names[used++] as string)) as unknown as D1Binding;
  let trips = 0;
  const binding: D1Binding = {
    batch: (statements) => {
      trips++;
      return d1.batch(statements.map((one) => (one as Counted).inner ?? one));
    },
    prepare: (query) => counted(d1.prepare(query)),
  };
  type Counted = ReturnType<D1Binding['prepare']> & { inner?: ReturnType<D1Binding['prepare']> };
  function counted(inner: ReturnType<D1Binding['prepare']>): Counted {
    return {
      all: () => {
        trips++;
        return inner.all();
      },
      bind: (...values) => counted(inner.bind(...values)),
      inner,
    };
  }
  const kysely = new Kysely<unknown>({ dialect: d1Dialect({ binding }) });
  await migrate(kysely, { clock, dialect: 'd1' });
  return { kysely, roundTrips: () => trips };
}

describe('Cloudflare D1 (workerd through Miniflare)', () => {
  it.each(
    databaseCases({
      create: async () => sqlDatabase({ db: (await open()).kysely, dialect: 'd1' }),
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  it.each(
    databaseBudgetCases({
      budgets: D1_BUDGETS,
      create: async () => {
        const { kysely, roundTrips } = await open();
        return { database: sqlDatabase({ db: kysely, dialect: 'd1' }), roundTrips };
      },
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  it.each(
    databaseContentionCases({
      changesPerWriter: 3,
      open: async () => {
        const { kysely } = await open();
        return Array.from({ length: 4 }, () => sqlDatabase({ db: kysely, dialect: 'd1' }));
      },
      writers: 6,
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  it('the same cases hold with adapter and Kysely inside a Worker', async () => {
    const { outputFiles } = await build({
      bundle: true,
      conditions: ['@kivyx-ota/source', 'workerd'],
      entryPoints: [fileURLToPath(new URL('fixtures/worker.ts', import.meta.url))],
      format: 'esm',
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
      write: false,
    });
    const worker = new Miniflare({ d1Databases: ['DB'], modules: true, script: outputFiles[0].text });
    try {
      const response = await worker.dispatchFetch('http://worker/');
      const results = (await response.json()) as Record<string, string>;
      const expected = databaseCases({ create: () => Promise.reject(new Error('not run')) });
      expect(results).toEqual(Object.fromEntries(expected.map(({ id }) => [id, 'ok'])));
    } finally {
      await worker.dispose();
    }
  });

  it('a database that was not migrated says what to call', async () => {
    const d1 = (await miniflare.getD1Database(names[used++] as string)) as unknown as D1Binding;
    const db = new Kysely<unknown>({ dialect: d1Dialect({ binding: d1 }) });
    await expect(sqlDatabase({ db, dialect: 'd1' }).readApiKey('k1')).rejects.toMatchObject({
      code: 'ERR_DATABASE_UNAVAILABLE',
      message: expect.stringContaining('migrate()'),
      retryable: false,
    });
  });

  it('migrating again, or from many places at once, applies nothing twice', async () => {
    const d1 = (await miniflare.getD1Database(names[used++] as string)) as unknown as D1Binding;
    const db = new Kysely<unknown>({ dialect: d1Dialect({ binding: d1 }) });
    const applied = await Promise.all(Array.from({ length: 4 }, () => migrate(db, { clock, dialect: 'd1' })));
    // Not one process has to apply all of them.
    expect(applied.flat().sort()).toEqual(sqlMigrations.map(({ id }) => id));
    expect(await migrate(db, { clock, dialect: 'd1' })).toEqual([]);
  });

  it('a transaction of Kysely is refused, and so is a Kysely of another dialect', async () => {
    const { kysely } = await open();
    await expect(kysely.transaction().execute(async () => 1)).rejects.toThrow('batch()');
    const other = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(':memory:') }) });
    expect(other.getExecutor().adapter).toBeInstanceOf(SqliteAdapter);
    const audit = { action: 'a', actor: 'a', atMs: 1, subject: 'keys' };
    await expect(sqlDatabase({ db: other, dialect: 'd1' }).revokeApiKey('k', 1, audit)).rejects.toThrow(
      'd1Dialect()',
    );
  });
});
