/**
 * The few files that the boot code works on. Synchronous, because nothing may run before the decision.
 *
 * 1. `read` gives the bytes, `absent`, or `locked` for anything that is there and cannot be read now.
 * 2. `writeDurable` replaces `name` whole: it writes beside, flushes the file, renames, flushes the folder. When it returns, the
 *    new content survives power loss; when it throws, either the old or the new content is there, or the file is torn
 *    (the checksum tells). It touches no other record.
 * 3. `remove` removes a file; absent is fine.
 * 4. `list` gives the names in the records' folder, or `locked`.
 */
export interface RecordFiles {
  read(name: string): Uint8Array | 'absent' | 'locked';
  writeDurable(name: string, bytes: Uint8Array): void;
  remove(name: string): void;
  list(): readonly string[] | 'locked';
}
