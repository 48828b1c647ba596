import { deltaError, mustHold } from '../error.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { codeCopiedBytes, type Copies, createCopyMap } from './copies.ts';
import { type HermesFile, type StringTable } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { codeSequence } from './sequence.ts';
import { createPrimedTextModel, textRegion } from './text-model.ts';

/** The strings of the new file, and where the old ones went. */
export interface CodedStrings {
  readonly table: StringTable;
  readonly storage: Uint8Array;
  /** Old id → new id, or -1. */
  readonly newIds: Int32Array;
  /** Ids without an old string, ascending. */
  readonly fresh: readonly number[];
}

/** Lanes of `codeSequence` and `codeCopiedBytes`. */
const STRINGS = 0;

/**
 * Strings by runs over the old table: the storage as copies and new text, then for each string which old one it is, or where it
 * lies.
 */
export function codeStrings(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  plan?: HermesPlan,
): CodedStrings {
  const oldStorage = old.sections.stringStorage;
  plan?.copies('stringStorage', oldStorage, 10);
  const { bytes: storage, copies } = codeCopiedBytes(
    coder,
    STRINGS,
    oldStorage,
    maxBytes,
    textRegion(createPrimedTextModel(coder, oldStorage)),
  );
  plan?.kindRuns();
  const kind = codeKinds(coder, old, maxBytes);
  const count = kind.length;

  const { strings } = old;
  const moved = movedOffsets(strings, copies);
  // Only strings whose text is still there in one piece can go on.
  const following = new Int32Array(strings.count + 1);
  let upcoming = -1;
  for (let i = strings.count; i >= 0; i--) {
    following[i] = upcoming;
    if (moved[i - 1] >= 0) upcoming = i - 1;
  }
  const successor = (previous: number): number => following[previous + 1];
  plan?.stringReferences(moved, kind, successor);
  const references = codeSequence(coder, STRINGS, count, strings.count, successor);

  const table = createStringTable(kind);
  const newIds = new Int32Array(strings.count).fill(-1);
  const unplaced: number[] = [];
  let end = 0;
  for (let j = 0; j < count; j++) {
    const i = references[j];
    if (i < 0) {
      plan?.stringEntry(j);
      codeEntry(coder, table, j, end, storage.length);
      unplaced.push(j);
    } else {
      mustHold(moved[i] >= 0);
      table.offset[j] = moved[i];
      table.length[j] = strings.length[i];
      table.wide[j] = strings.wide[i];
      if (newIds[i] < 0) newIds[i] = j;
    }
    end = table.offset[j] + table.length[j] * (1 + table.wide[j]);
  }
  const fresh = findByText(strings, oldStorage, newIds, table, storage, unplaced);
  return { fresh, newIds, storage, table };
}

/** A table of strings of these kinds. */
export function createStringTable(kind: Uint8Array): StringTable {
  const count = kind.length;
  return {
    count,
    kind,
    length: new Uint32Array(count),
    offset: new Uint32Array(count),
    wide: new Uint8Array(count),
  };
}

function codeKinds(coder: Coder, old: HermesFile, maxBytes: number): Uint8Array {
  const before = kindRuns(old.strings.kind);
  const count = coder.near(CONTEXT.countChange, before.length);
  mustHold(count >= 0 && count <= maxBytes / 4);
  const kinds: number[] = [];
  const lengths: number[] = [];
  let total = 0;
  for (let i = 0; i < count; i++) {
    const [oldKind, oldLength] = before[i] ?? [i & 1, 0];
    kinds.push(coder.flag(CONTEXT.stringKind + oldKind) ? 1 : 0);
    const length = coder.near(CONTEXT.countChange, oldLength);
    total += length;
    mustHold(length >= 0 && total <= maxBytes / 4);
    lengths.push(length);
  }
  const kind = new Uint8Array(total);
  let filled = 0;
  kinds.forEach((value, i) => kind.fill(value, filled, (filled += lengths[i])));
  return kind;
}

/** Kind and length of each run of strings of one kind. */
export function kindRuns(kind: Uint8Array): [kind: number, length: number][] {
  const runs: [number, number][] = [];
  for (let i = 0; i < kind.length; i++) {
    if (i > 0 && kind[i] === kind[i - 1]) runs[runs.length - 1][1]++;
    else runs.push([kind[i], 1]);
  }
  return runs;
}

function movedOffsets(strings: StringTable, copies: Copies): Int32Array {
  const map = createCopyMap(copies);
  const { length, offset, wide } = strings;
  const moved = new Int32Array(strings.count);
  for (let i = 0; i < moved.length; i++) {
    const size = length[i] * (1 + wide[i]);
    if (size > 0) moved[i] = map(offset[i], size);
  }
  return moved;
}

function codeEntry(coder: Coder, table: StringTable, j: number, end: number, storageSize: number): void {
  const wide = coder.flag(CONTEXT.stringWide) ? 1 : 0;
  const offset = coder.is(CONTEXT.stringAdjacent, end) ? end : coder.near(CONTEXT.stringOffset, end);
  const length = coder.number(CONTEXT.stringLength);
  mustHold(offset >= 0 && offset + length * (1 + wide) <= storageSize);
  table.offset[j] = offset;
  table.length[j] = length;
  table.wide[j] = wide;
}

/** Gives new entries the old id of the same text, where that has none yet; the rest is truly new. */
function findByText(
  strings: StringTable,
  oldStorage: Uint8Array,
  newIds: Int32Array,
  table: StringTable,
  storage: Uint8Array,
  unplaced: readonly number[],
): readonly number[] {
  if (unplaced.length === 0) return [];
  const key = ({ length, offset, wide }: StringTable, bytes: Uint8Array, i: number): string => {
    let text = String.fromCharCode(wide[i]);
    const end = offset[i] + length[i] * (1 + wide[i]);
    for (let at = offset[i]; at < end; at++) text += String.fromCharCode(bytes[at]);
    return text;
  };
  const unused = new Map<string, number>();
  newIds.forEach((id, i) => {
    if (id < 0) unused.set(key(strings, oldStorage, i), i);
  });
  const fresh: number[] = [];
  // Strings share text, but not so much: a bound on the work that a hostile table can ask for.
  let budget = 2 * storage.length + 65536;
  for (const j of unplaced) {
    budget -= table.length[j];
    if (budget < 0) throw deltaError('ERR_DELTA_LIMIT', 'The new strings overlap too much');
    const i = unused.get(key(table, storage, j));
    if (i !== undefined && newIds[i] < 0) newIds[i] = j;
    else fresh.push(j);
  }
  return fresh;
}
