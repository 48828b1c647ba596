import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordsPort } from '../ports.ts';

/** A {@link RecordsPort} in `directory`: written beside, flushed, renamed, folder flushed. */
export function nodeRecords(directory: string): RecordsPort {
  return {
    read: async (name) => {
      try {
        return new Uint8Array(await readFile(join(directory, name)));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    write: async (name, bytes) => {
      await mkdir(directory, { recursive: true });
      const temporary = join(directory, `${name}.tmp`);
      const handle = await open(temporary, 'w');
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, join(directory, name));
      if (process.platform === 'win32') return;
      const folder = await open(directory, 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    },
  };
}
