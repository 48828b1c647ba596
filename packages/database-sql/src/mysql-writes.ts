import { type Kysely, sql } from 'kysely';
import type { AuditRow, SqlWrites } from './changes.ts';
import { toText } from './rows.ts';
import { isDuplicate } from './sql-error.ts';
import { ALL_HOURS, type OtaKysely, type OtaTables } from './tables.ts';

/** Drivers for MySQL send bytes only as a Buffer. */
declare const Buffer: { from(bytes: Uint8Array): Uint8Array };

const LOST = Symbol('lost');

/**
 * MySQL has neither RETURNING nor writes within WITH: interactive transactions. The first statement of each takes the row lock
 * that decides.
 */
export function mysqlWrites(db: OtaKysely): SqlWrites {
  /** Undefined when `work` gave `LOST`; then nothing is written. */
  const transaction = async <T>(
    work: (trx: Kysely<OtaTables>) => Promise<T | typeof LOST>,
  ): Promise<T | undefined> => {
    try {
      return await db.transaction().execute(async (trx) => {
        const result = await work(trx);
        // Kysely rolls back on errors only.
        if (result === LOST) throw LOST;
        return result;
      });
    } catch (error) {
      if (error === LOST) return undefined;
      throw error;
    }
  };
  const insertOnce = async (insert: { execute(): Promise<unknown> }): Promise<boolean> => {
    try {
      await insert.execute();
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  };
  const log = async (trx: Kysely<OtaTables>, { subject, ...row }: AuditRow): Promise<void> => {
    await sql`insert into kivyx_audit_number (subject, last_number) values (${subject}, 1)
      on duplicate key update last_number = last_number + 1`.execute(trx);
    await sql`insert into kivyx_audit (subject, number, at_ms, actor, action, release_id, detail)
      select subject, last_number, ${row.at_ms}, ${row.actor}, ${row.action}, ${row.release_id}, ${row.detail}
      from kivyx_audit_number where subject = ${subject}`.execute(trx);
  };

  return {
    commit: async ({ audit, expectedRevision, head, releases }) => {
      const { channel, ...state } = { ...head, envelope: Buffer.from(head.envelope) };
      const won = await transaction(async (trx) => {
        if (expectedRevision === 0) {
          if (!(await insertOnce(trx.insertInto('kivyx_channel').values({ channel, ...state })))) return LOST;
        } else {
          const { numUpdatedRows } = await trx
            .updateTable('kivyx_channel')
            .set(state)
            .where('channel', '=', channel)
            .where('revision', '=', expectedRevision)
            .executeTakeFirst();
          if (numUpdatedRows !== 1n) return LOST;
        }
        if (releases.length > 0) {
          await trx
            .insertInto('kivyx_release')
            .values(releases.map((release) => ({ channel, ...release })))
            .onDuplicateKeyUpdate({
              body: sql`values(body)`,
              indexed: sql`values(indexed)`,
              version_code: sql`values(version_code)`,
            })
            .execute();
        }
        if (audit !== undefined) await log(trx, audit);
        return true;
      });
      return won === true ? { committed: true, revision: head.revision } : { committed: false };
    },
    putApiKey: async (key, audit) => {
      const won = await transaction(async (trx) => {
        if (!(await insertOnce(trx.insertInto('kivyx_api_key').values(key)))) return LOST;
        await log(trx, audit);
        return true;
      });
      return won === true;
    },
    recordEvents: async ({ channel, events, marks }) => {
      const accepted = await transaction(async (trx) => {
        // One batch of a channel at a time: what is read below stays true until the end. Before the first plain read, because
        // that is when REPEATABLE READ takes its snapshot.
        await sql`insert into kivyx_telemetry_lock (channel) values (${channel}) on duplicate key update channel = channel`.execute(
          trx,
        );
        const known = await trx
          .selectFrom('kivyx_event')
          .select('event_id')
          .where('channel', '=', channel)
          .where(
            'event_id',
            'in',
            events.map(({ event_id }) => event_id),
          )
          .execute();
        const old = new Set(known.map(({ event_id }) => toText(event_id, 'kivyx_event.event_id')));
        const fresh = events.filter(({ event_id }) => !old.has(event_id));
        if (fresh.length === 0) return LOST;
        await trx
          .insertInto('kivyx_event')
          .values(fresh.map((event) => ({ channel, ...event })))
          .execute();

        const said = new Map<
          string,
          Omit<OtaTables['kivyx_count'], 'channel' | 'devices'> & { device_hash: string }
        >();
        for (const { event_id, ...mark } of marks()) {
          if (old.has(event_id)) continue;
          const id = markId(mark);
          const before = said.get(id);
          if (before === undefined || mark.hour_start < before.hour_start) said.set(id, mark);
        }
        if (said.size === 0) return fresh.length;
        const marked = await trx
          .selectFrom('kivyx_device_mark')
          .select(['release_id', 'mark', 'device_hash'])
          .where('channel', '=', channel)
          .where(({ eb, refTuple, tuple }) =>
            eb(
              refTuple('release_id', 'mark', 'device_hash'),
              'in',
              [...said.values()].map((one) => tuple(one.release_id, one.mark, one.device_hash)),
            ),
          )
          .execute();
        for (const row of marked) {
          said.delete(
            markId({
              device_hash: toText(row.device_hash, 'kivyx_device_mark.device_hash'),
              mark: toText(row.mark, 'kivyx_device_mark.mark'),
              release_id: toText(row.release_id, 'kivyx_device_mark.release_id'),
            }),
          );
        }
        if (said.size === 0) return fresh.length;
        await trx
          .insertInto('kivyx_device_mark')
          .values([...said.values()].map((one) => ({ channel, ...one })))
          .execute();
        await trx
          .insertInto('kivyx_count')
          .values(sums([...said.values()]).map((sum) => ({ channel, ...sum })))
          .onDuplicateKeyUpdate({ devices: sql`devices + values(devices)` })
          .execute();
        return fresh.length;
      });
      return accepted ?? 0;
    },
    removeExpired: async (nowSeconds, limit) => {
      const { numAffectedRows } =
        await sql`delete from kivyx_event where expires_at <= ${nowSeconds} order by expires_at limit ${limit}`.execute(
          db,
        );
      return Number(numAffectedRows ?? 0n);
    },
    revokeApiKey: async (id, atMs, audit) => {
      const won = await transaction(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('kivyx_api_key')
          .set({ revoked_at_ms: atMs })
          .where('id', '=', id)
          .where('revoked_at_ms', 'is', null)
          .executeTakeFirst();
        if (numUpdatedRows === 1n) {
          await log(trx, audit);
          return true;
        }
        const found = await trx.selectFrom('kivyx_api_key').select('id').where('id', '=', id).execute();
        return found.length === 1;
      });
      return won === true;
    },
  };
}

function markId({
  device_hash,
  mark,
  release_id,
}: {
  device_hash: string;
  mark: string;
  release_id: string;
}): string {
  return JSON.stringify([release_id, mark, device_hash]);
}

/** Devices per release, mark and hour, and per release and mark. */
function sums(
  marks: readonly { release_id: string; mark: string; hour_start: number }[],
): Omit<OtaTables['kivyx_count'], 'channel'>[] {
  const found = new Map<string, Omit<OtaTables['kivyx_count'], 'channel'>>();
  for (const { hour_start, mark, release_id } of marks) {
    for (const hour of [hour_start, ALL_HOURS]) {
      const id = JSON.stringify([release_id, mark, hour]);
      const before = found.get(id)?.devices ?? 0;
      found.set(id, { devices: before + 1, hour_start: hour, mark, release_id });
    }
  }
  return [...found.values()];
}
