// The entry of the threads that parallelPatchMaker starts; nothing to import from here.
import { isOtaError } from '@kivyx-ota/core';
import { parentPort } from 'node:worker_threads';
import { deltaPatchMaker } from './patches/delta-patch-maker.ts';
import type { PatchAnswer, PatchTask } from './node/patch-task.ts';

const port = parentPort;
if (port === null) throw new TypeError('patch-worker: this is the entry of a worker thread');

port.on('message', (task: PatchTask) => {
  void run(task).then((answer) => port.postMessage(answer));
});

async function run(task: PatchTask): Promise<PatchAnswer> {
  try {
    const value =
      task.verb === 'create'
        ? await deltaPatchMaker.create(task.base, task.target, task.fullSizeBytes)
        : await deltaPatchMaker.apply(task.base, task.patch);
    return { id: task.id, value };
  } catch (error) {
    // Classes do not travel between threads.
    const message = error instanceof Error ? error.message : String(error);
    return isOtaError(error)
      ? { error: { code: error.code, details: error.details, message }, id: task.id }
      : { error: { message }, id: task.id };
  }
}
