import { mustHold } from '../../error.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import { STRING_STORAGE } from '../file/bytecode-layout.ts';
import { codeCopiedBytes, placesAfter } from '../file/copies.ts';
import { codePairs, GONE } from '../file/pairs.ts';
import { type HermesFile, type StringTable } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import { createTextModel, textRegion } from './text-model.ts';
import { each, type Work } from '../work.ts';

/** The strings of the new file, and where the old ones went. */
export interface CodedStrings {
  readonly table: StringTable;
  readonly storage: Uint8Array;
  /** Old id → new id, or -1. */
  readonly newIds: Int32Array;
}

/** Lane of `codePairs` and `codeCopiedBytes`. */
const STRINGS = 0;

/**
 * Strings by runs over the old table: the storage as copies and new text, then for each string which old one it is, or where it
 * lies.
 */
export function* codeStrings(
  coder: Coder,
  { sections, strings }: HermesFile,
  maxBytes: number,
  plan?: HermesPlan,
): Work<CodedStrings> {
  const oldStorage = sections[STRING_STORAGE];
  plan?.copies(STRING_STORAGE, oldStorage, 10);
  const { bytes: storage, copies } = yield* codeCopiedBytes(
    coder,
    STRINGS,
    oldStorage,
    maxBytes,
    textRegion(createTextModel(coder, oldStorage)),
  );
  yield 0.1;
  // Only strings whose text is still there in one piece, as far as its two ends tell, can go on.
  const places = placesAfter(copies, oldStorage.length);
  const moved = new Uint32Array(2 * strings.count);
  yield* each(strings.count, (i) => {
    const from = strings.offset[i];
    const size = strings.length[i] * (1 + strings.wide[i]);
    const place = size > 0 ? places[from] : from;
    moved[2 * i] = size > 0 && (place < 0 || places[from + size - 1] !== place + size - 1) ? GONE : place;
    moved[2 * i + 1] = size;
  });
  plan?.table(moved);
  const { fresh, newIds, words } = yield* codePairs(coder, STRINGS, moved, maxBytes);
  yield 0.1;
  const table = createStringTable(words.length / 2);
  newIds.forEach((j, i) => {
    if (j < 0) return;
    table.kind[j] = strings.kind[i];
    table.wide[j] = strings.wide[i];
  });
  for (const j of fresh) {
    plan?.kind(j);
    table.kind[j] = coder.flag(CONTEXT.stringKind) ? 1 : 0;
    table.wide[j] = coder.flag(CONTEXT.stringWide) ? 1 : 0;
  }
  // Strings share text, but not so much: a bound on the work that a hostile table can ask for.
  let budget = 8 * storage.length + 65536;
  yield* each(table.count, (j) => {
    const size = words[2 * j + 1];
    budget -= size;
    mustHold(budget >= 0 && words[2 * j] + size <= storage.length);
    table.offset[j] = words[2 * j];
    table.length[j] = size >> table.wide[j];
  });
  return { newIds, storage, table };
}

/** A table of strings. */
export function createStringTable(count: number): StringTable {
  return {
    count,
    kind: new Uint8Array(count),
    length: new Uint32Array(count),
    offset: new Uint32Array(count),
    wide: new Uint8Array(count),
  };
}
