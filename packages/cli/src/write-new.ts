import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { usageError } from './usage-error.ts';

/** A file that is to be made. */
export interface NewFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Default: as the umask says. */
  readonly mode?: number;
}

/**
 * Makes files, all of them or none, and never over one that is there: half a key of a full disk would be taken for one that signed
 * releases by whoever tries again. No links: root keys go to memory sticks, whose file systems have none.
 *
 * @throws ERR_CLI_USAGE when one is there, with `why` that is not written over; system errors name the path
 */
export async function writeNew(files: readonly NewFile[], why: string): Promise<void> {
  for (const { path } of files) if (existsSync(path)) throw usageError(`${path} is there already; ${why}`);
  const made: string[] = [];
  for (const { content, mode, path } of files) {
    try {
      await mkdir(dirname(path), { recursive: true });
      const handle = await open(path, 'wx', mode);
      made.push(path);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } finally {
        await handle.close();
      }
    } catch (error) {
      await Promise.all(made.map((one) => rm(one, { force: true })));
      // A write to a full disk does not say which file it was.
      throw Object.assign(error as NodeJS.ErrnoException, { path });
    }
  }
}
