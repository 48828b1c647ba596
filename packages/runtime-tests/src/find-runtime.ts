import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where CI puts the engines that are too large for everybody's `pnpm install`. */
export const RUNTIMES_FOLDER: string = fileURLToPath(new URL('../runtimes', import.meta.url));

const BINARIES = {
  'bun 1.4.5': '@oven/bun-linux-x64/bin/bun',
  'deno 2.9.6': '@deno/linux-x64-glibc/deno',
  'node 22.23.3': 'node22/bin/node',
  'node 24.21.0': 'node24/bin/node',
} as const;

/** Engines that run a script from a file. */
export type ProcessRuntime = 'this node' | keyof typeof BINARIES;

/** The program of `runtime`, or undefined where it is not installed. */
export function findRuntime(runtime: ProcessRuntime): string | undefined {
  if (runtime === 'this node') return process.execPath;
  const path = join(RUNTIMES_FOLDER, 'node_modules', BINARIES[runtime]);
  return existsSync(path) ? path : undefined;
}

/** The URL of better-sqlite3, whose releases for this Node have to be compiled, or undefined where it is not installed. */
export function findBetterSqlite3(): string | undefined {
  const path = join(RUNTIMES_FOLDER, 'node_modules/better-sqlite3/lib/index.js');
  return existsSync(path) ? pathToFileURL(path).href : undefined;
}

/** Chromium of the system and what drives it, or undefined where one of them is not installed. */
export function findChromium(): { readonly executablePath: string; readonly driverPath: string } | undefined {
  const driverPath = join(RUNTIMES_FOLDER, 'node_modules/playwright-core/index.mjs');
  const executablePath = (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((path) => existsSync(path));
  return executablePath !== undefined && existsSync(driverPath) ? { driverPath, executablePath } : undefined;
}
