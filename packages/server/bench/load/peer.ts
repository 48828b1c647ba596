// @hot-updater/server with its Kysely adapter on SQLite, and as many bundles as the first argument says.
import { createHotUpdater } from '@hot-updater/server';
import { kyselyAdapter } from '@hot-updater/server/adapters/kysely';
import { createMigrator } from '@hot-updater/server/db';
import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { serveMeasured } from './serve-measured.ts';

const [bundles = 10, path = ':memory:'] = [Number(process.argv[2]), process.argv[3]];
const sqlite = new Database(path);
// It binds booleans, which SQLite's drivers do not take.
const plain = (values: readonly unknown[]): unknown[] =>
  values.map((value) => (typeof value === 'boolean' ? Number(value) : value));
const db = new Kysely<object>({
  dialect: new SqliteDialect({
    database: {
      close: () => sqlite.close(),
      prepare: (text) => {
        const statement = sqlite.prepare(text);
        return {
          all: (values) => statement.all(plain(values)),
          iterate: (values) => statement.iterate(plain(values)) as IterableIterator<unknown>,
          reader: statement.reader,
          run: (values) => statement.run(plain(values)),
        };
      },
    },
  }),
});
await sql`pragma journal_mode = wal`.execute(db);
const updater = createHotUpdater({ database: kyselyAdapter({ db, provider: 'sqlite' }) });
const { execute } = await createMigrator(updater).migrateToLatest();
await execute();
for (let i = 1; i <= bundles; i++)
  await updater.insertBundle({
    channel: 'production',
    enabled: true,
    fileHash: String(i).padStart(64, '0'),
    fingerprintHash: null,
    gitCommitHash: null,
    id: `01990000-0000-7000-8000-${String(i).padStart(12, '0')}`,
    message: null,
    platform: 'ios',
    rolloutCohortCount: i === bundles ? 500 : 1000,
    shouldForceUpdate: false,
    storageUri: `https://cdn.example/${i}.zip`,
    targetAppVersion: '1.0.0',
  } as never);
serveMeasured((request) => updater.handler(request));
