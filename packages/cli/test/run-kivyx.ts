import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

// Also in the threads that make patches, which `--import tsx` does not reach.
const register = new URL('fixtures/register-tsx.mjs', import.meta.url).href;
const bin = join(import.meta.dirname, '../bin/kivyx.mjs');

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Node with the command, from sources. */
export const commandLine: readonly string[] = [
  process.execPath,
  '--conditions=@kivyx-ota/source',
  '--import',
  register,
  bin,
];

/**
 * Node with the command as it was built, when nothing has changed since: it starts in a fifth of the time, and guides start it often.
 * `npm test` builds before it tests.
 */
export function quickCommandLine(): readonly string[] {
  const packages = join(import.meta.dirname, '../..');
  const built = join(packages, 'cli/dist/main.js');
  if (!existsSync(built)) return commandLine;
  const builtMs = statSync(built).mtimeMs;
  const isCurrent = readdirSync(packages).every((name) => {
    const sources = join(packages, name, 'src');
    if (!existsSync(sources)) return true;
    return readdirSync(sources, { recursive: true, withFileTypes: true }).every(
      (entry) => !entry.isFile() || statSync(join(entry.parentPath, entry.name)).mtimeMs < builtMs,
    );
  });
  return isCurrent ? [process.execPath, bin] : commandLine;
}

/** Runs the command as its users do, from sources. */
export function kivyx(
  args: readonly string[],
  { cwd, env = {} }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Run> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...commandLine.slice(1), ...args],
      { cwd, env: { ...process.env, ...env } },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : Number(error.code), stderr, stdout }),
    );
  });
}

/** Real bytecode. */
export const fixture = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../delta/test/fixtures/hermes', name));
