import type { Clock } from '@kivyx-ota/core';
import { type Kysely, sql } from 'kysely';
import { atomicallyOn } from './atomically.ts';
import { type SqlMigration, sqlMigrations } from './migrations.ts';
import { attempt } from './sql-error.ts';
import type { AnyKysely, OtaTables, SqlDialectName } from './tables.ts';

/** Options of {@link migrate}. */
export interface MigrateOptions {
  readonly dialect: SqlDialectName;
  readonly clock: Clock;
  /** Default: {@link sqlMigrations}. */
  readonly migrations?: readonly SqlMigration[];
}

const LOCK = 'kivyx_migration';

/**
 * Brings the schema up to date and gives the ids of the steps it applied. Any number of processes may call it at once, at every
 * start: each step is applied by one of them, in one transaction with its row in `kivyx_migration` (MySQL commits every
 * DDL statement by itself, so there a lock is held, and a step that broke in the middle must be looked at by hand).
 *
 * @throws ERR_DATABASE_UNAVAILABLE
 */
export async function migrate(db: AnyKysely, options: MigrateOptions): Promise<readonly string[]> {
  return attempt('sql', 'migrate', () =>
    options.dialect === 'mysql'
      ? db.connection().execute(async (connection) => {
          await sql`select get_lock(${LOCK}, 60)`.execute(connection);
          try {
            return await applyAll(connection, options);
          } finally {
            await sql`select release_lock(${LOCK})`.execute(connection);
          }
        })
      : applyAll(db, options),
  );
}

async function applyAll(
  db: Kysely<OtaTables>,
  { clock, dialect, migrations = sqlMigrations }: MigrateOptions,
): Promise<readonly string[]> {
  await createList(db, dialect);
  const isApplied = async (id: string): Promise<boolean> =>
    (await db.selectFrom('kivyx_migration').select('id').where('id', '=', id).execute()).length > 0;
  const applied: string[] = [];
  for (const { id, statements } of migrations) {
    if (await isApplied(id)) continue;
    const row = db.insertInto('kivyx_migration').values({ applied_at_ms: clock.nowMs(), id }).compile();
    const steps = statements[dialect === 'd1' ? 'sqlite' : dialect].map((text) => sql.raw(text).compile(db));
    try {
      if (dialect === 'mysql') for (const step of [...steps, row]) await db.executeQuery(step);
      // The row first: of several processes all but one fail here, or wait here and then fail.
      else await atomicallyOn(db, dialect)([row, ...steps]);
      applied.push(id);
    } catch (error) {
      if (!(await isApplied(id))) throw error;
    }
  }
  return applied;
}

async function createList(db: Kysely<OtaTables>, dialect: SqlDialectName): Promise<void> {
  const id = dialect === 'mysql' ? 'varchar(190)' : 'text';
  const list = sql.raw(
    `create table if not exists kivyx_migration (id ${id} not null primary key, applied_at_ms bigint not null)`,
  );
  if (dialect !== 'postgres') {
    await list.execute(db);
    return;
  }
  // Two sessions that create the same table at once break on the catalogue in spite of IF NOT EXISTS.
  await atomicallyOn(
    db,
    dialect,
  )([sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`.compile(db), list.compile(db)]);
}
