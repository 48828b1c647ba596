import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type Driver,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { AnyKysely } from './tables.ts';

/** What this needs of a D1 binding; `env.DB` of a Worker fits. */
export interface D1Binding {
  prepare(query: string): D1Statement;
  batch(statements: D1Statement[]): Promise<D1Answer[]>;
}

/** A statement of {@link D1Binding}. */
export interface D1Statement {
  bind(...values: unknown[]): D1Statement;
  all(): Promise<D1Answer>;
}

/** What D1 answers. */
export interface D1Answer {
  readonly results?: readonly unknown[];
  readonly meta: { readonly changes?: number };
}

interface D1Connection extends DatabaseConnection {
  executeBatch(queries: readonly CompiledQuery[]): Promise<readonly QueryResult<unknown>[]>;
}

/**
 * Kysely on Cloudflare D1. Transactions of Kysely are refused, because D1 has none that wait for the caller.
 *
 * @example
 * ```ts
 * import { d1Dialect, type D1Binding } from '@kivyx-ota/database-sql';
 * import { Kysely } from 'kysely';
 *
 * export const kyselyOf = (env: { DB: D1Binding }) => new Kysely<unknown>({ dialect: d1Dialect({ binding: env.DB }) });
 * ```
 */
export function d1Dialect({ binding }: { readonly binding: D1Binding }): Dialect {
  const prepare = ({ parameters, sql }: CompiledQuery): D1Statement =>
    binding.prepare(sql).bind(...parameters);
  const connection: D1Connection = {
    executeBatch: async (queries) => (await binding.batch(queries.map(prepare))).map(toResult),
    executeQuery: async <R>(query: CompiledQuery) => toResult(await prepare(query).all()) as QueryResult<R>,
    streamQuery: () => {
      throw new TypeError('D1 cannot stream rows');
    },
  };
  const noTransactions = async (): Promise<void> => {
    throw new TypeError('D1 has no interactive transactions; use batch()');
  };
  const driver: Driver = {
    acquireConnection: async () => connection,
    beginTransaction: noTransactions,
    commitTransaction: noTransactions,
    destroy: async () => {},
    init: async () => {},
    releaseConnection: async () => {},
    rollbackTransaction: noTransactions,
  };
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => driver,
    createIntrospector: (db): DatabaseIntrospector => new SqliteIntrospector(db),
    createQueryCompiler: (): QueryCompiler => new SqliteQueryCompiler(),
  };
}

/** Runs `queries` as one `batch()`: all of them or none. */
export function d1Batch(
  db: AnyKysely,
  queries: readonly CompiledQuery[],
): Promise<readonly QueryResult<unknown>[]> {
  return db.getExecutor().provideConnection((connection) => {
    const { executeBatch } = connection as Partial<D1Connection>;
    if (executeBatch === undefined)
      throw new TypeError("dialect 'd1' needs a Kysely made with d1Dialect() of @kivyx-ota/database-sql");
    return executeBatch(queries);
  });
}

function toResult({ meta, results = [] }: D1Answer): QueryResult<unknown> {
  return { numAffectedRows: BigInt(meta.changes ?? 0), rows: [...results] };
}
