import type { OtaDatabase } from '@kivyx-ota/database';
import type { ConformanceCase } from './case.ts';
import { audit, commit, event, fill, release, SCOPE } from './database-samples.ts';
import { expectThat } from './expect.ts';

/** Round trips (statements, requests) of each operation. */
export interface DatabaseBudgets {
  readonly readHead: number;
  readonly readRelease: number;
  readonly listIndexed: number;
  readonly listReleases: number;
  readonly commitChannel: number;
  readonly lostCommit: number;
  readonly readApiKey: number;
  readonly recordEvents: number;
  readonly readCounts: number;
}

/** Options of {@link databaseBudgetCases}. */
export interface DatabaseBudgetsOptions {
  /** An empty database and how many round trips it has made so far. */
  readonly create: () => Promise<{ readonly database: OtaDatabase; readonly roundTrips: () => number }>;
  readonly budgets: DatabaseBudgets;
}

const OPERATIONS: {
  readonly [name in keyof DatabaseBudgets]: (database: OtaDatabase, revision: number) => Promise<unknown>;
} = {
  commitChannel: (database, revision) =>
    database.commitChannel(
      commit(revision, { audit: audit('rollout'), releases: [release(1), release(2), release(3)] }),
    ),
  listIndexed: (database) => database.listIndexed(SCOPE),
  listReleases: (database) => database.listReleases(SCOPE, { limit: 5 }),
  lostCommit: (database) => database.commitChannel(commit(9999, { releases: [release(1)] })),
  readApiKey: (database) => database.readApiKey('none'),
  readCounts: (database) => database.readCounts(SCOPE, 'r1'),
  readHead: (database) => database.readHead(SCOPE),
  readRelease: (database) => database.readRelease(SCOPE, 'r3'),
  recordEvents: (database) =>
    database.recordEvents(Array.from({ length: 50 }, (_, i) => event(`e${i}`, `d${i}`))),
};

/**
 * Clause 12 in numbers: the exact round trips of each operation, with 10 and with 1,000 releases stored.
 */
export function databaseBudgetCases({ create, budgets }: DatabaseBudgetsOptions): readonly ConformanceCase[] {
  return (Object.keys(OPERATIONS) as (keyof DatabaseBudgets)[]).map((name) => ({
    clause: 12,
    id: `database/12-budget-${name}`,
    run: async () => {
      for (const stored of [10, 1000]) {
        const { database, roundTrips } = await create();
        const revision = await fill(database, stored);
        const before = roundTrips();
        await OPERATIONS[name](database, revision);
        const used = roundTrips() - before;
        expectThat(
          used === budgets[name],
          `${name} took ${used} round trips with ${stored} releases stored, its budget is ${budgets[name]}`,
        );
      }
    },
    title: `clause 12: ${name} takes ${budgets[name]} round trips, with 10 releases and with 1,000`,
  }));
}
