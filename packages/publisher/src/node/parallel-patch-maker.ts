import { OtaError } from '@kivyx-ota/core';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PatchMaker } from '../options.ts';
import type { PatchAnswer, PatchTask } from './patch-task.ts';

/** Options of {@link parallelPatchMaker}. */
export interface ParallelPatchMakerOptions {
  /** Threads; default: one less than the machine has, at least 1. Each holds both files and about ten times their size for a while. */
  readonly workers?: number;
  /** Node flags of the threads; default: those of this process. */
  readonly execArgv?: readonly string[];
}

/** A {@link PatchMaker} with threads of its own. */
export interface ParallelPatchMaker extends PatchMaker {
  readonly concurrency: number;
  /** Ends the threads; what is under way is rejected. A process also ends without it: idle threads do not hold it. */
  close(): Promise<void>;
}

type Settle = { resolve(value: unknown): void; reject(error: Error): void };
interface Lane {
  readonly worker: Worker;
  readonly waiting: Map<number, Settle>;
}

/**
 * The patches of the default maker, made in threads: the same bytes, several at once. Threads begin when the first patch is asked
 * for.
 *
 * @throws RangeError when `workers` is no whole number of at least 1
 */
export function parallelPatchMaker({
  execArgv,
  workers = Math.max(1, availableParallelism() - 1),
}: ParallelPatchMakerOptions = {}): ParallelPatchMaker {
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new RangeError(`parallelPatchMaker: workers must be at least 1, got ${workers}`);
  const lanes = new Set<Lane>();
  let lastId = 0;

  const open = (): Lane => {
    const entry = createRequire(import.meta.url).resolve('@kivyx-ota/publisher/patch-worker');
    const worker = new Worker(entry, execArgv === undefined ? {} : { execArgv: [...execArgv] });
    const lane: Lane = { waiting: new Map(), worker };
    const fail = (error: Error): void => {
      lanes.delete(lane);
      for (const { reject } of lane.waiting.values()) reject(error);
      lane.waiting.clear();
    };
    worker.on('message', (answer: PatchAnswer) => {
      const settle = lane.waiting.get(answer.id);
      lane.waiting.delete(answer.id);
      if (lane.waiting.size === 0) worker.unref();
      if ('value' in answer) settle?.resolve(answer.value);
      else settle?.reject(errorOf(answer.error));
    });
    worker.on('error', fail);
    worker.on('exit', (code) => fail(new Error(`A patch thread ended with ${code}`)));
    worker.unref();
    lanes.add(lane);
    return lane;
  };

  const ask = <T>(task: PatchTask): Promise<T> => {
    const idle = Array.from(lanes).find(({ waiting }) => waiting.size === 0);
    const lane =
      idle ??
      (lanes.size < workers
        ? open()
        : Array.from(lanes).reduce((best, one) => (one.waiting.size < best.waiting.size ? one : best)));
    lane.worker.ref();
    return new Promise<T>((resolve, reject) => {
      lane.waiting.set(task.id, { reject, resolve: resolve as (value: unknown) => void });
      lane.worker.postMessage(task);
    });
  };

  return {
    apply: (base, patch) => ask({ base: own(base), id: ++lastId, patch: own(patch), verb: 'apply' }),
    close: async () => {
      await Promise.all(Array.from(lanes, ({ worker }) => worker.terminate()));
    },
    concurrency: workers,
    create: (base, target, fullSizeBytes) =>
      ask({ base: own(base), fullSizeBytes, id: ++lastId, target: own(target), verb: 'create' }),
  };
}

/** A view would be sent with all of the buffer behind it. */
function own(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}

function errorOf({
  code,
  details = {},
  message,
}: {
  readonly code?: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}): Error {
  return code === undefined ? new Error(message) : new OtaError(code, message, { details });
}
