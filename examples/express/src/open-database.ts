import type { OtaDatabase } from '@kivyx-ota/database';
import { migrate, reusedStatements, sqlDatabase } from '@kivyx-ota/database-sql';
import { sqliteWriter } from '@kivyx-ota/database-sql/sqlite-writer';
import { Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import pg from 'pg';

/** An open database, and how to let it go. */
export interface OpenDatabase {
  readonly database: OtaDatabase;
  close(): Promise<void>;
}

const clock = { nowMs: Date.now };

/** `sqlite:<file>` or `postgres://…`; its tables are made or brought up to date. */
export async function openDatabase(url: string): Promise<OpenDatabase> {
  if (/^postgres(?:ql)?:\/\//.test(url)) return openPostgres(url);
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length));
  throw new Error(`DATABASE_URL ${url.slice(0, 12)}…: expected sqlite:<file> or postgres://…`);
}

async function openPostgres(url: string): Promise<OpenDatabase> {
  const pool = new pg.Pool({ connectionString: url });
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  await migrate(db, { clock, dialect: 'postgres' });
  return { close: () => db.destroy(), database: sqlDatabase({ db, dialect: 'postgres' }) };
}

async function openSqlite(file: string): Promise<OpenDatabase> {
  const database = reusedStatements(openFile(file));
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
  // Readers do not wait for writers.
  await sql`pragma journal_mode = wal`.execute(db);
  await migrate(db, { clock, dialect: 'sqlite' });
  // A change is on the disk when it is answered (synchronous = full); only a thread waits for that.
  const writer = sqliteWriter({ driver: import.meta.resolve('libsql'), file });
  return {
    close: async () => {
      await writer.close();
      await db.destroy();
    },
    database: sqlDatabase({ db, dialect: 'sqlite', writer }),
  };
}

/** The driver says "unable to open" and a number; mostly the folder is not there, or is another user's. */
function openFile(file: string): Database.Database {
  try {
    return new Database(file, { timeout: 5000 });
  } catch (error) {
    throw new Error(
      `DATABASE_URL: ${file} cannot be opened; is there such a folder, and may this user write to it?`,
      { cause: error },
    );
  }
}
