import { sameBytes } from '../bits.ts';
import { layOut, type SortedString, sortStrings, stringText } from '../packed-strings.ts';
import { type HermesFile } from '../parse-hermes.ts';
import { finish } from '../work.ts';

/** The target's strings in packing order, where it is what the packer makes of them; undefined for all other files. */
export function findPacking(old: HermesFile, target: HermesFile): readonly SortedString[] | undefined {
  const oldStorage = old.sections.stringStorage;
  const storage = target.sections.stringStorage;
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
  const sorted = sortStrings(
    target,
    (id) => oldIds.get(keyOf(stringText(target.strings, storage, id), target.strings.wide[id])) ?? -1,
  );
  const made = finish(layOut(sorted));
  if (made === undefined || !sameBytes(made.storage, storage)) return undefined;
  const { table } = made;
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
