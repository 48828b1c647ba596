import type { RecordFiles } from '../record-files.ts';
import type { FaultyDisk } from './faulty-disk.ts';

/** How a record gets on the disk. All but the first are mistakes that updaters have made. */
export type WriteDiscipline = 'durable' | 'not-flushed' | 'in-place' | 'unlink-then-rename';

/** The boot code's files in one folder of a faulty disk, written as the clauses of {@link RecordFiles} demand, or wrongly. */
export function diskRecords(
  disk: FaultyDisk,
  folder = '',
  discipline: WriteDiscipline = 'durable',
): RecordFiles {
  const at = (name: string): string => (folder === '' ? name : `${folder}/${name}`);
  return {
    list: () => disk.list(folder),
    read: (name) => disk.read(at(name)),
    remove: (name) => disk.remove(at(name)),
    writeDurable: (name, bytes) => {
      if (discipline === 'in-place') {
        disk.write(at(name), bytes);
        disk.flush(at(name));
        return;
      }
      const beside = at(`${name}.new`);
      disk.write(beside, bytes);
      if (discipline !== 'not-flushed') disk.flush(beside);
      if (discipline === 'unlink-then-rename') disk.remove(at(name));
      disk.rename(beside, at(name));
      if (discipline !== 'not-flushed') disk.flushFolder(folder);
    },
  };
}
