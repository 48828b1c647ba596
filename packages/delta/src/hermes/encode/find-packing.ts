import { sameBytes } from '../entropy/bits.ts';
import { STRING_STORAGE } from '../file/bytecode-layout.ts';
import { layOut, sortStrings } from '../strings/packed-strings.ts';
import { stringText } from './string-text.ts';
import type { StringColumns } from '../strings/string-columns.ts';
import { type HermesFile } from '../file/parse-hermes.ts';
import { finish } from '../work.ts';

/** Strings that are as the packer makes them. */
export interface Packed {
  readonly strings: StringColumns;
  /** Rows in packing order. */
  readonly sorted: Int32Array;
  /** By row the id of the same string in the old file, or -1. */
  readonly oldIds: Int32Array;
}

/** The target's strings, where it is what the packer makes of them; undefined for all other files. */
export function findPacking(old: HermesFile, target: HermesFile): Packed | undefined {
  const oldStorage = old.sections[STRING_STORAGE];
  const storage = target.sections[STRING_STORAGE];
  const oldIds = new Map<string, number>();
  for (let i = 0; i < old.strings.count; i++) {
    const key = keyOf(stringText(old.strings, oldStorage, i), old.strings.wide[i]);
    // Files made against a base may hold a string twice, as text and as identifier.
    if (oldIds.has(key)) return undefined;
    oldIds.set(key, i);
  }
  const seen = new Set<string>();
  const sameAs = new Int32Array(target.strings.count);
  for (let i = 0; i < target.strings.count; i++) {
    const key = keyOf(stringText(target.strings, storage, i), target.strings.wide[i]);
    if (seen.has(key)) return undefined;
    seen.add(key);
    sameAs[i] = oldIds.get(key) ?? -1;
  }
  const { sorted, strings } = finish(sortStrings(target));
  const { storage: made, table } = finish(layOut(strings, sorted));
  if (!sameBytes(made, storage)) return undefined;
  for (let i = 0; i < target.strings.count; i++) {
    if (
      table.offset[i] !== target.strings.offset[i] ||
      table.length[i] !== target.strings.length[i] ||
      table.wide[i] !== target.strings.wide[i]
    ) {
      return undefined;
    }
  }
  return { oldIds: sameAs, sorted, strings };
}

function keyOf(text: string, wide: number): string {
  return `${wide}${text}`;
}
