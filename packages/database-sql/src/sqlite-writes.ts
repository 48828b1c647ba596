import { type QueryResult, type RawBuilder, sql } from 'kysely';
import type { Atomically } from './atomically.ts';
import type { AuditRow, SqlWrites } from './changes.ts';
import type { OtaKysely } from './tables.ts';

const EVENT_COLUMNS = [
  'event_id',
  'release_id',
  'type',
  'device_hash',
  'at_seconds',
  'expires_at',
  'marks',
  'detail',
] as const;
// Made once: what Kysely puts together from nodes, it puts together at every call.
const COLUMNS = sql.raw(EVENT_COLUMNS.join(', '));
/** A row is an array: names would be looked for in each of them, column by column. */
const VALUES = sql.raw(EVENT_COLUMNS.map((_, i) => `json_extract(value, '$[${i}]')`).join(', '));

/**
 * SQLite has one writer at a time, and D1 takes a transaction only as a list. So a change is a list in which every statement
 * repeats the condition and the last one ends it: all of them see the same answer. Several rows go as one JSON parameter,
 * because D1 takes 100 parameters at most.
 */
export function sqliteWrites(db: OtaKysely, atomically: Atomically): SqlWrites {
  const auditIf = (condition: RawBuilder<unknown>, audit: AuditRow): RawBuilder<unknown>[] => [
    sql`insert into kivyx_audit_number (subject, last_number)
      select ${audit.subject}, 1 where ${condition}
      on conflict (subject) do update set last_number = last_number + 1`,
    sql`insert into kivyx_audit (subject, number, at_ms, actor, action, release_id, detail)
      select subject, last_number, ${audit.at_ms}, ${audit.actor}, ${audit.action}, ${audit.release_id}, ${audit.detail}
      from kivyx_audit_number where subject = ${audit.subject} and ${condition}`,
  ];
  const run = (queries: readonly RawBuilder<unknown>[]): ReturnType<Atomically> =>
    atomically(queries.map((query) => query.compile(db)));
  const wroteOne = (result: QueryResult<unknown> | undefined): boolean => result?.numAffectedRows === 1n;

  return {
    commit: async ({ audit, expectedRevision, head, releases }) => {
      const { channel } = head;
      const isCurrent =
        expectedRevision === 0
          ? sql`not exists (select 1 from kivyx_channel where channel = ${channel})`
          : sql`exists (select 1 from kivyx_channel where channel = ${channel} and revision = ${expectedRevision})`;
      const results = await run([
        ...(releases.length === 0
          ? []
          : [
              sql`insert into kivyx_release (channel, release_id, version_code, indexed, body)
                select ${channel}, json_extract(value, '$.release_id'), json_extract(value, '$.version_code'),
                  json_extract(value, '$.indexed'), json_extract(value, '$.body')
                from json_each(${JSON.stringify(releases)}) where ${isCurrent}
                on conflict (channel, release_id) do update set
                  version_code = excluded.version_code, indexed = excluded.indexed, body = excluded.body`,
            ]),
        ...(audit === undefined ? [] : auditIf(isCurrent, audit)),
        expectedRevision === 0
          ? sql`insert into kivyx_channel (channel, revision, sequence, payload_sha256, envelope, expires_at)
              values (${channel}, ${head.revision}, ${head.sequence}, ${head.payload_sha256}, ${head.envelope}, ${head.expires_at})
              on conflict (channel) do nothing`
          : sql`update kivyx_channel set revision = ${head.revision}, sequence = ${head.sequence},
                payload_sha256 = ${head.payload_sha256}, envelope = ${head.envelope}, expires_at = ${head.expires_at}
              where channel = ${channel} and revision = ${expectedRevision}`,
      ]);
      return wroteOne(results[results.length - 1])
        ? { committed: true, revision: head.revision }
        : { committed: false };
    },
    putApiKey: async (key, audit) => {
      const results = await run([
        ...auditIf(sql`not exists (select 1 from kivyx_api_key where id = ${key.id})`, audit),
        sql`insert into kivyx_api_key (id, label, secret_sha256, scopes, apps, created_at_ms, revoked_at_ms)
          values (${key.id}, ${key.label}, ${key.secret_sha256}, ${key.scopes}, ${key.apps}, ${key.created_at_ms}, ${key.revoked_at_ms})
          on conflict (id) do nothing`,
      ]);
      return wroteOne(results[results.length - 1]);
    },
    recordEvents: async ({ channel, events }) => {
      // A device counts in the first of the hours it tells of.
      const byTime = [...events].sort((a, b) => a.at_seconds - b.at_seconds);
      // What is known already is left out by a trigger, and what is new says about its device is written by others (migrations.ts).
      const rows = byTime.map((event) => EVENT_COLUMNS.map((name) => event[name]));
      const [result] = await run([
        sql`insert into kivyx_event (channel, ${COLUMNS})
          select ${channel}, ${VALUES} from json_each(${JSON.stringify(rows)})
          returning 1 as fresh`,
      ]);
      // Rows, for D1 counts as changes what triggers write.
      return result?.rows.length ?? 0;
    },
    removeExpired: async (nowSeconds, limit) => {
      const [result] = await run([
        sql`delete from kivyx_event where rowid in
          (select rowid from kivyx_event where expires_at <= ${nowSeconds} order by expires_at limit ${limit})
          returning 1 as removed`,
      ]);
      return result?.rows.length ?? 0;
    },
    revokeApiKey: async (id, atMs, audit) => {
      const isActive = sql`exists (select 1 from kivyx_api_key where id = ${id} and revoked_at_ms is null)`;
      const results = await run([
        ...auditIf(isActive, audit),
        sql`update kivyx_api_key set revoked_at_ms = ${atMs} where id = ${id} and revoked_at_ms is null`,
        sql`select 1 as found from kivyx_api_key where id = ${id}`,
      ]);
      return results[results.length - 1]?.rows.length === 1;
    },
  };
}
