import type { DatabaseBudgets } from '@kivyx-ota/conformance';
import type { LogEvent } from 'kysely';

/** Statements through Kysely's logger, `begin` and `commit` included. */
export function statementCounter(): { log: (event: LogEvent) => void; count: () => number } {
  let statements = 0;
  return { count: () => statements, log: () => void statements++ };
}

const READS = { listIndexed: 1, listReleases: 1, readApiKey: 1, readCounts: 1, readHead: 1, readRelease: 1 };

/** begin, releases, audit number, audit entry, head, commit · events, and by triggers all that follows from them. */
export const SQLITE_BUDGETS: DatabaseBudgets = { ...READS, commitChannel: 6, lostCommit: 4, recordEvents: 1 };

/** One task of the thread each. */
export const WRITER_BUDGETS: DatabaseBudgets = {
  ...READS,
  commitChannel: 1,
  lostCommit: 1,
  recordEvents: 1,
};

export const POSTGRES_BUDGETS: DatabaseBudgets = {
  ...READS,
  commitChannel: 1,
  lostCommit: 1,
  recordEvents: 1,
};

/** One `batch()` each. */
export const D1_BUDGETS: DatabaseBudgets = { ...READS, commitChannel: 1, lostCommit: 1, recordEvents: 1 };

/**
 * begin, head, releases, audit number, audit entry, commit · begin, head, rollback ·
 * begin, lock, known events, events, known marks, marks, counts, commit.
 */
export const MYSQL_BUDGETS: DatabaseBudgets = { ...READS, commitChannel: 6, lostCommit: 3, recordEvents: 8 };
