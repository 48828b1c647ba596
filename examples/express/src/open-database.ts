import type { OtaDatabase } from '@kivyx-ota/database';
import { migrate, reusedStatements, sqlDatabase } from '@kivyx-ota/database-sql';
import { Kysely, PostgresDialect, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import pg from 'pg';

/** An open database, and how to let it go. */
export interface OpenDatabase {
  readonly database: OtaDatabase;
  close(): Promise<void>;
}

/** `sqlite:<file>` or `postgres://…`; its tables are made or brought up to date. */
export async function openDatabase(url: string): Promise<OpenDatabase> {
  const isPostgres = /^postgres(?:ql)?:\/\//.test(url);
  if (!isPostgres && !url.startsWith('sqlite:'))
    throw new Error(`DATABASE_URL ${url.slice(0, 12)}…: expected sqlite:<file> or postgres://…`);
  const dialect = isPostgres ? 'postgres' : 'sqlite';
  const db = new Kysely<unknown>({
    dialect: isPostgres
      ? new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) })
      : new SqliteDialect({
          database: reusedStatements(new Database(url.slice('sqlite:'.length), { timeout: 5000 })),
        }),
  });
  // Readers do not wait for writers, and a write is one append. A change is on the disk when it is answered (synchronous = full).
  if (!isPostgres) await sql`pragma journal_mode = wal`.execute(db);
  await migrate(db, { clock: { nowMs: Date.now }, dialect });
  return { close: () => db.destroy(), database: sqlDatabase({ db, dialect }) };
}
