import { writeU32 } from './bits.ts';
import type { StringTable } from './parse-hermes.ts';
import { wordBytes } from './function-code.ts';
import { kindRuns } from './strings.ts';

/** The sections that follow from the strings: kinds, hashes of identifiers, table, and the entries that are too large for it. */
export function stringSections(
  { count, kind, length, offset, wide }: StringTable,
  storage: Uint8Array,
): Readonly<
  Record<'identifierHashes' | 'overflowStrings' | 'stringKinds' | 'stringStorage' | 'stringTable', Uint8Array>
> {
  const stringTable = new Uint8Array(4 * count);
  const large: number[] = [];
  const hashes: number[] = [];
  for (let i = 0; i < count; i++) {
    let start = offset[i];
    let size = length[i];
    if (kind[i] === 1) hashes.push(hashString(storage, start, size, wide[i]));
    if (size >= 255 || start >= 1 << 23) {
      large.push(start, size);
      start = large.length / 2 - 1;
      size = 255;
    }
    writeU32(stringTable, 4 * i, wide[i] | (start << 1) | (size << 24));
  }
  return {
    identifierHashes: wordBytes(hashes),
    overflowStrings: wordBytes(large),
    stringKinds: wordBytes(kindRuns(kind).map(([value, size]) => (value << 31) | size)),
    stringStorage: storage,
    stringTable,
  };
}

/** Jenkins' one-at-a-time hash, as Hermes hashes identifiers; narrow characters are signed there. */
function hashString(storage: Uint8Array, offset: number, length: number, wide: number): number {
  let hash = 0;
  for (let i = 0; i < length; i++) {
    hash +=
      wide === 1
        ? storage[offset + 2 * i] | (storage[offset + 2 * i + 1] << 8)
        : ((storage[offset + i] << 24) >> 24) & 0xffff;
    hash += hash << 10;
    hash ^= hash >>> 6;
  }
  return hash;
}
