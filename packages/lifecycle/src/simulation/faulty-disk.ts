import type { RecordFiles } from '../record-files.ts';
import type { Random } from './random.ts';

/** ENOSPC. */
export class DiskFull extends Error {}

/** The process, or the whole phone, stops at this point. */
export class PowerCut extends Error {}

/**
 * A disk whose every operation is one step. At `crashAt` steps the phone dies in the middle of the operation: what it was writing is
 * as before, cut off, zeroed or done. It can also be full, or locked, and remembers how often it was written.
 */
export interface FaultyDisk extends RecordFiles {
  readonly contents: Map<string, Uint8Array>;
  steps: number;
  writes: number;
  /** Steps at which it dies, counted from now on. */
  crashAt: readonly number[];
  /** It died; set it to false to switch it on again. */
  dead: boolean;
  full: boolean;
  locked: boolean;
}

/** An empty disk. `random` decides what a write looks like that was cut off. */
export function createFaultyDisk(random: Random): FaultyDisk {
  const contents = new Map<string, Uint8Array>();
  const step = (interrupted: () => void): void => {
    // Nothing happens on a dead phone, whatever catches the exception.
    if (disk.dead) throw new PowerCut();
    disk.steps++;
    if (!disk.crashAt.includes(disk.steps)) return;
    disk.dead = true;
    interrupted();
    throw new PowerCut();
  };
  const disk: FaultyDisk = {
    contents,
    crashAt: [],
    dead: false,
    full: false,
    list: () => {
      step(() => undefined);
      return disk.locked ? 'locked' : Array.from(contents.keys());
    },
    locked: false,
    read: (name) => {
      step(() => undefined);
      return disk.locked ? 'locked' : (contents.get(name) ?? 'absent');
    },
    remove: (name) => {
      step(() => {
        if (random.once(2)) contents.delete(name);
      });
      disk.writes++;
      contents.delete(name);
    },
    steps: 0,
    writeDurable: (name, bytes) => {
      step(() => {
        const way = random.below(4);
        if (way === 1) contents.set(name, bytes.slice(0, random.below(bytes.length)));
        else if (way === 2) contents.set(name, new Uint8Array(bytes.length));
        else if (way === 3) contents.set(name, bytes);
      });
      if (disk.full || disk.locked) throw new DiskFull();
      disk.writes++;
      contents.set(name, bytes);
    },
    writes: 0,
  };
  return disk;
}
