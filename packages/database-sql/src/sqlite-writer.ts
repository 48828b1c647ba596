import { Worker } from 'node:worker_threads';
import { databaseError } from '@kivyx-ota/database';
import type { QueryResult } from 'kysely';
import type { Atomically } from './atomically.ts';
import {
  WRITER_THREAD,
  type WriterAnswer,
  type WriterSetting,
  type WriterTask,
} from './sqlite-writer-thread.ts';

/** Options of {@link sqliteWriter}. */
export interface SqliteWriterOptions {
  /** The database's path. Not `:memory:`, which every connection has for itself. */
  readonly file: string;
  /** URL of a module whose default export is the `Database` of libsql or better-sqlite3: `import.meta.resolve('libsql')`. */
  readonly driver: string;
  /** Run on the thread's connection when it opens, e.g. `pragma synchronous = normal`. `journal_mode` is `wal` in any case. */
  readonly setUp?: readonly string[];
}

/** Writes for `sqlDatabase({ writer })`. */
export interface SqliteWriter {
  readonly atomically: Atomically;
  /** Waits for what is being written, then brings the log into the file and ends the thread. */
  close(): Promise<void>;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<
    number,
    { resolve(results: readonly QueryResult<unknown>[]): void; reject(error: Error): void }
  >;
  readonly ended: Promise<void>;
}

/**
 * Writes to a SQLite file from a thread of its own, so that nobody else in this process waits for the disk: a commit with
 * `synchronous = full` is an fsync, and every thousand pages the log is copied into the file. Reads stay where they are, on your
 * Kysely, which sees what was written as soon as the write is answered. For Node (`node:worker_threads`).
 *
 * A thread that ends by itself fails what waits for it (`ERR_DATABASE_UNAVAILABLE`, `retryable`; whether the last transaction was
 * committed is unknown, as after a lost connection); the next write starts a new one.
 *
 * @throws TypeError for a database in memory
 * @example
 * ```ts
 * import { migrate, reusedStatements, sqlDatabase } from '@kivyx-ota/database-sql';
 * import { sqliteWriter } from '@kivyx-ota/database-sql/sqlite-writer';
 * import { Kysely, SqliteDialect } from 'kysely';
 * import Database from 'libsql';
 *
 * const file = 'ota.db';
 * const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: reusedStatements(new Database(file)) }) });
 * await migrate(db, { clock: { nowMs: Date.now }, dialect: 'sqlite' });
 * const writer = sqliteWriter({ driver: import.meta.resolve('libsql'), file });
 * export const database = sqlDatabase({ db, dialect: 'sqlite', writer });
 * ```
 */
export function sqliteWriter({ driver, file, setUp = [] }: SqliteWriterOptions): SqliteWriter {
  if (file === '' || file.includes(':memory:'))
    throw new TypeError(`sqliteWriter: file ${JSON.stringify(file)} is not one that two threads can open`);
  let thread: Thread | undefined;
  let isClosed = false;
  let lastId = 0;

  const open = (): Thread => {
    const worker = new Worker(WRITER_THREAD, {
      eval: true,
      // Nothing of what this process was started with: loaders, hooks.
      execArgv: [],
      workerData: { driver, file, setUp } satisfies WriterSetting,
    });
    const waiting: Thread['waiting'] = new Map();
    const fail = (error: Error): void => {
      if (thread === opened) thread = undefined;
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    };
    worker.on('message', (answer: WriterAnswer) => {
      const settle = waiting.get(answer.id);
      waiting.delete(answer.id);
      // A process whose writes are done may end.
      if (waiting.size === 0) worker.unref();
      if ('results' in answer) settle?.resolve(answer.results);
      else settle?.reject(Object.assign(new Error(answer.error.message), { code: answer.error.code }));
    });
    worker.on('error', fail);
    const ended = new Promise<void>((resolve) => {
      worker.on('exit', (code) => {
        fail(new Error(`The thread that writes ended with ${code}`));
        resolve();
      });
    });
    const opened: Thread = { ended, waiting, worker };
    return opened;
  };

  return {
    atomically: (queries) =>
      new Promise((resolve, reject) => {
        if (isClosed)
          throw databaseError('ERR_DATABASE_UNAVAILABLE', 'sqlite', 'this writer was closed', {
            retryable: false,
          });
        const { waiting, worker } = (thread ??= open());
        const task: WriterTask = {
          id: ++lastId,
          statements: queries.map(({ parameters, sql }) => ({ parameters, sql })),
        };
        worker.postMessage(task);
        worker.ref();
        waiting.set(task.id, { reject, resolve });
      }),
    close: async () => {
      isClosed = true;
      if (thread === undefined) return;
      const { ended, worker } = thread;
      worker.ref();
      worker.postMessage('close');
      await ended;
    },
  };
}
