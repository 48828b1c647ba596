import type { RecordFiles } from '@kivyx-ota/lifecycle';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

/** The boot code's files in `directory`, as its clauses demand: written beside, flushed, renamed, folder flushed. */
export function nodeRecordFiles(directory: string): RecordFiles {
  const flush = (path: string, flags: string, bytes?: Uint8Array): void => {
    const descriptor = openSync(path, flags, 0o600);
    try {
      if (bytes !== undefined) writeFileSync(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  };
  return {
    list: () => {
      try {
        return readdirSync(directory);
      } catch (error) {
        return isAbsent(error) ? [] : 'locked';
      }
    },
    read: (name) => {
      try {
        return new Uint8Array(readFileSync(join(directory, name)));
      } catch (error) {
        return isAbsent(error) ? 'absent' : 'locked';
      }
    },
    remove: (name) => rmSync(join(directory, name), { force: true }),
    writeDurable: (name, bytes) => {
      const temporary = join(directory, `${name}.new`);
      flush(temporary, 'w', bytes);
      renameSync(temporary, join(directory, name));
      // Windows can neither open a folder nor needs to.
      if (process.platform !== 'win32') flush(directory, 'r');
    },
  };
}

function isAbsent(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
