import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Job, Outcome } from './patch-job.ts';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../.cache/patch-job.mjs');
let built: Promise<unknown> | undefined;

/** Does a job in a process of its own, bundled first so that starting it costs nothing. */
export async function runJob(job: Job): Promise<Outcome> {
  built ??= build({
    bundle: true,
    conditions: ['@kivyx-ota/source'],
    entryPoints: [join(import.meta.dirname, 'patch-job.ts')],
    format: 'esm',
    outfile: script,
    platform: 'node',
    target: 'es2022',
  });
  await built;
  const { stdout } = await run(process.execPath, ['--expose-gc', script, JSON.stringify(job)], {
    maxBuffer: 1 << 24,
  });
  return JSON.parse(stdout) as Outcome;
}
