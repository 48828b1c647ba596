import { writeU32 } from '../entropy/bits.ts';
import {
  IDENTIFIER_HASHES,
  OVERFLOW_STRINGS,
  STRING_KINDS,
  STRING_STORAGE,
  STRING_TABLE,
} from '../file/bytecode-layout.ts';
import type { StringTable } from '../file/parse-hermes.ts';
import { wordBytes } from '../instructions/function-code.ts';
import { each, type Work } from '../work.ts';

/** The sections that follow from the strings: kinds, hashes of identifiers, table, and the entries that are too large for it; at their numbers. */
export function* stringSections(
  { count, kind, length, offset, wide }: StringTable,
  storage: Uint8Array,
): Work<Uint8Array[]> {
  const stringTable = new Uint8Array(4 * count);
  const runs: number[] = [];
  const large: number[] = [];
  const hashes: number[] = [];
  yield* each(count, (i) => {
    // Runs of one kind: the highest bit says which, the others how long.
    if (i > 0 && kind[i] === kind[i - 1]) runs[runs.length - 1]++;
    else runs.push((kind[i] << 31) + 1);
    let start = offset[i];
    let size = length[i];
    if (kind[i] === 1) hashes.push(hashString(storage, start, size, wide[i]));
    if (size >= 255 || start >= 1 << 23) {
      large.push(start, size);
      start = large.length / 2 - 1;
      size = 255;
    }
    writeU32(stringTable, 4 * i, wide[i] | (start << 1) | (size << 24));
  });
  const sections: Uint8Array[] = [];
  sections[STRING_KINDS] = wordBytes(runs);
  sections[IDENTIFIER_HASHES] = wordBytes(hashes);
  sections[STRING_TABLE] = stringTable;
  sections[OVERFLOW_STRINGS] = wordBytes(large);
  sections[STRING_STORAGE] = storage;
  return sections;
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
