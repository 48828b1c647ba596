import { channelKey, databaseError, type OtaDatabase, type Page } from '@kivyx-ota/database';
import { type Atomically, atomicallyOn } from './atomically.ts';
import { apiKeyRow, auditRow, commitRows, eventRows, type SqlWrites } from './changes.ts';
import { mysqlWrites } from './mysql-writes.ts';
import { postgresWrites } from './postgres-writes.ts';
import { toApiKey, toAuditEntry, toHead, toInteger, toRelease, toText } from './rows.ts';
import { attempt } from './sql-error.ts';
import { sqliteWrites } from './sqlite-writes.ts';
import { ALL_HOURS, type AnyKysely, type OtaKysely, type SqlDialectName } from './tables.ts';

/** Options of {@link sqlDatabase}. */
export interface SqlDatabaseOptions {
  /** Yours: pool, credentials, logging and plugins are its business. May hold tables of your own. */
  readonly db: AnyKysely;
  /** What `db` speaks. `d1` needs a `db` made with `d1Dialect()`. */
  readonly dialect: SqlDialectName;
  /** Writes for `db`, from elsewhere: `sqliteWriter()` of `@kivyx-ota/database-sql/sqlite-writer`. For `sqlite` only. */
  readonly writer?: { readonly atomically: Atomically };
}

/**
 * The control plane's database on SQLite, PostgreSQL, MySQL 8 / MariaDB 10.5, or Cloudflare D1. Call `migrate()` before the first use.
 *
 * Reads are one statement each. Writes are one transaction each: one statement on PostgreSQL, one `batch()` on D1. What the
 * database undoes for the sake of other transactions (deadlocks, locks) is tried again a few times. Texts within keys are
 * at most 512 bytes of UTF-8 without U+0000 (`RangeError`).
 *
 * @throws ERR_DATABASE_UNAVAILABLE, ERR_DATABASE_CURSOR, ERR_DATABASE_CORRUPT from its methods
 * @example
 * ```ts
 * import { migrate, sqlDatabase } from '@kivyx-ota/database-sql';
 * import { Kysely, PostgresDialect } from 'kysely';
 * import { Pool } from 'pg';
 *
 * const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool: new Pool({ host: 'localhost' }) }) });
 * await migrate(db, { clock: { nowMs: Date.now }, dialect: 'postgres' });
 * export const database = sqlDatabase({ db, dialect: 'postgres' });
 * ```
 */
export function sqlDatabase({ db: given, dialect, writer }: SqlDatabaseOptions): OtaDatabase {
  const db: OtaKysely = given;
  if (writer !== undefined && dialect !== 'sqlite')
    throw new TypeError(`sqlDatabase: dialect '${dialect}' takes no writer`);
  const writes = writesOf(db, dialect, writer?.atomically ?? atomicallyOn(db, dialect));
  const doing = <T>(what: string, work: () => Promise<T>): Promise<T> => attempt(dialect, what, work);

  return {
    commitChannel: async (commit) => {
      const rows = commitRows(commit);
      return doing('commitChannel', () => writes.commit(rows));
    },
    listAudit: (subject, { cursor, limit = 50 } = {}) =>
      doing('listAudit', async () => {
        const before = cursor === undefined ? undefined : readCursor(dialect, cursor)[0];
        let query = db.selectFrom('kivyx_audit').selectAll().where('subject', '=', subject);
        if (before !== undefined) query = query.where('number', '<', before);
        const rows = await query
          .orderBy('number', 'desc')
          .limit(limit + 1)
          .execute();
        return pageOf(rows.map(toAuditEntry), limit, ({ number }) => String(number));
      }),
    listIndexed: (scope) =>
      doing('listIndexed', async () => {
        const rows = await db
          .selectFrom('kivyx_release')
          .select(['body', 'indexed'])
          .where('channel', '=', channelKey(scope))
          .where('indexed', '=', 1)
          .orderBy('version_code')
          .execute();
        return rows.map(toRelease);
      }),
    listReleases: (scope, { cursor, limit = 50 } = {}) =>
      doing('listReleases', async () => {
        const after = cursor === undefined ? undefined : readCursor(dialect, cursor);
        let query = db
          .selectFrom('kivyx_release')
          .select(['body', 'indexed'])
          .where('channel', '=', channelKey(scope));
        if (after !== undefined) {
          const [code, id] = after;
          query = query.where((eb) =>
            eb.or([
              eb('version_code', '<', code),
              eb.and([eb('version_code', '=', code), eb('release_id', '<', id)]),
            ]),
          );
        }
        const rows = await query
          .orderBy('version_code', 'desc')
          .orderBy('release_id', 'desc')
          .limit(limit + 1)
          .execute();
        return pageOf(
          rows.map(toRelease),
          limit,
          ({ release: { releaseId, versionCode } }) => `${versionCode}:${releaseId}`,
        );
      }),
    name: dialect,
    putApiKey: async (key, audit) => {
      const row = apiKeyRow(key);
      const entry = auditRow(audit);
      return doing('putApiKey', () => writes.putApiKey(row, entry));
    },
    readAdoption: (scope, releaseId, { fromSeconds, toSeconds }) =>
      doing('readAdoption', async () => {
        const rows = await db
          .selectFrom('kivyx_count')
          .select(['hour_start', 'mark', 'devices'])
          .where('channel', '=', channelKey(scope))
          .where('release_id', '=', releaseId)
          .where('hour_start', '>=', Math.max(0, fromSeconds))
          .where('hour_start', '<', toSeconds)
          .orderBy('hour_start')
          .orderBy('mark')
          .execute();
        return rows.map((row) => ({
          devices: toInteger(row.devices, 'kivyx_count.devices'),
          hourStartSeconds: toInteger(row.hour_start, 'kivyx_count.hour_start'),
          mark: toText(row.mark, 'kivyx_count.mark'),
        }));
      }),
    readApiKey: (id) =>
      doing('readApiKey', async () => {
        const row = await db.selectFrom('kivyx_api_key').selectAll().where('id', '=', id).executeTakeFirst();
        return row === undefined ? undefined : toApiKey(row);
      }),
    readCounts: (scope, releaseId) =>
      doing('readCounts', async () => {
        const rows = await db
          .selectFrom('kivyx_count')
          .select(['mark', 'devices'])
          .where('channel', '=', channelKey(scope))
          .where('release_id', '=', releaseId)
          .where('hour_start', '=', ALL_HOURS)
          .orderBy('mark')
          .execute();
        return rows.map((row) => ({
          devices: toInteger(row.devices, 'kivyx_count.devices'),
          mark: toText(row.mark, 'kivyx_count.mark'),
        }));
      }),
    readHead: (scope) =>
      doing('readHead', async () => {
        const row = await db
          .selectFrom('kivyx_channel')
          .selectAll()
          .where('channel', '=', channelKey(scope))
          .executeTakeFirst();
        return row === undefined ? undefined : toHead(row);
      }),
    readRelease: (scope, releaseId) =>
      doing('readRelease', async () => {
        const row = await db
          .selectFrom('kivyx_release')
          .select(['body', 'indexed'])
          .where('channel', '=', channelKey(scope))
          .where('release_id', '=', releaseId)
          .executeTakeFirst();
        return row === undefined ? undefined : toRelease(row);
      }),
    recordEvents: async (batch) => {
      const [first, ...rest] = batch;
      if (first === undefined) return 0;
      const rows = eventRows([first, ...rest]);
      return doing('recordEvents', () => writes.recordEvents(rows));
    },
    removeExpired: (nowSeconds, limit) =>
      doing('removeExpired', () => writes.removeExpired(nowSeconds, limit)),
    revokeApiKey: async (id, atMs, audit) => {
      const entry = auditRow(audit);
      return doing('revokeApiKey', () => writes.revokeApiKey(id, atMs, entry));
    },
  };
}

function writesOf(db: OtaKysely, dialect: SqlDialectName, atomically: Atomically): SqlWrites {
  switch (dialect) {
    case 'postgres':
      return postgresWrites(db);
    case 'mysql':
      return mysqlWrites(db);
    case 'sqlite':
    case 'd1':
      return sqliteWrites(db, atomically);
    default:
      throw new TypeError(
        `sqlDatabase: dialect ${JSON.stringify(dialect)} is none of sqlite, postgres, mysql, d1`,
      );
  }
}

/** `123` or `123:id`; untrusted. */
function readCursor(dialect: string, cursor: string): readonly [number: number, id: string] {
  const match = /^([0-9]{1,16})(?::([^\0]{0,512}))?$/s.exec(cursor);
  if (match === null)
    throw databaseError('ERR_DATABASE_CURSOR', dialect, 'this cursor was not given by this database');
  return [Number(match[1]), match[2] ?? ''];
}

function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (last: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items[items.length - 1];
  return rows.length > limit && last !== undefined ? { cursor: cursorOf(last), items } : { items };
}
