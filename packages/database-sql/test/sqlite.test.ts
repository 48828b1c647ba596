import {
  type ConformanceCase,
  databaseBudgetCases,
  databaseCases,
  databaseContentionCases,
} from '@kivyx-ota/conformance';
import { migrate, reusedStatements, sqlDatabase, sqlMigrations } from '@kivyx-ota/database-sql';
import { Kysely, type LogEvent, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { SQLITE_BUDGETS, statementCounter } from './budgets.ts';

vi.setConfig({ testTimeout: 120_000 });

const clock = { nowMs: () => 1_790_000_000_000 };
const opened: Kysely<unknown>[] = [];
const directory = await mkdtemp(join(tmpdir(), 'kivyx-sqlite-'));
let files = 0;

afterAll(async () => {
  for (const db of opened) await db.destroy();
  await rm(directory, { force: true, recursive: true });
});

function connect(path: string, log?: (event: LogEvent) => void): Kysely<unknown> {
  const db = new Kysely<unknown>({
    dialect: new SqliteDialect({ database: reusedStatements(new Database(path)) }),
    ...(log === undefined ? {} : { log }),
  });
  opened.push(db);
  return db;
}

async function create(log?: (event: LogEvent) => void) {
  const db = connect(':memory:', log);
  await migrate(db, { clock, dialect: 'sqlite' });
  return sqlDatabase({ db, dialect: 'sqlite' });
}

describe('SQLite (libsql)', () => {
  it.each(databaseCases({ create: () => create(), writers: 16 }))(
    '$title',
    async ({ run }: ConformanceCase) => run(),
  );

  it.each(
    databaseBudgetCases({
      budgets: SQLITE_BUDGETS,
      create: async () => {
        const { count, log } = statementCounter();
        return { database: await create(log), roundTrips: count };
      },
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  // One connection: this synchronous driver cannot wait for a second one of its own thread. Processes follow below.
  it.each(
    databaseContentionCases({
      open: async () => {
        const db = connect(join(directory, `${files++}.sqlite`));
        await sql`pragma journal_mode = wal`.execute(db);
        await migrate(db, { clock, dialect: 'sqlite' });
        return Array.from({ length: 4 }, () => sqlDatabase({ db, dialect: 'sqlite' }));
      },
    }),
  )('$title', async ({ run }: ConformanceCase) => run());

  it('four processes on one file lose no change and count no device twice', async () => {
    const path = join(directory, 'processes.sqlite');
    const script = fileURLToPath(new URL('fixtures/writer.ts', import.meta.url));
    const outputs = await Promise.all(Array.from({ length: 4 }, (_, i) => run([script, path, String(i)])));
    const db = connect(path);
    const database = sqlDatabase({ db, dialect: 'sqlite' });
    const scope = { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' } as const;
    expect((await database.readHead(scope))?.revision).toBe(40);
    const { items } = await database.listAudit('acme/cafe/ios/production', { limit: 100 });
    expect(items.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i));
    expect(await database.readCounts(scope, 'r1')).toEqual([{ devices: 100, mark: 'healthy' }]);
    expect(
      outputs.map(Number).reduce((a, b) => a + b, 0),
      'events accepted by all processes',
    ).toBe(100);
  });

  it('writers that are killed at any moment leave no half of a change', async () => {
    const path = join(directory, 'killed.sqlite');
    const db = connect(path);
    await sql`pragma journal_mode = wal`.execute(db);
    await migrate(db, { clock, dialect: 'sqlite' });
    const script = fileURLToPath(new URL('fixtures/endless.ts', import.meta.url));
    for (let round = 0; round < 3; round++) {
      await Promise.all(
        [0, 1].map((i) => runAndKill([script, path, `${round}-${i}`], 40 + 61 * round + 17 * i)),
      );
    }
    const database = sqlDatabase({ db, dialect: 'sqlite' });
    const scope = { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' } as const;
    const count = async (table: string): Promise<number> =>
      (await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(db)).rows[0].n;
    const revision = (await database.readHead(scope))?.revision ?? 0;
    expect(revision).toBeGreaterThan(6);
    expect(await count('kivyx_audit')).toBe(revision);
    const devices = (await database.readCounts(scope, 'r1'))[0].devices;
    expect(devices).toBeGreaterThan(6);
    expect(await count('kivyx_event')).toBe(devices);
    // Each event, and the mark of its device.
    expect(await count('kivyx_known')).toBe(2 * devices);
  });

  it('the first schema is brought to the second with all that it knows', async () => {
    const db = connect(':memory:');
    const [first] = sqlMigrations;
    await migrate(db, { clock, dialect: 'sqlite', migrations: first === undefined ? [] : [first] });
    for (const [device, id] of [
      ['a', 'e1'],
      ['b', 'e2'],
      ['b', 'e3'],
    ] as const)
      await sql`insert into kivyx_event values ('acme/cafe/ios/production', ${id}, 'r1', 'healthy', ${device}, 7300, 9000, '["healthy"]', null)`.execute(
        db,
      );
    await migrate(db, { clock, dialect: 'sqlite' });
    const database = sqlDatabase({ db, dialect: 'sqlite' });
    const scope = { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' } as const;
    const event = (device: string, eventId: string) => ({
      atSeconds: 90_000,
      channelKey: 'acme/cafe/ios/production',
      deviceHash: device,
      eventId,
      expiresAtSeconds: 99_000,
      marks: ['healthy'],
      releaseId: 'r1',
      type: 'healthy',
    });
    expect(await database.readCounts(scope, 'r1')).toEqual([{ devices: 2, mark: 'healthy' }]);
    expect(
      await database.recordEvents([event('a', 'e1'), event('b', 'e2'), event('b', 'e4'), event('c', 'e5')]),
    ).toBe(2);
    expect(await database.readCounts(scope, 'r1')).toEqual([{ devices: 3, mark: 'healthy' }]);
    expect(await database.readAdoption(scope, 'r1', { fromSeconds: 0, toSeconds: 100_000 })).toEqual([
      { devices: 2, hourStartSeconds: 7200, mark: 'healthy' },
      { devices: 1, hourStartSeconds: 90_000, mark: 'healthy' },
    ]);
    // What expires is no longer known, and nothing else is forgotten.
    expect(await database.removeExpired(9000, 100)).toBe(3);
    expect(await database.recordEvents([event('a', 'e1'), event('c', 'e5')])).toBe(1);
    expect(await database.readCounts(scope, 'r1')).toEqual([{ devices: 3, mark: 'healthy' }]);
  });

  it('each statement is prepared once, however often it runs; a stream has one of its own', async () => {
    const sqlite = new Database(':memory:');
    const prepared: string[] = [];
    const db = new Kysely<unknown>({
      dialect: new SqliteDialect({
        database: reusedStatements({
          close: () => sqlite.close(),
          prepare: (text) => {
            prepared.push(text);
            return sqlite.prepare(text);
          },
        }),
      }),
    });
    opened.push(db);
    await sql`create table t (n integer)`.execute(db);
    for (let n = 0; n < 5; n++) await sql`insert into t values (${n})`.execute(db);
    await sql`alter table t add column more text default 'x'`.execute(db);
    for (let i = 0; i < 3; i++)
      expect((await sql`select * from t where n = ${i}`.execute(db)).rows).toEqual([{ more: 'x', n: i }]);
    expect(prepared.filter((text) => text.startsWith('insert'))).toHaveLength(1);
    expect(prepared.filter((text) => text.startsWith('select'))).toHaveLength(1);
    const rows = (db as Kysely<{ t: { n: number } }>).selectFrom('t').select('n').orderBy('n');
    const seen: number[] = [];
    for await (const { n } of rows.stream()) seen.push(n);
    for await (const { n } of rows.stream()) if (seen.push(n) > 6) break;
    for await (const { n } of rows.stream()) seen.push(n);
    expect(seen).toEqual([0, 1, 2, 3, 4, 0, 1, 0, 1, 2, 3, 4]);
    // Bounded: what is used longest ago is prepared again.
    for (let i = 0; i < 300; i++) await sql.raw(`select ${i}`).execute(db);
    const before = prepared.length;
    await sql.raw('select 0').execute(db);
    expect(prepared).toHaveLength(before + 1);
  });

  it('a file that was closed is whole without its log: it can be copied', async () => {
    const path = join(directory, 'closed.sqlite');
    const db = new Kysely<unknown>({
      dialect: new SqliteDialect({ database: reusedStatements(new Database(path)) }),
    });
    await sql`pragma journal_mode = wal`.execute(db);
    await migrate(db, { clock, dialect: 'sqlite' });
    const key = { createdAtMs: 1, id: 'k1', label: 'l', scopes: ['read'], secretSha256Hex: '00' } as const;
    const entry = { action: 'create', actor: 'me', atMs: 1, subject: 'keys' };
    expect(await sqlDatabase({ db, dialect: 'sqlite' }).putApiKey(key, entry)).toBe(true);
    await db.destroy();
    const copy = join(directory, 'copy.sqlite');
    await copyFile(path, copy);
    expect(await sqlDatabase({ db: connect(copy), dialect: 'sqlite' }).readApiKey('k1')).toEqual(key);
  });

  it('a database that was not migrated says what to call', async () => {
    await expect(
      sqlDatabase({ db: connect(':memory:'), dialect: 'sqlite' }).readApiKey('k1'),
    ).rejects.toMatchObject({
      code: 'ERR_DATABASE_UNAVAILABLE',
      message: expect.stringContaining('migrate()'),
      retryable: false,
    });
  });

  it('what not every database could hold is refused before anything is written', async () => {
    const database = await create();
    const key = { createdAtMs: 1, id: 'k1', label: 'l', scopes: ['read'], secretSha256Hex: '00' } as const;
    const entry = { action: 'create', actor: 'me', atMs: 1, subject: 'keys' };
    await expect(database.putApiKey({ ...key, id: 'k\0' }, entry)).rejects.toThrow(RangeError);
    await expect(database.putApiKey({ ...key, id: 'ü'.repeat(257) }, entry)).rejects.toThrow(RangeError);
    expect(await database.putApiKey({ ...key, id: 'ü'.repeat(256) }, entry)).toBe(true);
    expect((await database.listAudit('keys')).items).toHaveLength(1);
  });

  it('the audit log cannot be changed or emptied by other statements either', async () => {
    const db = connect(':memory:');
    await migrate(db, { clock, dialect: 'sqlite' });
    const database = sqlDatabase({ db, dialect: 'sqlite' });
    const entry = { action: 'create', actor: 'me', atMs: 1, subject: 'keys' };
    await database.putApiKey(
      { createdAtMs: 1, id: 'k1', label: 'l', scopes: ['read'], secretSha256Hex: '00' },
      entry,
    );
    await expect(sql`update kivyx_audit set actor = 'you'`.execute(db)).rejects.toThrow('append-only');
    await expect(sql`delete from kivyx_audit`.execute(db)).rejects.toThrow('append-only');
    expect((await database.listAudit('keys')).items).toEqual([{ ...entry, number: 1 }]);
  });
});

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@kivyx-ota/source', '--import', 'tsx', ...args]);
    let out = '';
    let errors = '';
    child.stdout.on('data', (data) => (out += String(data)));
    child.stderr.on('data', (data) => (errors += String(data)));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`exit ${code}: ${errors}`))));
  });
}

/** Kills the process some time after it has begun to write. */
function runAndKill(args: readonly string[], afterMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@kivyx-ota/source', '--import', 'tsx', ...args]);
    let errors = '';
    child.stderr.on('data', (data) => (errors += String(data)));
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
    child.on('error', reject);
    child.on('close', (_code, signal) =>
      signal === 'SIGKILL' ? resolve() : reject(new Error(`ended by itself: ${errors}`)),
    );
  });
}
