// A control plane with as many releases stored as the first argument says, the newest hundred in its index. The second is the file of
// its SQLite, opened as examples/express does, or `memory`; the third says what a commit waits for (`pragma synchronous`).
import { createLocalSigner, generateKeyPair } from '@kivyx-ota/cose/sign';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { memoryDatabase, type OtaDatabase } from '@kivyx-ota/database';
import { migrate, reusedStatements, sqlDatabase } from '@kivyx-ota/database-sql';
import { sqliteWriter } from '@kivyx-ota/database-sql/sqlite-writer';
import type { IndexRelease } from '@kivyx-ota/manifest';
import { signChannelIndex } from '@kivyx-ota/manifest/sign';
import { createOtaHandler } from '@kivyx-ota/server';
import { memoryStorage } from '@kivyx-ota/storage';
import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { serveMeasured } from './serve-measured.ts';

const [stored, file = 'memory', synchronous = 'full'] = [Number(process.argv[2]), ...process.argv.slice(3)];
const SCOPE = { app: 'cafe', channel: 'production', platform: 'ios', project: 'acme' } as const;
const INDEXED = 100;
const pair = generateKeyPair();
const signer = createLocalSigner(pair.privateKeyPem);

async function openDatabase(): Promise<OtaDatabase> {
  if (file === 'memory') return memoryDatabase();
  const db = new Kysely<unknown>({
    dialect: new SqliteDialect({ database: reusedStatements(new Database(file, { timeout: 5000 })) }),
  });
  await sql`pragma journal_mode = wal`.execute(db);
  await migrate(db, { clock: { nowMs: Date.now }, dialect: 'sqlite' });
  const writer = sqliteWriter({
    driver: import.meta.resolve('libsql'),
    file,
    setUp: [`pragma synchronous = ${synchronous}`],
  });
  return sqlDatabase({ db, dialect: 'sqlite', writer });
}
const database = await openDatabase();

const release = (versionCode: number): IndexRelease => ({
  launchSha256Hex: sha256Hex(Uint8Array.of(1, versionCode, versionCode >> 8)),
  mandatory: false,
  manifest: { sha256Hex: sha256Hex(Uint8Array.of(2, versionCode, versionCode >> 8)), sizeBytes: 900 },
  patches: [],
  releaseId: `release-${versionCode}`,
  rolloutBasisPoints: versionCode === stored ? 5000 : 10_000,
  runtimeVersion: '1',
  salt: `release-${versionCode}`,
  status: 'active',
  version: `1.0.${versionCode}`,
  versionCode,
});
let previousSha256Hex: string | undefined;
for (let first = 1, revision = 0; first <= stored; first += 90, revision++) {
  const last = Math.min(stored, first + 89);
  const range = (from: number, to: number): number[] =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const issuedAtSeconds = Math.floor(Date.now() / 1000);
  const expiresAtSeconds = issuedAtSeconds + 86_400;
  const { envelope, payload } = await signChannelIndex(
    {
      ...SCOPE,
      epoch: 0,
      expiresAtSeconds,
      issuedAtSeconds,
      releases: range(Math.max(1, last - INDEXED + 1), last).map(release),
      sequence: revision + 1,
      ...(previousSha256Hex === undefined ? {} : { previousSha256Hex }),
    },
    signer,
  );
  previousSha256Hex = sha256Hex(payload);
  const { committed } = await database.commitChannel({
    expectedRevision: revision,
    head: { envelope, expiresAtSeconds, payloadSha256Hex: previousSha256Hex, sequence: revision + 1 },
    releases: range(first, last).map((code) => ({
      indexed: code > stored - INDEXED,
      release: release(code),
    })),
    scope: SCOPE,
  });
  if (!committed) throw new Error('the bench could not fill its database');
}

const handle = createOtaHandler({
  database,
  deviceSecret: new Uint8Array(32).fill(7),
  guardrail: {},
  onError: (error) => console.error(error),
  project: SCOPE.project,
  releaseKeys: [pair.publicKeyPem],
  signer,
  storage: memoryStorage(),
});
// As behind a load balancer: all connections come from one machine, but not all devices.
serveMeasured((request) => {
  const address = request.headers.get('x-forwarded-for');
  return handle(request, address === null ? {} : { address });
});
