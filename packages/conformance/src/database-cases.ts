import { type ApiKeyRecord, channelKey, type OtaDatabase, type Page } from '@kivyx-ota/database';
import type { ConformanceCase } from './case.ts';
import { audit, commit, event, fill, release, SCOPE } from './database-samples.ts';
import { expectBytes, expectCode, expectThat } from './expect.ts';

/** Options of {@link databaseCases}. */
export interface DatabaseCasesOptions {
  /** An empty database; called once per case. */
  readonly create: () => Promise<OtaDatabase> | OtaDatabase;
  /** How many writers race in the concurrency cases. Default 8. */
  readonly writers?: number;
  /** Releases that one commit stores at most. Default 90, as the contract says; less only for emulators that take less. */
  readonly releasesPerCommit?: number;
}

const OTHER = { ...SCOPE, channel: 'beta' };
const KEY: ApiKeyRecord = {
  apps: ['cafe'],
  createdAtMs: 1_790_000_000_000,
  id: 'k1',
  label: 'CI of "cafe"\n– naïve 🚀',
  scopes: ['read', 'rollout'],
  secretSha256Hex: 'ab'.repeat(32),
};

/** Equal as data: member order aside, absent and undefined the same. */
function same(actual: unknown, expected: unknown, what: string): void {
  const got = canonical(actual);
  const want = canonical(expected);
  expectThat(got === want, `${what}: got ${got}, expected ${want}`);
}

function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, one: unknown) =>
      typeof one === 'object' && one !== null && !Array.isArray(one)
        ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
        : one,
    ) ?? 'undefined'
  );
}

async function collect<T>(list: (cursor?: string) => Promise<Page<T>>, limit: number): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    expectThat(page.items.length <= limit, `a page of ${page.items.length}, limit ${limit}`);
    found.push(...page.items);
    expectThat(found.length < 10_000, 'the list does not end');
    cursor = page.cursor;
  } while (cursor !== undefined);
  return found;
}

/**
 * Cases for the clauses of `OtaDatabase`. Clause 12 has its own: {@link databaseBudgetCases}.
 */
export function databaseCases({
  create,
  writers = 8,
  releasesPerCommit = 90,
}: DatabaseCasesOptions): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  const add = (
    clause: number,
    name: string,
    title: string,
    check: (database: OtaDatabase) => Promise<void>,
  ): void => {
    cases.push({
      clause,
      id: `database/${clause}-${name}`,
      run: async () => check(await create()),
      title: `clause ${clause}: ${title}`,
    });
  };

  add(1, 'absent', 'what was never written is undefined', async (database) => {
    same(await database.readHead(SCOPE), undefined, 'readHead');
    same(await database.readRelease(SCOPE, 'r1'), undefined, 'readRelease');
    same(await database.readApiKey('k1'), undefined, 'readApiKey');
    same(await database.listIndexed(SCOPE), [], 'listIndexed');
    same((await database.listReleases(SCOPE)).items, [], 'listReleases');
    same((await database.listAudit('keys')).items, [], 'listAudit');
    same(await database.readCounts(SCOPE, 'r1'), [], 'readCounts');
    await database.commitChannel(commit(0, { releases: [release(1)] }));
    same(await database.readRelease(SCOPE, 'R1'), undefined, 'readRelease with other case');
  });
  add(2, 'commit', 'a commit is all there, byte for byte', async (database) => {
    const change = commit(0, { audit: audit('publish'), releases: [release(1), release(2, false)] });
    same(await database.commitChannel(change), { committed: true, revision: 1 }, 'the first commit');
    const head = await database.readHead(SCOPE);
    expectBytes(head?.envelope, change.head.envelope, 'the envelope');
    same(
      { ...head, envelope: undefined },
      { ...change.head, envelope: undefined, revision: 1 },
      'the rest of the head',
    );
    same(await database.readRelease(SCOPE, 'r1'), release(1), 'r1');
    same(await database.readRelease(SCOPE, 'r2'), release(2, false), 'r2');
    same(
      (await database.listAudit(channelKey(SCOPE))).items,
      [{ ...audit('publish'), number: 1 }],
      'the audit log',
    );
    same(await database.commitChannel(commit(1)), { committed: true, revision: 2 }, 'the second commit');
    same((await database.readHead(SCOPE))?.sequence, 2, 'the sequence after the second commit');
  });
  add(
    2,
    'large',
    `a commit of ${releasesPerCommit} releases and an audit entry is all there`,
    async (database) => {
      const releases = Array.from({ length: releasesPerCommit }, (_, i) => release(i + 1));
      await database.commitChannel(commit(0, { audit: audit('publish'), releases }));
      const changed = releases.map((one) => ({ ...one, indexed: false }));
      same(
        await database.commitChannel(commit(1, { audit: audit('archive'), releases: changed })),
        { committed: true, revision: 2 },
        'the commit',
      );
      const { items } = await database.listReleases(SCOPE, { limit: releasesPerCommit });
      same(items.length, releasesPerCommit, 'releases');
      same(items[0], changed[releasesPerCommit - 1], 'the newest');
      same(await database.listIndexed(SCOPE), [], 'listIndexed');
      same(
        await database.commitChannel(commit(1, { audit: audit('stale'), releases })),
        { committed: false },
        'the same from a stale revision',
      );
      same(await database.listIndexed(SCOPE), [], 'listIndexed after a refused commit');
    },
  );
  add(3, 'stale', 'a stale revision writes nothing', async (database) => {
    await database.commitChannel(commit(0, { releases: [release(1)] }));
    await database.commitChannel(commit(1));
    for (const stale of [0, 1, 3]) {
      const change = commit(stale, { audit: audit('stale'), releases: [release(1, false), release(9)] });
      same(await database.commitChannel(change), { committed: false }, `revision ${stale}`);
    }
    same((await database.readHead(SCOPE))?.revision, 2, 'the revision');
    same(await database.readRelease(SCOPE, 'r9'), undefined, 'a release of a refused commit');
    same(await database.readRelease(SCOPE, 'r1'), release(1), 'a release that a refused commit changes');
    same((await database.listAudit(channelKey(SCOPE))).items, [], 'the audit log');
  });
  add(4, 'race', 'of many concurrent commits one wins, round after round', async (database) => {
    for (let round = 0; round < 4; round++) {
      const results = await Promise.all(
        Array.from({ length: writers }, (_, i) =>
          database.commitChannel(
            commit(round, { audit: audit(`by ${i}`), releases: [release(100 * (round + 1) + i)] }),
          ),
        ),
      );
      const winners = results.flatMap(({ committed }, i) => (committed ? [i] : []));
      expectThat(winners.length === 1, `${winners.length} of ${writers} commits won`);
      const { items } = await database.listReleases(SCOPE, { limit: 50 });
      same(items.length, round + 1, 'releases after the race');
      same(
        items[0]?.release.versionCode,
        100 * (round + 1) + (winners[0] as number),
        'the release of the winner',
      );
    }
    const actions = (await database.listAudit(channelKey(SCOPE), { limit: 50 })).items;
    same(
      actions.map(({ number }) => number),
      [4, 3, 2, 1],
      'audit numbers',
    );
  });
  add(5, 'channels', 'channels do not see each other', async (database) => {
    await database.commitChannel(commit(0, { audit: audit('publish'), releases: [release(1)] }));
    await database.recordEvents([event('e1', 'd1')]);
    same(await database.readHead(OTHER), undefined, 'head of another channel');
    same(await database.readRelease(OTHER, 'r1'), undefined, 'release of another channel');
    same(await database.listIndexed(OTHER), [], 'index of another channel');
    same((await database.listAudit(channelKey(OTHER))).items, [], 'audit of another channel');
    same(await database.readCounts(OTHER, 'r1'), [], 'counts of another channel');
    same(
      await database.commitChannel(commit(0, { scope: OTHER })),
      { committed: true, revision: 1 },
      'its own revision',
    );
    same(
      await database.recordEvents([event('e1', 'd1', { channelKey: channelKey(OTHER) })]),
      1,
      'the same event id in another channel',
    );
  });
  add(6, 'list', 'releases are listed once each, in order, in pages', async (database) => {
    await fill(database, 23, releasesPerCommit);
    for (const limit of [1, 4, 50]) {
      const items = await collect(
        (cursor) => database.listReleases(SCOPE, cursor === undefined ? { limit } : { cursor, limit }),
        limit,
      );
      same(
        items.map(({ release: { versionCode } }) => versionCode),
        Array.from({ length: 23 }, (_, i) => 23 - i),
        `pages of ${limit}`,
      );
    }
    same(
      (await database.listIndexed(SCOPE)).map(({ release: { versionCode } }) => versionCode),
      Array.from({ length: 10 }, (_, i) => 14 + i),
      'listIndexed',
    );
  });
  add(6, 'replace', 'a release that is written again replaces the old one', async (database) => {
    await database.commitChannel(commit(0, { releases: [release(1), release(2)] }));
    const paused = { indexed: true, release: { ...release(1).release, status: 'paused' as const } };
    await database.commitChannel(commit(1, { releases: [paused, release(2, false)] }));
    same(await database.readRelease(SCOPE, 'r1'), paused, 'r1');
    same(await database.listIndexed(SCOPE), [paused], 'listIndexed');
    same((await database.listReleases(SCOPE)).items.length, 2, 'how many there are');
  });
  add(6, 'cursor', 'a cursor that nobody gave is refused', async (database) => {
    await expectCode(
      database.listReleases(SCOPE, { cursor: "x' OR 1=1" }),
      'ERR_DATABASE_CURSOR',
      'listReleases',
    );
    await expectCode(database.listAudit('keys', { cursor: '-' }), 'ERR_DATABASE_CURSOR', 'listAudit');
  });
  add(7, 'audit', 'the audit log is numbered without gaps, newest first', async (database) => {
    for (let i = 0; i < 7; i++) await database.commitChannel(commit(i, { audit: audit(`action ${i}`) }));
    await database.putApiKey(KEY, audit('key-create', 'keys'));
    const items = await collect(
      (cursor) =>
        database.listAudit(channelKey(SCOPE), cursor === undefined ? { limit: 3 } : { cursor, limit: 3 }),
      3,
    );
    same(
      items.map(({ number, action }) => `${number} ${action}`),
      Array.from({ length: 7 }, (_, i) => `${7 - i} action ${6 - i}`),
      'entries',
    );
    same(
      (await database.listAudit('keys')).items.map(({ number }) => number),
      [1],
      'numbers of another subject',
    );
  });
  add(7, 'audit-race', 'concurrent audit entries of one subject are all kept', async (database) => {
    const made = await Promise.all(
      Array.from({ length: writers }, (_, i) =>
        database.putApiKey({ ...KEY, id: `k${i}` }, audit(`create ${i}`, 'keys')),
      ),
    );
    expectThat(
      made.every((one) => one),
      'a key with an id of its own was refused',
    );
    const { items } = await database.listAudit('keys', { limit: 50 });
    same(
      items.map(({ number }) => number),
      Array.from({ length: writers }, (_, i) => writers - i),
      'numbers',
    );
    same(new Set(items.map(({ action }) => action)).size, writers, 'different entries');
  });
  add(8, 'keys', 'API keys come back as put; an id is given once', async (database) => {
    same(await database.putApiKey(KEY, audit('create', 'keys')), true, 'the first');
    same(await database.readApiKey('k1'), KEY, 'the key');
    same(
      await database.putApiKey({ ...KEY, scopes: ['keys'] }, audit('again', 'keys')),
      false,
      'the same id again',
    );
    same(await database.readApiKey('k1'), KEY, 'the key after a refused one');
    const { apps: _all, ...open } = KEY;
    await database.putApiKey({ ...open, id: 'k2' }, audit('create', 'keys'));
    same(await database.readApiKey('k2'), { ...open, id: 'k2' }, 'a key without apps');
    same((await database.listAudit('keys')).items.length, 2, 'audit entries');
  });
  add(8, 'revoke', 'revoking is final, and audited once', async (database) => {
    await database.putApiKey(KEY, audit('create', 'keys'));
    same(await database.revokeApiKey('k1', 5, audit('revoke', 'keys')), true, 'revoke');
    same(await database.revokeApiKey('k1', 9, audit('revoke', 'keys')), true, 'revoke again');
    same(await database.revokeApiKey('nobody', 9, audit('revoke', 'keys')), false, 'revoke an unknown key');
    same((await database.readApiKey('k1'))?.revokedAtMs, 5, 'revokedAtMs');
    same(
      (await database.listAudit('keys')).items.map(({ action }) => action),
      ['revoke', 'create'],
      'audit',
    );
  });
  add(9, 'idempotent', 'an event that comes again does not count', async (database) => {
    const batch = [event('e1', 'd1'), event('e2', 'd2'), event('e1', 'd1')];
    same(await database.recordEvents(batch), 2, 'the first time');
    same(await database.recordEvents(batch), 0, 'the second time');
    same(await database.recordEvents([event('e2', 'd2'), event('e3', 'd3')]), 1, 'one old, one new');
    same(await database.recordEvents([]), 0, 'none');
    same(await database.readCounts(SCOPE, 'r1'), [{ devices: 3, mark: 'healthy' }], 'counts');
  });
  add(9, 'idempotent-race', 'concurrent copies of an event count once', async (database) => {
    const batch = Array.from({ length: 10 }, (_, i) => event(`e${i}`, `d${i}`));
    const accepted = await Promise.all(
      Array.from({ length: writers }, (_, i) =>
        // In different orders, as retries come.
        database.recordEvents(i % 2 === 0 ? batch : [...batch].reverse()),
      ),
    );
    same(
      accepted.reduce((sum, one) => sum + one, 0),
      10,
      'accepted in all',
    );
    same(await database.readCounts(SCOPE, 'r1'), [{ devices: 10, mark: 'healthy' }], 'counts');
  });
  add(10, 'distinct', 'a device counts once per release and mark', async (database) => {
    const later = 1_790_000_000 + 7200;
    await database.recordEvents([
      event('e1', 'd1', { marks: ['exposed', 'healthy'] }),
      event('e2', 'd1', { marks: ['exposed', 'failed'], type: 'crash' }),
      event('e3', 'd1', { marks: ['exposed', 'failed'], type: 'crash' }),
      event('e4', 'd2', { atSeconds: later, marks: ['exposed', 'healthy'] }),
      event('e5', 'd2', { releaseId: 'r2' }),
      event('e6', 'd3', { marks: [], type: 'check' }),
    ]);
    await database.recordEvents([event('e7', 'd1', { atSeconds: later, marks: ['exposed', 'healthy'] })]);
    const counts = await database.readCounts(SCOPE, 'r1');
    same(
      [...counts].sort((a, b) => (a.mark < b.mark ? -1 : 1)),
      [
        { devices: 2, mark: 'exposed' },
        { devices: 1, mark: 'failed' },
        { devices: 2, mark: 'healthy' },
      ],
      'counts',
    );
    same(await database.readCounts(SCOPE, 'r2'), [{ devices: 1, mark: 'healthy' }], 'counts of r2');
    const first = Math.floor(1_790_000_000 / 3600) * 3600;
    same(
      await database.readAdoption(SCOPE, 'r1', { fromSeconds: first, toSeconds: first + 7201 }),
      [
        { devices: 1, hourStartSeconds: first, mark: 'exposed' },
        { devices: 1, hourStartSeconds: first, mark: 'failed' },
        { devices: 1, hourStartSeconds: first, mark: 'healthy' },
        { devices: 1, hourStartSeconds: first + 7200, mark: 'exposed' },
        { devices: 1, hourStartSeconds: first + 7200, mark: 'healthy' },
      ],
      'hours',
    );
    same(
      (await database.readAdoption(SCOPE, 'r1', { fromSeconds: first, toSeconds: first + 7200 })).length,
      3,
      'hours up to, not including, the end',
    );
  });
  add(11, 'retention', 'expired events go, counts stay', async (database) => {
    await database.recordEvents([
      ...Array.from({ length: 5 }, (_, i) => event(`e${i}`, `d${i}`, { expiresAtSeconds: 100 })),
      event('e9', 'd9', { expiresAtSeconds: 101 }),
    ]);
    same(await database.removeExpired(99, 10), 0, 'before the time');
    same(await database.removeExpired(100, 3), 3, 'at most three');
    same(await database.removeExpired(100, 10), 2, 'the rest');
    same(await database.removeExpired(100, 10), 0, 'none left');
    same(await database.readCounts(SCOPE, 'r1'), [{ devices: 6, mark: 'healthy' }], 'counts');
    same(await database.recordEvents([event('e1', 'd1')]), 1, 'its id is free again');
    same(
      await database.readCounts(SCOPE, 'r1'),
      [{ devices: 6, mark: 'healthy' }],
      'but its device is known',
    );
  });
  add(13, 'text', 'text and large integers are kept as they are', async (database) => {
    const odd = 'a\'b"c\\d\n\t;-- \u{1F680}é%_';
    const one = release(Number.MAX_SAFE_INTEGER);
    const stored = { ...one, release: { ...one.release, releaseId: odd, version: odd } };
    const detail = { count: Number.MAX_SAFE_INTEGER, text: odd, yes: true };
    await database.commitChannel(
      commit(0, { audit: { ...audit(odd), detail, releaseId: odd }, releases: [stored] }),
    );
    same(await database.readRelease(SCOPE, odd), stored, 'the release');
    same((await database.listAudit(channelKey(SCOPE))).items[0]?.detail, detail, 'the detail');
    same(await database.recordEvents([event(odd, odd, { marks: [odd], releaseId: odd })]), 1, 'an event');
    same(await database.readCounts(SCOPE, odd), [{ devices: 1, mark: odd }], 'its count');
  });
  return cases;
}
