import { sha256Hex } from '@kivyx-ota/core/sha256';
import { diskRecords, type FaultyDisk } from '@kivyx-ota/lifecycle/simulation';
import type { FilesPort, RecordsPort } from '../ports.ts';

/** Options of {@link diskPorts}. */
export interface DiskPortsOptions {
  /** Default: plain ECMAScript. */
  readonly hashHex?: (bytes: Uint8Array) => string;
}

/**
 * The client's files and records on a faulty disk, flushed as their clauses demand. Records lie in the root, where the boot code looks for
 * them. They belong to one process: once the disk has died, they never work again, even if it is switched on for the next one.
 */
export function diskPorts(
  disk: FaultyDisk,
  { hashHex = sha256Hex }: DiskPortsOptions = {},
): { readonly files: FilesPort; readonly records: RecordsPort } {
  let isGone = false;
  /** One operation of this process. */
  const on = async <T>(work: () => T): Promise<T> => {
    if (isGone) throw new Error('the process is gone');
    try {
      return work();
    } finally {
      if (disk.dead) isGone = true;
    }
  };
  const readable = (path: string): Uint8Array | undefined => {
    const found = disk.read(path);
    if (found === 'locked') throw new Error(`${path} cannot be read now`);
    return found === 'absent' ? undefined : found;
  };
  const names = (folder: string): readonly string[] => {
    const found = disk.list(folder);
    if (found === 'locked') throw new Error(`${folder} cannot be listed now`);
    return found;
  };
  /** For paths that a client gave. */
  const onPath = async <T>(path: string, work: () => T): Promise<T> => {
    if (path.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
      throw new RangeError(`diskPorts: ${JSON.stringify(path)} is no relative path`);
    return on(work);
  };
  const above = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
  /** A folder is durable when its files, its names, and those of all folders in it are. */
  const flushTree = (path: string): void => {
    if (disk.peek(path) !== undefined) {
      disk.flush(path);
      return;
    }
    for (const name of names(path)) flushTree(`${path}/${name}`);
    disk.flushFolder(path);
  };
  const files: FilesPort = {
    append: (path, bytes) => onPath(path, () => disk.append(path, bytes)),
    link: (from, to) => onPath(to, () => disk.link(from, to)),
    list: (path) => onPath(path, () => names(path)),
    read: (path) => onPath(path, () => readable(path)?.slice()),
    remove: (path) => onPath(path, () => disk.remove(path)),
    rename: (from, to) =>
      onPath(to, () => {
        flushTree(from);
        disk.rename(from, to);
        for (let folder = above(to); ; folder = above(folder)) {
          disk.flushFolder(folder);
          if (folder === '') break;
        }
      }),
    sha256File: (path) =>
      onPath(path, () => {
        const bytes = readable(path);
        return bytes === undefined ? undefined : hashHex(bytes);
      }),
    sizeOf: (path) => onPath(path, () => readable(path)?.length),
    write: (path, bytes) =>
      onPath(path, () => {
        // Beside, and renamed: a reader meets the old file or the new one.
        disk.write(`${path}.tmp`, bytes.slice());
        disk.rename(`${path}.tmp`, path);
      }),
  };
  const slots = diskRecords(disk);
  return {
    files,
    records: {
      read: (name) => on(() => readable(name)?.slice()),
      write: (name, bytes) => on(() => slots.writeDurable(name, bytes.slice())),
    },
  };
}
