import type { Random } from './random.ts';

/** What a full or locked disk throws. */
export class DiskFull extends Error {}

/** The process, or the whole phone, stops at this point. */
export class PowerCut extends Error {}

/** How a life ends: the kernel keeps what a killed process wrote; without power only what was flushed is sure to stay. */
export type Death = 'kill' | 'power';

/**
 * A disk whose every operation is one step, as strict as POSIX allows: data stays for sure once its file is flushed, a name once its folder
 * is. Whoever dies in the middle of a write leaves any part of it; a power cut then decides about everything that was not flushed: bytes may be
 * the old ones, none, cut off, zeroed or new sector by sector, and names may come, go or stay independently of each other and of the bytes.
 *
 * Paths are `/`-separated. Bytes given in or out are shared: do not change them.
 */
export interface FaultyDisk {
  read(path: string): Uint8Array | 'absent' | 'locked';
  /** Names directly in a folder; none when it is not there. */
  list(folder: string): readonly string[] | 'locked';
  /** Makes or empties the file, then writes; with its folders. */
  write(path: string, bytes: Uint8Array): void;
  append(path: string, bytes: Uint8Array): void;
  /** Another name for the same file. */
  link(from: string, to: string): void;
  /** Moves a file or a folder over whatever is at `to`, in one step. */
  rename(from: string, to: string): void;
  /** A file, or a folder with all in it; absent is fine. */
  remove(path: string): void;
  /** fsync of a file. */
  flush(path: string): void;
  /** fsync of a folder: its names. */
  flushFolder(folder: string): void;
  /** What a process would see now; no step. */
  peek(path: string): Uint8Array | undefined;
  /** Changes a file from outside, flushed, without a step; `undefined` removes it. */
  poke(path: string, bytes: Uint8Array | undefined): void;
  /** Ends the life here. */
  die(death: Death): void;
  /** Operations so far. */
  steps: number;
  /** Of these, those that change something, whether they could or not. */
  writes: number;
  /** Steps, counted from the beginning, in the middle of which it dies. */
  crashAt: readonly number[];
  /** How; default: at random. */
  crashBy: Death | undefined;
  /** It died; set it to false to start again. */
  dead: boolean;
  full: boolean;
  locked: boolean;
}

interface File {
  data: Uint8Array;
  flushed: Uint8Array;
}

/** A change of names that is not flushed yet; a rename changes two folders at once. */
interface Change {
  readonly names: readonly {
    readonly folder: Folder;
    readonly name: string;
    readonly node: Node | undefined;
  }[];
}

interface Folder {
  readonly names: Map<string, Node>;
  readonly flushed: Map<string, Node>;
  pending: Change[];
}

type Node = File | Folder;

/** One for all: a million of them with their stacks would be most of a simulation's time. */
const POWER_CUT = new PowerCut('the phone died');
const SECTOR_BYTES = 512;
const NOTHING = new Uint8Array(0);

/** An empty disk. `random` decides what a write looks like that was cut off, and what a power cut takes. */
export function createFaultyDisk(random: Random): FaultyDisk {
  const root: Folder = newFolder();

  const find = (path: string): Node | undefined => {
    let node: Node | undefined = root;
    for (const name of path === '' ? [] : path.split('/')) {
      if (node === undefined || !isFolder(node)) return undefined;
      node = node.names.get(name);
    }
    return node;
  };
  const split = (path: string): readonly [string, string] => {
    const at = path.lastIndexOf('/');
    return at < 0 ? ['', path] : [path.slice(0, at), path.slice(at + 1)];
  };
  const change = (...names: Change['names']): void => {
    const made: Change = { names };
    for (const { folder, name, node } of names) {
      if (node === undefined) folder.names.delete(name);
      else folder.names.set(name, node);
      folder.pending.push(made);
    }
  };
  const folderAt = (path: string): Folder => {
    const found = find(path);
    if (found !== undefined && isFolder(found)) return found;
    const [above, name] = split(path);
    const folder = newFolder();
    change({ folder: folderAt(above), name, node: folder });
    return folder;
  };
  const fileAt = (path: string): File => {
    const found = find(path);
    if (found !== undefined && !isFolder(found)) return found;
    const [above, name] = split(path);
    const file: File = { data: NOTHING, flushed: NOTHING };
    change({ folder: folderAt(above), name, node: file });
    return file;
  };
  const flushNames = (folder: Folder): void => {
    for (const done of folder.pending) {
      apply(done);
      for (const { folder: other } of done.names)
        if (other !== folder) other.pending = other.pending.filter((one) => one !== done);
    }
    folder.pending = [];
  };

  /** Everything that was not flushed is at the mercy of `random`. */
  const losePower = (): void => {
    const decided = new Set<Change>();
    const folders: Folder[] = [root];
    const files = new Set<File>();
    const collect = (folder: Folder): void => {
      for (const node of [...folder.names.values(), ...folder.flushed.values()]) {
        if (!isFolder(node)) files.add(node);
        else if (!folders.includes(node)) {
          folders.push(node);
          collect(node);
        }
      }
    };
    collect(root);
    for (const folder of folders) {
      for (const pending of folder.pending) {
        if (decided.has(pending)) continue;
        decided.add(pending);
        if (random.once(2)) apply(pending);
      }
      folder.pending = [];
    }
    for (const folder of folders) {
      folder.names.clear();
      for (const [name, node] of folder.flushed) folder.names.set(name, node);
    }
    for (const file of files) {
      if (file.data !== file.flushed) file.flushed = file.data = whatStays(random, file.flushed, file.data);
    }
  };

  const die = (death: Death): void => {
    disk.dead = true;
    if (death === 'power') losePower();
  };
  /** `partly`: what the operation may have done already when the phone dies in it. */
  const step = (partly: () => void): void => {
    // Nothing happens on a dead phone, whatever catches the exception.
    if (disk.dead) throw POWER_CUT;
    disk.steps++;
    if (!disk.crashAt.includes(disk.steps)) return;
    if (random.once(2)) partly();
    die(disk.crashBy ?? (random.once(2) ? 'kill' : 'power'));
    throw POWER_CUT;
  };
  const changing = (
    needsSpace: boolean,
    work: (bytesOf: (whole: Uint8Array) => Uint8Array) => void,
  ): void => {
    const part = (whole: Uint8Array): Uint8Array => whole.subarray(0, random.below(whole.length + 1));
    step(() => work(part));
    disk.writes++;
    if (disk.locked) throw new DiskFull('locked');
    if (disk.full && needsSpace) {
      work(part);
      throw new DiskFull('ENOSPC: no space left');
    }
    work((whole) => whole);
  };

  const disk: FaultyDisk = {
    append: (path, bytes) =>
      changing(true, (bytesOf) => {
        const file = fileAt(path);
        const more = bytesOf(bytes);
        const joined = new Uint8Array(file.data.length + more.length);
        joined.set(file.data);
        joined.set(more, file.data.length);
        file.data = joined;
      }),
    crashAt: [],
    crashBy: undefined,
    dead: false,
    die,
    flush: (path) =>
      changing(false, () => {
        const file = find(path);
        if (file !== undefined && !isFolder(file)) file.flushed = file.data;
      }),
    flushFolder: (path) =>
      changing(false, () => {
        const folder = find(path);
        if (folder !== undefined && isFolder(folder)) flushNames(folder);
      }),
    full: false,
    link: (from, to) =>
      changing(false, () => {
        const node = find(from);
        if (node === undefined) throw new Error(`link: there is no ${from}`);
        const [above, name] = split(to);
        change({ folder: folderAt(above), name, node });
      }),
    list: (path) => {
      step(() => undefined);
      if (disk.locked) return 'locked';
      const folder = find(path);
      return folder === undefined || !isFolder(folder) ? [] : Array.from(folder.names.keys());
    },
    locked: false,
    peek: (path) => {
      const file = find(path);
      return file === undefined || isFolder(file) ? undefined : file.data;
    },
    poke: (path, bytes) => {
      const [above, name] = split(path);
      const folder = folderAt(above);
      if (bytes === undefined) change({ folder, name, node: undefined });
      else change({ folder, name, node: { data: bytes, flushed: bytes } });
      flushNames(folder);
    },
    read: (path) => {
      step(() => undefined);
      if (disk.locked) return 'locked';
      return disk.peek(path) ?? 'absent';
    },
    remove: (path) =>
      changing(false, () => {
        if (find(path) === undefined) return;
        const [above, name] = split(path);
        change({ folder: folderAt(above), name, node: undefined });
      }),
    rename: (from, to) =>
      changing(false, () => {
        const node = find(from);
        if (node === undefined) throw new Error(`rename: there is no ${from}`);
        const [above, name] = split(from);
        const [into, as] = split(to);
        change(
          { folder: folderAt(above), name, node: undefined },
          { folder: folderAt(into), name: as, node },
        );
      }),
    steps: 0,
    write: (path, bytes) =>
      changing(true, (bytesOf) => {
        fileAt(path).data = bytesOf(bytes);
      }),
    writes: 0,
  };
  return disk;
}

function newFolder(): Folder {
  return { flushed: new Map(), names: new Map(), pending: [] };
}

function isFolder(node: Node): node is Folder {
  return 'names' in node;
}

function apply({ names }: Change): void {
  for (const { folder, name, node } of names) {
    if (node === undefined) folder.flushed.delete(name);
    else folder.flushed.set(name, node);
  }
}

/** What a power cut leaves of bytes that were not flushed. */
function whatStays(random: Random, old: Uint8Array, now: Uint8Array): Uint8Array {
  switch (random.below(6)) {
    case 0:
      return old;
    case 1:
      return NOTHING;
    case 2:
      return now.slice(0, random.below(now.length + 1));
    case 3:
      return new Uint8Array(now.length);
    case 4: {
      const mixed = new Uint8Array(now.length);
      for (let at = 0; at < now.length; at += SECTOR_BYTES) {
        const source = random.pick([old, now, NOTHING]);
        mixed.set(source.subarray(at, Math.min(at + SECTOR_BYTES, now.length)), at);
      }
      return mixed;
    }
    default:
      return now;
  }
}
