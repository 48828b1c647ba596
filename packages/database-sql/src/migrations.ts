import { ALL_HOURS, type SqlDialectName } from './tables.ts';

/** One step of the schema: applied once, never edited after a release. */
export interface SqlMigration {
  readonly id: string;
  /** In order, one statement per element, for each kind of database. D1 takes those of SQLite. */
  readonly statements: Readonly<Record<Exclude<SqlDialectName, 'd1'>, readonly string[]>>;
}

interface Types {
  /** Compared byte by byte, up to 512 bytes. */
  readonly key: string;
  readonly text: string;
  readonly bytes: string;
  readonly int: string;
  readonly tableEnd: string;
  /** For tables that are read and written by their key only. */
  readonly keyedTableEnd: string;
}

const SQLITE: Types = {
  bytes: 'blob',
  int: 'integer',
  key: 'text',
  // One tree instead of two, in which the key would be written twice.
  keyedTableEnd: ' without rowid',
  tableEnd: '',
  text: 'text',
};
const POSTGRES: Types = {
  bytes: 'bytea',
  int: 'bigint',
  key: 'text collate "C"',
  keyedTableEnd: '',
  tableEnd: '',
  text: 'text',
};
const MYSQL_END = ' engine=InnoDB default charset=utf8mb4 collate=utf8mb4_bin';
const MYSQL: Types = {
  bytes: 'longblob',
  int: 'bigint',
  // Its collations call some different texts equal, at least those that differ in trailing spaces.
  key: 'varbinary(512)',
  keyedTableEnd: MYSQL_END,
  tableEnd: MYSQL_END,
  text: 'longtext',
};

function tables({ key, text, bytes, int, tableEnd, keyedTableEnd }: Types): string[] {
  const table = (name: string, columns: readonly string[], end: string = tableEnd): string =>
    `create table if not exists ${name} (${columns.join(', ')})${end}`;
  return [
    table('kivyx_channel', [
      `channel ${key} not null primary key`,
      `revision ${int} not null`,
      `sequence ${int} not null`,
      `payload_sha256 ${text} not null`,
      `envelope ${bytes} not null`,
      `expires_at ${int} not null`,
    ]),
    table('kivyx_release', [
      `channel ${key} not null`,
      `release_id ${key} not null`,
      `version_code ${int} not null`,
      `indexed smallint not null`,
      `body ${text} not null`,
      'primary key (channel, release_id)',
    ]),
    table('kivyx_audit_number', [`subject ${key} not null primary key`, `last_number ${int} not null`]),
    table('kivyx_audit', [
      `subject ${key} not null`,
      `number ${int} not null`,
      `at_ms ${int} not null`,
      `actor ${text} not null`,
      `action ${text} not null`,
      `release_id ${text}`,
      `detail ${text}`,
      'primary key (subject, number)',
    ]),
    table('kivyx_api_key', [
      `id ${key} not null primary key`,
      `label ${text} not null`,
      `secret_sha256 ${text} not null`,
      `scopes ${text} not null`,
      `apps ${text}`,
      `created_at_ms ${int} not null`,
      `revoked_at_ms ${int}`,
    ]),
    table('kivyx_event', [
      `channel ${key} not null`,
      `event_id ${key} not null`,
      `release_id ${key} not null`,
      `type ${text} not null`,
      `device_hash ${key} not null`,
      `at_seconds ${int} not null`,
      `expires_at ${int} not null`,
      `marks ${text} not null`,
      `detail ${text}`,
      'primary key (channel, event_id)',
    ]),
    table(
      'kivyx_device_mark',
      [
        `channel ${key} not null`,
        `release_id ${key} not null`,
        `mark ${key} not null`,
        `device_hash ${key} not null`,
        `hour_start ${int} not null`,
        'primary key (channel, release_id, device_hash, mark)',
      ],
      keyedTableEnd,
    ),
    table(
      'kivyx_count',
      [
        `channel ${key} not null`,
        `release_id ${key} not null`,
        `hour_start ${int} not null`,
        `mark ${key} not null`,
        `devices ${int} not null`,
        'primary key (channel, release_id, hour_start, mark)',
      ],
      keyedTableEnd,
    ),
  ];
}

const INDEXES: readonly (readonly [name: string, on: string])[] = [
  ['kivyx_release_by_code', 'kivyx_release (channel, version_code, release_id)'],
  ['kivyx_release_indexed', 'kivyx_release (channel, indexed, version_code)'],
  ['kivyx_event_expiry', 'kivyx_event (expires_at)'],
];

/** `exec` of D1 runs a file line by line. */
const onOneLine = (statement: string): string => statement.replace(/\s+/g, ' ');

/**
 * Telemetry on SQLite and D1: an event that is new marks its device, a mark that is new counts. So a batch is one statement, which
 * decides once what is new; D1 takes no results from one statement to the next.
 */
const SQLITE_TELEMETRY: readonly string[] = [
  `create trigger if not exists kivyx_event_marks after insert on kivyx_event begin
    insert into kivyx_device_mark (channel, release_id, mark, device_hash, hour_start)
      select new.channel, new.release_id, value, new.device_hash, new.at_seconds - new.at_seconds % 3600
      from json_each(new.marks) where true
      on conflict (channel, release_id, device_hash, mark) do nothing;
  end`,
  `create trigger if not exists kivyx_device_mark_counts after insert on kivyx_device_mark begin
    insert into kivyx_count (channel, release_id, hour_start, mark, devices)
      values (new.channel, new.release_id, new.hour_start, new.mark, 1), (new.channel, new.release_id, ${ALL_HOURS}, new.mark, 1)
      on conflict (channel, release_id, hour_start, mark) do update set devices = devices + 1;
  end`,
].map(onOneLine);

/**
 * What is known, in one tree instead of two: an event by its id, a mark by its device. The ids that the server makes begin as the hash
 * of their device does, so what a device tells and what it is marked with are one page to read and to write, not two.
 */
const SQLITE_KNOWN: readonly string[] = [
  `create table kivyx_known (channel text not null, id text not null, is_mark integer not null, release_id text not null, mark text not null,
    hour_start integer not null, primary key (channel, id, is_mark, release_id, mark)) without rowid`,
  `insert into kivyx_known (channel, id, is_mark, release_id, mark, hour_start)
    select channel, event_id, 0, '', '', 0 from kivyx_event`,
  `insert into kivyx_known (channel, id, is_mark, release_id, mark, hour_start)
    select channel, device_hash, 1, release_id, mark, hour_start from kivyx_device_mark`,
  'drop table kivyx_device_mark',
  `create table kivyx_event_unkeyed (channel text not null, event_id text not null, release_id text not null, type text not null,
    device_hash text not null, at_seconds integer not null, expires_at integer not null, marks text not null, detail text)`,
  `insert into kivyx_event_unkeyed (channel, event_id, release_id, type, device_hash, at_seconds, expires_at, marks, detail)
    select channel, event_id, release_id, type, device_hash, at_seconds, expires_at, marks, detail from kivyx_event`,
  // With its key, its index and its triggers.
  'drop table kivyx_event',
  'alter table kivyx_event_unkeyed rename to kivyx_event',
  'create index kivyx_event_expiry on kivyx_event (expires_at)',
  `create trigger kivyx_event_is_known before insert on kivyx_event begin
    select raise(ignore) from kivyx_known where channel = new.channel and id = new.event_id and is_mark = 0;
  end`,
  `create trigger kivyx_event_marks after insert on kivyx_event begin
    insert into kivyx_known (channel, id, is_mark, release_id, mark, hour_start)
      values (new.channel, new.event_id, 0, '', '', 0);
    insert into kivyx_known (channel, id, is_mark, release_id, mark, hour_start)
      select new.channel, new.device_hash, 1, new.release_id, value, new.at_seconds - new.at_seconds % 3600
      from json_each(new.marks) where true
      on conflict do nothing;
  end`,
  `create trigger kivyx_known_counts after insert on kivyx_known when new.is_mark begin
    insert into kivyx_count (channel, release_id, hour_start, mark, devices)
      values (new.channel, new.release_id, new.hour_start, new.mark, 1), (new.channel, new.release_id, ${ALL_HOURS}, new.mark, 1)
      on conflict (channel, release_id, hour_start, mark) do update set devices = devices + 1;
  end`,
  `create trigger kivyx_event_is_forgotten after delete on kivyx_event begin
    delete from kivyx_known where channel = old.channel and id = old.event_id and is_mark = 0;
  end`,
].map(onOneLine);

const REFUSAL = 'the audit log is append-only';

/**
 * The schema, oldest step first. `migrate()` applies it; teams with a migration tool of their own can feed it these statements.
 */
export const sqlMigrations: readonly SqlMigration[] = [
  {
    id: '0001-control-plane',
    statements: {
      // Without triggers, which need rights that managed servers do not give: grant INSERT and SELECT only on kivyx_audit.
      mysql: [
        ...tables(MYSQL),
        `create table if not exists kivyx_telemetry_lock (channel ${MYSQL.key} not null primary key)${MYSQL.tableEnd}`,
        // 3072 bytes is the most a key may have here, so the identifier is not in it.
        'create index kivyx_release_by_code on kivyx_release (channel, version_code)',
        ...INDEXES.slice(1).map(([name, on]) => `create index ${name} on ${on}`),
      ],
      postgres: [
        ...tables(POSTGRES),
        ...INDEXES.map(([name, on]) => `create index if not exists ${name} on ${on}`),
        `create or replace function kivyx_refuse_audit_change() returns trigger language plpgsql as $$ begin raise exception '${REFUSAL}'; end $$`,
        'drop trigger if exists kivyx_audit_append_only on kivyx_audit',
        'create trigger kivyx_audit_append_only before update or delete or truncate on kivyx_audit for each statement execute function kivyx_refuse_audit_change()',
      ],
      sqlite: [
        ...tables(SQLITE),
        ...INDEXES.map(([name, on]) => `create index if not exists ${name} on ${on}`),
        ...SQLITE_TELEMETRY,
        ...['update', 'delete'].map(
          (verb) =>
            `create trigger if not exists kivyx_audit_no_${verb} before ${verb} on kivyx_audit begin select raise(abort, '${REFUSAL}'); end`,
        ),
      ],
    },
  },
  {
    id: '0002-known-in-one-tree',
    // PostgreSQL writes rows where there is room, whatever their key; MySQL looks both up by the whole key.
    statements: { mysql: [], postgres: [], sqlite: SQLITE_KNOWN },
  },
];
