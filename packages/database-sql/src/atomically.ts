import type { CompiledQuery, QueryResult } from 'kysely';
import { d1Batch } from './d1-dialect.ts';
import type { AnyKysely, SqlDialectName } from './tables.ts';

/** Runs all statements in order, all or none, and gives what each of them gave. */
export type Atomically = (queries: readonly CompiledQuery[]) => Promise<readonly QueryResult<unknown>[]>;

/** {@link Atomically} on `db`: one statement as it is, several in a transaction, on D1 in a batch. */
export function atomicallyOn(db: AnyKysely, dialect: SqlDialectName): Atomically {
  return async (queries) => {
    if (dialect === 'd1') return d1Batch(db, queries);
    const [only, ...others] = queries;
    if (only !== undefined && others.length === 0) return [await db.executeQuery(only)];
    return db.transaction().execute(async (trx) => {
      const results: QueryResult<unknown>[] = [];
      for (const query of queries) results.push(await trx.executeQuery(query));
      return results;
    });
  };
}
