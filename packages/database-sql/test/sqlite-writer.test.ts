import {
  type ConformanceCase,
  databaseBudgetCases,
  databaseCases,
  databaseContentionCases,
} from '@kivyx-ota/conformance';
import { migrate, reusedStatements, sqlDatabase } from '@kivyx-ota/database-sql';
import { type SqliteWriter, sqliteWriter } from '@kivyx-ota/database-sql/sqlite-writer';
import { type CompiledQuery, Kysely, type LogEvent, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { statementCounter, WRITER_BUDGETS } from './budgets.ts';

vi.setConfig({ testTimeout: 120_000 });

const LIBSQL = pathToFileURL(createRequire(import.meta.url).resolve('libsql')).href;
const SCOPE = { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' } as const;
const KEY = { createdAtMs: 1, id: 'k1', label: 'l', scopes: ['read'], secretSha256Hex: '00' } as const;
const AUDIT = { action: 'create', actor: 'me', atMs: 1, subject: 'keys' } as const;
const clock = { nowMs: () => 1_790_000_000_000 };
const directory = await mkdtemp(join(tmpdir(), 'kivyx-writer-'));
const closes: (() => Promise<void>)[] = [];
let files = 0;

afterAll(async () => {
  for (const close of closes) await close();
  await rm(directory, { force: true, recursive: true });
});

async function open({ driver = LIBSQL, log }: { driver?: string; log?: (event: LogEvent) => void } = {}) {
  const file = join(directory, `${files++}.sqlite`);
  const db = new Kysely<unknown>({
    dialect: new SqliteDialect({ database: reusedStatements(new Database(file, { timeout: 5000 })) }),
    ...(log === undefined ? {} : { log }),
  });
  await migrate(db, { clock, dialect: 'sqlite' });
  // What it answers does not depend on it, and these files are not worth an fsync.
  const writer = sqliteWriter({ driver, file, setUp: ['pragma synchronous = off'] });
  closes.push(async () => {
    await writer.close();
    await db.destroy();
  });
  return { database: sqlDatabase({ db, dialect: 'sqlite', writer }), db, file, writer };
}

const compile = (db: Kysely<unknown>, ...texts: string[]): CompiledQuery[] =>
  texts.map((text) => sql.raw(text).compile(db));

describe('SQLite, written from a thread of its own', () => {
  it.each(databaseCases({ create: async () => (await open()).database, writers: 16 }))(
    '$title',
    async ({ run }: ConformanceCase) => run(),
  );

  it.each(
    databaseBudgetCases({
      budgets: WRITER_BUDGETS,
      create: async () => {
        const { count, log } = statementCounter();
        const { db, writer } = await open({ log });
        let tasks = 0;
        const counted: Pick<SqliteWriter, 'atomically'> = {
          atomically: (queries) => {
            tasks++;
            return writer.atomically(queries);
          },
        };
        return {
          database: sqlDatabase({ db, dialect: 'sqlite', writer: counted }),
          roundTrips: () => count() + tasks,
        };
      },
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  it.each(
    databaseContentionCases({
      open: async () => {
        const { database, db, file } = await open();
        const second = sqliteWriter({ driver: LIBSQL, file });
        closes.unshift(() => second.close());
        return [database, sqlDatabase({ db, dialect: 'sqlite', writer: second })];
      },
    }),
  )('$title, by two threads', async ({ run }: ConformanceCase) => run());

  it('gives up nothing of the loop while it waits for another writer', async () => {
    const { database, file } = await open();
    const other = new Database(file);
    other.exec('begin immediate');
    const written = database.putApiKey(KEY, AUDIT);
    const first = await Promise.race([
      written.then(() => 'written'),
      new Promise((resolve) => setTimeout(() => resolve('others had their turn'), 200)),
    ]);
    other.exec('rollback');
    other.close();
    expect([first, await written]).toEqual(['others had their turn', true]);
  });

  it('a thread that ends in the middle of a transaction leaves nothing of it, says so, and is replaced', async () => {
    const driver = new URL('fixtures/ending-driver.mjs', import.meta.url).href;
    const { database, db, writer } = await open({ driver });
    await database.putApiKey(KEY, AUDIT);
    const ending = writer.atomically(
      compile(db, "update kivyx_api_key set label = 'half'", "select 'end this thread'"),
    );
    const behind = database.putApiKey({ ...KEY, id: 'k2' }, AUDIT);
    await expect(ending).rejects.toThrow('ended with 3');
    await expect(behind).rejects.toMatchObject({ code: 'ERR_DATABASE_UNAVAILABLE', retryable: true });
    expect(await database.readApiKey('k1')).toMatchObject({ label: 'l' });
    expect(await database.putApiKey({ ...KEY, id: 'k2' }, AUDIT)).toBe(true);
    expect((await database.listAudit('keys')).items).toHaveLength(2);
  });

  it('a statement that fails undoes those before it; what the driver says arrives with its code', async () => {
    const { database, db, writer } = await open();
    await database.putApiKey(KEY, AUDIT);
    await expect(
      writer.atomically(
        compile(db, "update kivyx_api_key set label = 'half'", "update kivyx_audit set actor = 'you'"),
      ),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^SQLITE_/), message: /append-only/ });
    expect(await database.readApiKey('k1')).toMatchObject({ label: 'l' });
    await expect(writer.atomically(compile(db, 'insert into nowhere values (1)'))).rejects.toThrow(
      'no such table',
    );
  });

  it('a driver or a file that is not there fails the writes, not the process', async () => {
    const { db } = await open();
    const writers = [
      sqliteWriter({ driver: 'file:///nowhere/driver.js', file: join(directory, 'x.sqlite') }),
      sqliteWriter({ driver: LIBSQL, file: join(directory, 'nowhere', 'x.sqlite') }),
    ];
    for (const writer of writers) {
      const database = sqlDatabase({ db, dialect: 'sqlite', writer });
      for (let i = 0; i < 2; i++)
        await expect(database.putApiKey(KEY, AUDIT)).rejects.toMatchObject({
          code: 'ERR_DATABASE_UNAVAILABLE',
          retryable: true,
        });
      await writer.close();
    }
  });

  it('closing waits for what is under way and brings the log into the file; after it there are no writes', async () => {
    const { database, file, writer } = await open();
    const written = database.putApiKey(KEY, AUDIT);
    await writer.close();
    expect(await written).toBe(true);
    const copy = join(directory, 'copy.sqlite');
    await copyFile(file, copy);
    await expect(database.putApiKey({ ...KEY, id: 'k2' }, AUDIT)).rejects.toMatchObject({
      code: 'ERR_DATABASE_UNAVAILABLE',
      retryable: false,
    });
    await writer.close();
    const copied = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(copy) }) });
    expect(await sqlDatabase({ db: copied, dialect: 'sqlite' }).readApiKey('k1')).toEqual(KEY);
    await copied.destroy();
  });

  it('takes a file, and only dialect sqlite takes a writer', async () => {
    for (const file of ['', ':memory:', 'file::memory:?cache=shared'])
      expect(() => sqliteWriter({ driver: LIBSQL, file })).toThrow(TypeError);
    const { db, writer } = await open();
    expect(() => sqlDatabase({ db, dialect: 'postgres', writer })).toThrow(TypeError);
    expect(await sqlDatabase({ db, dialect: 'sqlite', writer }).readHead(SCOPE)).toBeUndefined();
  });
});
