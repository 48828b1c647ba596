// The database over better-sqlite3, read here and written from its thread; in a Node that this driver supports, with the driver's URL.
import { databaseCases, databaseContentionCases } from '@kivyx-ota/conformance';
import { migrate, reusedStatements, sqlDatabase } from '@kivyx-ota/database-sql';
import { sqliteWriter } from '@kivyx-ota/database-sql/sqlite-writer';
import { Kysely, SqliteDialect, type SqliteDatabase } from 'kysely';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportCases } from '../../src/report-cases.ts';

Object.assign(globalThis, { print: console.log });
const [driver = ''] = process.argv.slice(2);
const { default: Database } = (await import(driver)) as {
  default: new (file: string, options: { timeout: number }) => SqliteDatabase;
};
const directory = await mkdtemp(join(tmpdir(), 'kivyx-better-sqlite3-'));
const closes: (() => Promise<void>)[] = [];
let files = 0;

async function open(writers = 1) {
  const file = join(directory, `${files++}.sqlite`);
  const db = new Kysely<unknown>({
    dialect: new SqliteDialect({ database: reusedStatements(new Database(file, { timeout: 5000 })) }),
  });
  closes.push(() => db.destroy());
  await migrate(db, { clock: { nowMs: () => 1_790_000_000_000 }, dialect: 'sqlite' });
  return Array.from({ length: writers }, () => {
    const writer = sqliteWriter({ driver, file, setUp: ['pragma synchronous = off'] });
    closes.unshift(() => writer.close());
    return sqlDatabase({ db, dialect: 'sqlite', writer });
  });
}
const create = async () => (await open())[0] as Awaited<ReturnType<typeof open>>[number];

await reportCases([
  ...databaseCases({ create, writers: 16 }),
  ...databaseContentionCases({ open: () => open(2) }),
]);
for (const close of closes) await close();
await rm(directory, { force: true, recursive: true });
