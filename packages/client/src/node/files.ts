import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  appendFile,
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FilesPort } from '../ports.ts';

/** A {@link FilesPort} below `directory`. */
export function nodeFiles(directory: string): FilesPort {
  const at = (path: string): string => {
    if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
      throw new RangeError(`nodeFiles: ${JSON.stringify(path)} is no relative path`);
    }
    return join(directory, ...path.split('/'));
  };
  const withFolder = async (path: string): Promise<string> => {
    const full = at(path);
    await mkdir(dirname(full), { recursive: true });
    return full;
  };
  const absent = (error: unknown): undefined => {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  };
  return {
    append: async (path, bytes) => appendFile(await withFolder(path), bytes),
    link: async (from, to) => {
      const full = await withFolder(to);
      // EXDEV, EPERM, EMLINK: no hard link here, a copy does as well.
      await link(at(from), full).catch(() => copyFile(at(from), full));
    },
    freeBytes: async () => {
      const volume = await statfs(directory).catch(absent);
      return volume === undefined ? undefined : volume.bavail * volume.bsize;
    },
    list: async (path) => (await readdir(at(path)).catch(absent)) ?? [],
    read: async (path) => {
      const bytes = await readFile(at(path)).catch(absent);
      return bytes === undefined ? undefined : new Uint8Array(bytes);
    },
    remove: (path) => rm(at(path), { force: true, recursive: true }),
    rename: async (from, to) => {
      const full = await withFolder(to);
      await syncTree(at(from));
      await rename(at(from), full);
      await syncPath(dirname(full));
    },
    sha256File: async (path) => {
      if ((await stat(at(path)).catch(absent)) === undefined) return undefined;
      const hash = createHash('sha256');
      for await (const chunk of createReadStream(at(path))) hash.update(chunk as Uint8Array);
      return hash.digest('hex');
    },
    sizeOf: async (path) => (await stat(at(path)).catch(absent))?.size,
    write: async (path, bytes) => {
      const full = await withFolder(path);
      // Beside the target, so that the rename stays on one file system; never in place.
      const temporary = `${full}.${randomUUID()}.tmp`;
      try {
        await writeFile(temporary, bytes, { flush: true });
        await rename(temporary, full);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    },
  };
}

async function syncPath(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is only as durable as what it moves. */
async function syncTree(path: string): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) await syncTree(join(path, entry.name));
  await syncPath(path);
}
