import { sql, type RawBuilder } from 'kysely';
import type { AuditRow, SqlWrites } from './changes.ts';
import { toInteger } from './rows.ts';
import { ALL_HOURS, type OtaKysely } from './tables.ts';

/**
 * PostgreSQL writes many rows of many tables in one statement (data-modifying WITH), which is a transaction by itself: one round
 * trip, and good for connection poolers. The first part takes the row that decides; the others write only when it did.
 */
export function postgresWrites(db: OtaKysely): SqlWrites {
  /** `decided` has one row when the change is made. The number comes from a row that is locked until the end: no gaps, no twins. */
  const auditWith = (audit: AuditRow | undefined): RawBuilder<unknown> =>
    audit === undefined
      ? sql``
      : sql`, numbered as (
          insert into kivyx_audit_number (subject, last_number)
          select cast(${audit.subject} as text), 1 from decided
          on conflict (subject) do update set last_number = kivyx_audit_number.last_number + 1
          returning last_number
        ), audited as (
          insert into kivyx_audit (subject, number, at_ms, actor, action, release_id, detail)
          select cast(${audit.subject} as text), last_number, cast(${audit.at_ms} as bigint), cast(${audit.actor} as text),
            cast(${audit.action} as text), cast(${audit.release_id} as text), cast(${audit.detail} as text)
          from numbered
        )`;
  const count = async (query: RawBuilder<{ done: unknown }>): Promise<number> =>
    toInteger((await query.execute(db)).rows[0]?.done, 'count');

  return {
    commit: async ({ audit, expectedRevision, head, releases }) => {
      const decided =
        expectedRevision === 0
          ? sql`insert into kivyx_channel (channel, revision, sequence, payload_sha256, envelope, expires_at)
              values (${head.channel}, ${head.revision}, ${head.sequence}, ${head.payload_sha256}, ${head.envelope}, ${head.expires_at})
              on conflict (channel) do nothing returning channel`
          : sql`update kivyx_channel set revision = ${head.revision}, sequence = ${head.sequence},
                payload_sha256 = ${head.payload_sha256}, envelope = ${head.envelope}, expires_at = ${head.expires_at}
              where channel = ${head.channel} and revision = ${expectedRevision} returning channel`;
      const stored =
        releases.length === 0
          ? sql``
          : sql`, stored as (
              insert into kivyx_release (channel, release_id, version_code, indexed, body)
              select decided.channel, given.release_id, given.version_code, given.indexed, given.body
              from decided, json_to_recordset(cast(${JSON.stringify(releases)} as json))
                as given (release_id text, version_code bigint, indexed smallint, body text)
              on conflict (channel, release_id) do update set
                version_code = excluded.version_code, indexed = excluded.indexed, body = excluded.body
            )`;
      const done = await count(
        sql`with decided as (${decided})${stored}${auditWith(audit)} select count(*) as done from decided`,
      );
      return done === 1 ? { committed: true, revision: head.revision } : { committed: false };
    },
    putApiKey: async (key, audit) => {
      const done = await count(
        sql`with decided as (
            insert into kivyx_api_key (id, label, secret_sha256, scopes, apps, created_at_ms, revoked_at_ms)
            values (${key.id}, ${key.label}, ${key.secret_sha256}, ${key.scopes}, ${key.apps}, ${key.created_at_ms}, ${key.revoked_at_ms})
            on conflict (id) do nothing returning id
          )${auditWith(audit)} select count(*) as done from decided`,
      );
      return done === 1;
    },
    recordEvents: ({ channel, events, marks }) =>
      // Each part is sorted and reads the one before to its end: all writers take locks in one order, so none waits in a circle.
      count(
        sql`with new_event as (
            insert into kivyx_event
              (channel, event_id, release_id, type, device_hash, at_seconds, expires_at, marks, detail)
            select cast(${channel} as text), event_id, release_id, type, device_hash, at_seconds, expires_at, marks, detail
            from json_to_recordset(cast(${JSON.stringify(events)} as json)) as given (event_id text, release_id text, type text,
              device_hash text, at_seconds bigint, expires_at bigint, marks text, detail text)
            order by event_id collate "C"
            on conflict (channel, event_id) do nothing returning event_id
          ), given_mark as (
            select release_id, mark, device_hash, min(hour_start) as hour_start
            from json_to_recordset(cast(${JSON.stringify(marks())} as json))
              as given (event_id text, release_id text, mark text, device_hash text, hour_start bigint)
            where event_id in (select event_id from new_event)
            group by release_id, mark, device_hash
          ), new_mark as (
            insert into kivyx_device_mark (channel, release_id, mark, device_hash, hour_start)
            select cast(${channel} as text), release_id, mark, device_hash, hour_start from given_mark
            order by release_id collate "C", mark collate "C", device_hash collate "C"
            on conflict (channel, release_id, mark, device_hash) do nothing returning release_id, mark, hour_start
          ), counted as (
            insert into kivyx_count (channel, release_id, hour_start, mark, devices)
            select cast(${channel} as text), release_id, hour_start, mark, devices from (
              select release_id, hour_start, mark, count(*) as devices from new_mark group by release_id, hour_start, mark
              union all
              select release_id, cast(${ALL_HOURS} as bigint), mark, count(*) from new_mark group by release_id, mark
            ) as sums
            order by release_id collate "C", hour_start, mark collate "C"
            on conflict (channel, release_id, hour_start, mark) do update set devices = kivyx_count.devices + excluded.devices
          )
          select count(*) as done from new_event`,
      ),
    removeExpired: (nowSeconds, limit) =>
      // Two sweepers at once share the work instead of waiting for each other.
      count(
        sql`with removed as (
            delete from kivyx_event where ctid in (
              select ctid from kivyx_event where expires_at <= ${nowSeconds} order by expires_at limit ${limit} for update skip locked
            ) returning 1
          ) select count(*) as done from removed`,
      ),
    revokeApiKey: async (id, atMs, audit) => {
      const found = await count(
        sql`with decided as (
            update kivyx_api_key set revoked_at_ms = ${atMs} where id = ${id} and revoked_at_ms is null returning id
          )${auditWith(audit)} select count(*) as done from kivyx_api_key where id = ${id}`,
      );
      return found === 1;
    },
  };
}
