import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../src/main.ts';

// Also in the threads that make patches, which `--import tsx` does not reach.
const register = new URL('fixtures/register-tsx.mjs', import.meta.url).href;
const bin = join(import.meta.dirname, '../bin/kivyx.mjs');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where, and with which environment beside this process's own. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Node with the command, from sources. */
export const commandLine: readonly string[] = [
  process.execPath,
  '--conditions=@kivyx-ota/source',
  '--import',
  register,
  bin,
];

/** Folder, environment and both outputs belong to the whole process. */
let busy: Promise<unknown> = Promise.resolve();

/**
 * Runs the command as `bin/kivyx.mjs` does, but in this process, which takes milliseconds instead of seconds: same words, folder,
 * environment, outputs and exit code. One at a time. For what only a process shows (threads, signals, terminals, the start itself) there
 * is {@link kivyxProcess}.
 */
export function kivyx(args: readonly string[], options: RunOptions): Promise<Run> {
  const run = busy.then(() => runHere(args, options));
  busy = run.catch(() => undefined);
  return run;
}

async function runHere(args: readonly string[], { cwd, env = {} }: RunOptions): Promise<Run> {
  const before = { cwd: process.cwd(), env: { ...process.env }, exitCode: process.exitCode };
  const written = { stderr: '', stdout: '' };
  const restore = (['stderr', 'stdout'] as const).map((name) => {
    const { write } = process[name];
    process[name].write = ((chunk: string | Uint8Array) => {
      written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return true;
    }) as typeof write;
    return () => {
      process[name].write = write;
    };
  });
  try {
    process.chdir(cwd);
    for (const [name, value] of Object.entries(env)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    const code = await main([process.execPath, bin, ...args]);
    return { code, ...written };
  } finally {
    for (const undo of restore) undo();
    process.chdir(before.cwd);
    for (const name of Object.keys(process.env)) if (!(name in before.env)) delete process.env[name];
    Object.assign(process.env, before.env);
    process.exitCode = before.exitCode;
  }
}

/** Runs the command as its users do: a process, from sources. `fileBlocks`: the most that a file of its may have, as on a full disk. */
export function kivyxProcess(
  args: readonly string[],
  { cwd, env = {}, fileBlocks }: RunOptions & { readonly fileBlocks?: number },
): Promise<Run> {
  const [file, ...rest] =
    fileBlocks === undefined
      ? commandLine
      : ['sh', '-c', `ulimit -f ${fileBlocks} && exec "$@"`, 'sh', ...commandLine];
  return new Promise((resolve) => {
    execFile(
      file as string,
      [...rest, ...args],
      { cwd, env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stderr, stdout }),
    );
  });
}

/** Real bytecode. */
export const fixture = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../delta/test/fixtures/hermes', name));
