import {
  createFaultyDisk,
  createRandom,
  diskRecords,
  type FaultyDisk,
} from '@kivyx-ota/lifecycle/simulation';
import { describe, expect, it } from 'vitest';

const text = (words: string): Uint8Array => Uint8Array.from(words, (char) => char.charCodeAt(0));
const OLD = text('the old content');
const NEW = text('something new, and longer');

/** What `path` may hold after `work` and a power cut, over many seeds. */
function after(work: (disk: FaultyDisk) => void, path: string): Set<string | undefined> {
  const seen = new Set<string | undefined>();
  for (let seed = 1; seed <= 300; seed++) {
    const disk = createFaultyDisk(createRandom(seed));
    disk.poke('record', OLD);
    work(disk);
    disk.die('power');
    disk.dead = false;
    const bytes = disk.peek(path);
    seen.add(bytes === undefined ? undefined : String.fromCharCode(...bytes));
  }
  return seen;
}
const [old, fresh] = [String.fromCharCode(...OLD), String.fromCharCode(...NEW)];

describe('a power cut', () => {
  it('takes nothing of what was written beside, flushed, renamed, and whose folder was flushed', () => {
    expect(after((disk) => diskRecords(disk).writeDurable('record', NEW), 'record')).toEqual(
      new Set([fresh]),
    );
  });

  it('leaves the old or the new name when the folder was not flushed, and nothing else', () => {
    const renamed = (disk: FaultyDisk): void => {
      disk.write('record.new', NEW);
      disk.flush('record.new');
      disk.flushFolder('');
      disk.rename('record.new', 'record');
    };
    expect(after(renamed, 'record')).toEqual(new Set([old, fresh]));
  });

  it('leaves an empty, cut off or zeroed file where the file was not flushed', () => {
    const seen = after((disk) => diskRecords(disk, '', 'not-flushed').writeDurable('record', NEW), 'record');
    for (const one of [old, '', '\0'.repeat(NEW.length), fresh]) expect(seen).toContain(one);
    expect(
      [...seen].some((one) => one !== undefined && one !== '' && one !== fresh && fresh.startsWith(one)),
    ).toBe(true);
  });

  it('mixes old and new sectors of a large file', () => {
    const large = new Uint8Array(2048).fill(2);
    const seen = after((disk) => {
      disk.poke('record', new Uint8Array(2048).fill(1));
      disk.write('record', large);
    }, 'record');
    expect([...seen].some((one) => one?.includes('\x01') === true && one.includes('\x02'))).toBe(true);
  });

  it('moves a folder whole or not at all, with all in it that was flushed', () => {
    const moved = (disk: FaultyDisk): void => {
      disk.write('tmp/a/file', NEW);
      disk.flush('tmp/a/file');
      disk.flushFolder('tmp/a');
      disk.flushFolder('tmp');
      disk.flushFolder('');
      disk.rename('tmp/a', 'done/a');
      disk.flushFolder('');
    };
    expect(after(moved, 'done/a/file')).toEqual(new Set([undefined, fresh]));
    expect(after(moved, 'tmp/a/file')).toEqual(new Set([undefined, fresh]));
  });
});

describe('a process that is killed', () => {
  it('leaves what it had written, and of the write it was in any part', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 300; seed++) {
      const disk = createFaultyDisk(createRandom(seed));
      disk.poke('record', OLD);
      disk.crashBy = 'kill';
      disk.crashAt = [1];
      expect(() => disk.write('record', NEW)).toThrow('the phone died');
      expect(() => disk.read('record')).toThrow('the phone died');
      disk.dead = false;
      seen.add(String.fromCharCode(...(disk.peek('record') as Uint8Array)));
    }
    expect(seen).toContain(old);
    expect(seen).toContain('');
    expect([...seen].every((one) => one === old || fresh.startsWith(one))).toBe(true);
  });
});

it('a full disk takes a part and then no more; a locked one takes and gives nothing', () => {
  const disk = createFaultyDisk(createRandom(1));
  disk.poke('record', OLD);
  disk.full = true;
  expect(() => disk.write('other', NEW)).toThrow('ENOSPC');
  disk.remove('other');
  disk.full = false;
  disk.locked = true;
  expect([disk.read('record'), disk.list('')]).toEqual(['locked', 'locked']);
  expect(() => disk.write('record', NEW)).toThrow('locked');
  expect(disk.peek('record')).toEqual(OLD);
});
