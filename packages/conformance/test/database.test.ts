import {
  type ConformanceCase,
  databaseBudgetCases,
  databaseCases,
  databaseContentionCases,
} from '@kivyx-ota/conformance';
import { memoryDatabase, type OtaDatabase } from '@kivyx-ota/database';
import { describe, expect, it } from 'vitest';

describe('memory', () => {
  it.each(databaseCases({ create: memoryDatabase }))('$title', async ({ run }: ConformanceCase) => run());
});

/** Counts calls: in memory every call is one. */
function counted(extra: (name: string) => number = () => 0) {
  return async () => {
    let calls = 0;
    const database = new Proxy(memoryDatabase(), {
      get: (target, name) => {
        const member = target[name as keyof OtaDatabase];
        if (typeof member !== 'function') return member;
        return (...args: never[]) => {
          calls += 1 + extra(String(name));
          return (member as (...all: never[]) => unknown)(...args);
        };
      },
    });
    return { database, roundTrips: () => calls };
  };
}

const BUDGETS = {
  commitChannel: 1,
  listIndexed: 1,
  listReleases: 1,
  lostCommit: 1,
  readApiKey: 1,
  readCounts: 1,
  readHead: 1,
  readRelease: 1,
  recordEvents: 1,
};

describe('read budgets', () => {
  it.each(databaseBudgetCases({ budgets: BUDGETS, create: counted() }))(
    '$title',
    async ({ run }: ConformanceCase) => run(),
  );
  it('an adapter that reads once more than its budget fails that case only', async () => {
    const failed: string[] = [];
    const create = counted((name) => (name === 'readHead' ? 1 : 0));
    for (const one of databaseBudgetCases({ budgets: BUDGETS, create }))
      await one.run().catch(() => failed.push(one.id));
    expect(failed).toEqual(['database/12-budget-readHead']);
  });
});

// Each breaks one clause; the kit must blame that clause.
type Break = (good: OtaDatabase) => Partial<OtaDatabase>;
const BROKEN: Record<string, Break> = {
  'database/1-absent': (good) => ({ readRelease: (scope, id) => good.readRelease(scope, id.toLowerCase()) }),
  'database/3-stale': (good) => ({
    commitChannel: async (commit) => {
      const result = await good.commitChannel(commit);
      const head = await good.readHead(commit.scope);
      // Not a transaction: the releases of a refused commit are written all the same.
      if (!result.committed && commit.releases.length === 2)
        await good.commitChannel({
          ...commit,
          audit: undefined,
          expectedRevision: head?.revision ?? 0,
        } as never);
      return result;
    },
  }),
  'database/4-race': (good) => ({
    commitChannel: async (commit) => {
      const head = await good.readHead(commit.scope);
      if ((head?.revision ?? 0) !== commit.expectedRevision) return { committed: false };
      let now = await good.readHead(commit.scope);
      let result = await good.commitChannel({ ...commit, expectedRevision: now?.revision ?? 0 });
      while (!result.committed) {
        now = await good.readHead(commit.scope);
        result = await good.commitChannel({ ...commit, expectedRevision: now?.revision ?? 0 });
      }
      return result;
    },
  }),
  'database/5-channels': (good) => ({
    listIndexed: (scope) => good.listIndexed({ ...scope, channel: 'production' }),
  }),
  'database/6-cursor': (good) => ({
    listReleases: (scope, { cursor, ...rest } = {}) =>
      good.listReleases(
        scope,
        /^[0-9]+$/.test(cursor ?? '0') && cursor !== undefined ? { ...rest, cursor } : rest,
      ),
  }),
  'database/8-revoke': (good) => ({
    revokeApiKey: async (id, atMs, audit) =>
      (await good.readApiKey(id)) === undefined ? true : good.revokeApiKey(id, atMs, audit),
  }),
  'database/11-retention': (good) => ({ removeExpired: (now, limit) => good.removeExpired(now + 1, limit) }),
};

describe('a broken adapter fails exactly its own case', () => {
  it.each(Object.keys(BROKEN))('%s', async (id) => {
    const cases = databaseCases({
      create: () => {
        const good = memoryDatabase();
        return { ...good, ...(BROKEN[id] as Break)(good) };
      },
    });
    const failed: string[] = [];
    for (const one of cases) await one.run().catch(() => failed.push(one.id));
    expect(failed).toEqual([id]);
  });
});

describe('contention', () => {
  it.each(databaseContentionCases({ open: async () => [memoryDatabase()] }))(
    '$title',
    async ({ run }: ConformanceCase) => run(),
  );

  const pause = () => new Promise((resolve) => setTimeout(resolve, 1));
  // The classic mistakes: right for one caller, wrong for many.
  const RACY: Record<string, Break> = {
    'database/10-contention': (good) => {
      const seen = new Set<string>();
      return {
        recordEvents: async (events) => {
          const fresh = events.filter(({ eventId }) => !seen.has(eventId));
          await pause();
          for (const { eventId } of fresh) seen.add(eventId);
          await good.recordEvents(fresh);
          return new Set(fresh.map(({ eventId }) => eventId)).size;
        },
      };
    },
    'database/11-contention': (good) => ({
      removeExpired: async (now, limit) => {
        const removed = await good.removeExpired(now, limit);
        await pause();
        return removed === 0 ? 0 : limit;
      },
    }),
    'database/4-contention': (good) => ({
      commitChannel: async (commit) => {
        const before = await good.readHead(commit.scope);
        if ((before?.revision ?? 0) !== commit.expectedRevision) return { committed: false };
        await pause();
        const now = await good.readHead(commit.scope);
        return good.commitChannel({ ...commit, expectedRevision: now?.revision ?? 0 });
      },
    }),
  };
  it.each(Object.keys(RACY))('a check-then-act adapter fails %s', async (id) => {
    const open = async () => {
      const good = memoryDatabase();
      return [{ ...good, ...(RACY[id] as Break)(good) }];
    };
    const failed: string[] = [];
    for (const one of databaseContentionCases({ open })) await one.run().catch(() => failed.push(one.id));
    expect(failed).toContain(id);
  });
});
