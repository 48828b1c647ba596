import type { SqliteDatabase, SqliteStatement } from 'kysely';

/** More than the statements of a control plane; whatever makes its own text for each call pushes the oldest out. */
const MAX_STATEMENTS = 200;

/**
 * `database` (libsql, better-sqlite3) with each statement prepared once, for Kysely's `SqliteDialect`, which prepares at every call.
 * Preparing costs more than running: writing one event takes a third of the CPU time.
 *
 * @example
 * ```ts
 * import { reusedStatements } from '@kivyx-ota/database-sql';
 * import { Kysely, SqliteDialect } from 'kysely';
 * import Database from 'libsql';
 *
 * const database = reusedStatements(new Database(':memory:'));
 * export const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database }) });
 * ```
 */
export function reusedStatements(database: SqliteDatabase): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  const prepareOnce = (text: string): SqliteStatement => {
    const known = prepared.get(text);
    if (known !== undefined) return known;
    const statement = database.prepare(text);
    const reused: SqliteStatement = {
      all: (parameters) => statement.all(parameters),
      // Stays open while it is read, and can only be read once at a time.
      iterate: (parameters) => database.prepare(text).iterate(parameters),
      reader: statement.reader,
      run: (parameters) => statement.run(parameters),
    };
    prepared.set(text, reused);
    if (prepared.size > MAX_STATEMENTS) prepared.delete(prepared.keys().next().value as string);
    return reused;
  };
  return {
    close: () => {
      // libsql keeps the file open while there are statements, so nobody would bring the log of a WAL into it.
      database.prepare('pragma wal_checkpoint(truncate)').all([]);
      prepared.clear();
      database.close();
    },
    prepare: prepareOnce,
  };
}
