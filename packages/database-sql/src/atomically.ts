import type { CompiledQuery, QueryResult } from 'kysely';
import { d1Batch } from './d1-dialect.ts';
import type { AnyKysely, SqlDialectName } from './tables.ts';

/** Runs the statements in order, all or none: a transaction, on D1 a batch. */
export function atomically(
  db: AnyKysely,
  dialect: SqlDialectName,
  queries: readonly CompiledQuery[],
): Promise<readonly QueryResult<unknown>[]> {
  if (dialect === 'd1') return d1Batch(db, queries);
  return db.transaction().execute(async (trx) => {
    const results: QueryResult<unknown>[] = [];
    for (const query of queries) results.push(await trx.executeQuery(query));
    return results;
  });
}
