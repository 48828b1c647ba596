import { BOOT_SLOTS, type BootDecision, INTENT_SLOTS, runBoot } from '@kivyx-ota/lifecycle';
import { type ChildProcess, spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './toolchain.ts';

export const BINARY = '1.0.0+1:1790000000000:embedded';
export const EMBEDDED_VERSION_CODE = 1;

/** How the program that plays a phone is started: see BootProgram.java and boot-program.m. */
export interface BootProgram {
  readonly command: string;
  readonly args: readonly string[];
}

/** A folder with bundles and no records. */
export function newPhone(bundles = 5): string {
  const directory = newFolder();
  for (let i = 0; i < bundles; i++) {
    const content = `bundle ${i} `.repeat(500 + i);
    const folder = join(directory, 'bundles', createHash('sha256').update(content).digest('hex'));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'launch.bundle'), content);
  }
  return directory;
}

export function bundlesOf(directory: string): readonly string[] {
  return readdirSync(join(directory, 'bundles')).toSorted();
}

const argumentsFor = ({ args }: BootProgram, directory: string, mode: string): readonly string[] => [
  ...args,
  directory,
  BINARY,
  String(EMBEDDED_VERSION_CODE),
  mode,
];

/** One boot in a process of its own; the line it printed. `prefix`: a command that starts it in its own way. */
export function bootOnce(
  program: BootProgram,
  directory: string,
  { prefix = [], user }: { readonly prefix?: readonly string[]; readonly user?: number } = {},
): string {
  const result = bootProcess(program, directory, { prefix, ...(user === undefined ? {} : { user }) });
  if (result.status !== 0) throw new Error(`The boot ended with ${result.status}: ${result.stderr}`);
  return result.stdout.trimEnd();
}

/** {@link bootOnce}, whole: for a look at what else the process said. */
export function bootProcess(
  program: BootProgram,
  directory: string,
  { prefix = [], user }: { readonly prefix?: readonly string[]; readonly user?: number },
): SpawnSyncReturns<string> {
  const [command, ...args] = [...prefix, program.command, ...argumentsFor(program, directory, 'boot')];
  const identity = user === undefined ? {} : { gid: user, uid: user };
  return spawnSync(command as string, args, { encoding: 'utf8', ...identity });
}

/** Starts a process that boots again and again, or once and then waits. */
export function startBooting(program: BootProgram, directory: string, mode: string): ChildProcess {
  return spawn(program.command, argumentsFor(program, directory, mode), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the TypeScript implementation would do with the folder as it is; nothing is touched. */
export function predict(directory: string): BootDecision {
  return runBoot(
    {
      list: () => readdirSync(directory),
      read: (name) => {
        const path = join(directory, name);
        return existsSync(path) ? new Uint8Array(readFileSync(path)) : 'absent';
      },
      remove: () => undefined,
      writeDurable: () => undefined,
    },
    {
      binaryId: BINARY,
      embeddedVersionCode: EMBEDDED_VERSION_CODE,
      isIntact: (sha256Hex) => {
        const file = join(directory, 'bundles', sha256Hex, 'launch.bundle');
        return (
          existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === sha256Hex
        );
      },
      lockAcquired: true,
    },
  );
}

/** A decision as the programs print it. */
export function lineOf({ launch, reasons, write }: BootDecision): string {
  const what =
    launch.kind === 'embedded'
      ? 'embedded 0 0 0'
      : `${launch.sha256Hex} ${launch.versionCode} ${launch.pending ? 1 : 0} ${launch.launchId ?? 0}`;
  const why = reasons.map(({ code, sha256Hex = '' }) => `${code}:${sha256Hex},`).join('');
  return `${write?.record.sequence ?? 0} ${what} ${why}`.trimEnd();
}

/** Every file of the records' folder with its bytes and time, to see whether anything was touched. */
export function recordsOf(directory: string): Readonly<Record<string, string>> {
  const names = [...BOOT_SLOTS, ...INTENT_SLOTS, ...readdirSync(directory)].filter((name) => {
    const path = join(directory, name);
    return name !== 'lock' && existsSync(path) && statSync(path).isFile();
  });
  return Object.fromEntries(
    names.map((name) => {
      const path = join(directory, name);
      return [name, `${statSync(path).mtimeMs} ${readFileSync(path).toString('latin1')}`];
    }),
  );
}
