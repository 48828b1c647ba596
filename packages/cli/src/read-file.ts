import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { usageError } from './usage-error.ts';

/** A file that the command line or the configuration names. @throws ERR_CLI_USAGE when there is none */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (!existsSync(path) || !statSync(path).isFile()) throw usageError(`No file ${path}`);
  return new Uint8Array(await readFile(path));
}
