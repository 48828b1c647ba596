import type { QueryResult } from 'kysely';

/** What the thread is started with. */
export interface WriterSetting {
  readonly file: string;
  /** A URL that can be imported. */
  readonly driver: string;
  readonly setUp: readonly string[];
}

/** One transaction. */
export interface WriterTask {
  readonly id: number;
  readonly statements: readonly { readonly sql: string; readonly parameters: readonly unknown[] }[];
}

export type WriterAnswer =
  | { readonly id: number; readonly results: readonly QueryResult<unknown>[] }
  /** Of what a driver puts on its errors, only the message would survive the way between threads. */
  | { readonly id: number; readonly error: { readonly message: string; readonly code?: unknown } };

/**
 * What runs in the thread of `sqliteWriter()`: it takes a `WriterSetting`, then a `WriterTask` or `'close'` per message, and answers
 * with a `WriterAnswer`. A text of plain JavaScript, because a thread has neither the loader for TypeScript of its process nor a
 * place in the bundle that this may have become a part of.
 */
export const WRITER_THREAD: string = `
const { parentPort, workerData: { driver, file, setUp } } = require('node:worker_threads');

import(driver).then(({ default: Database }) => {
  const database = new Database(file, { timeout: 5000 });
  const prepared = new Map(); // The statements of a control plane are few.
  const run = (sql, parameters = []) => {
    let statement = prepared.get(sql);
    if (statement === undefined) prepared.set(sql, statement = database.prepare(sql));
    if (statement.reader) return { rows: statement.all(parameters) };
    return { numAffectedRows: BigInt(statement.run(parameters).changes), rows: [] };
  };
  const runAll = ({ id, statements }) => {
    const isTransaction = statements.length > 1;
    try {
      // A transaction that begins as a reader could not wait for other writers later on.
      if (isTransaction) run('begin immediate');
      const results = statements.map(({ parameters, sql }) => run(sql, parameters));
      if (isTransaction) run('commit');
      return { id, results };
    } catch (error) {
      try {
        if (isTransaction) run('rollback');
      } catch {
        // It did not begin, or SQLite has rolled back by itself.
      }
      return { error: { code: error.code, message: error.message }, id };
    }
  };
  // Readers beside this connection do not wait for it. Nobody waits for it to copy the log into the file, so the log may grow to
  // 64 MB: what was written many times is copied once.
  for (const sql of ['pragma journal_mode = wal', 'pragma wal_autocheckpoint = 16000', 'pragma cache_size = -32000', ...setUp]) run(sql);
  parentPort.on('message', (task) => {
    if (task !== 'close') return parentPort.postMessage(runAll(task));
    run('pragma wal_checkpoint(truncate)');
    database.close();
    parentPort.close();
  });
});
`;
