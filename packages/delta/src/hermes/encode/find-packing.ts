import { sameBytes } from '../entropy/bits.ts';
import { STRING_STORAGE } from '../file/bytecode-layout.ts';
import { layOut, sortStrings } from '../strings/packed-strings.ts';
import { stringText } from './string-text.ts';
import type { SortedString } from '../strings/sorted-string.ts';
import { type HermesFile } from '../file/parse-hermes.ts';
import { finish } from '../work.ts';

/** The target's strings in packing order, where it is what the packer makes of them; undefined for all other files. */
export function findPacking(old: HermesFile, target: HermesFile): readonly SortedString[] | undefined {
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
  for (let i = 0; i < target.strings.count; i++) {
    const key = keyOf(stringText(target.strings, storage, i), target.strings.wide[i]);
    if (seen.has(key)) return undefined;
    seen.add(key);
  }
  const sorted = finish(
    sortStrings(target, (id, text) => oldIds.get(keyOf(text, target.strings.wide[id])) ?? -1),
  );
  const { storage: made, table } = finish(layOut(sorted));
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
  return sorted;
}

function keyOf(text: string, wide: number): string {
  return `${wide}${text}`;
}
