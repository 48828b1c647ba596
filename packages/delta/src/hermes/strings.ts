import { deltaError } from '../error.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { codeCopiedBytes, type Copies, createCopyMap } from './copies.ts';
import { type HermesFile, sectionBytes, type StringTable } from './parse-hermes.ts';
import { codeSequence } from './sequence.ts';
import { createPrimedTextModel } from './text-model.ts';

/** The strings of the new file, and where the old ones went. */
export interface CodedStrings {
  readonly table: StringTable;
  readonly storage: Uint8Array;
  /** Kind and length of each run. */
  readonly kindRuns: readonly (readonly [kind: number, length: number])[];
  /** Old id → new id, or -1. */
  readonly newIds: Int32Array;
  /** Ids without an old string, ascending. */
  readonly fresh: readonly number[];
}

/** What the encoder knows. */
export interface StringPlan {
  readonly target: HermesFile;
  readonly storageCopies: Copies;
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
  plan?: StringPlan,
): CodedStrings {
  const wanted = plan?.target.strings;
  const oldStorage = sectionBytes(old, 'stringStorage');
  coder.section('string text');
  const text = createPrimedTextModel(coder, oldStorage);
  const { bytes: storage, copies } = codeCopiedBytes(
    coder,
    STRINGS,
    oldStorage,
    maxBytes,
    (out, from, to, truth) => {
      for (let at = from; at < to; at++) out[at] = text(out, at, truth?.[at] ?? 0);
    },
    plan === undefined
      ? undefined
      : { bytes: sectionBytes(plan.target, 'stringStorage'), copies: plan.storageCopies },
  );

  coder.section('string table');
  const kindRuns = codeKindRuns(coder, old, maxBytes, plan?.target);
  const count = kindRuns.reduce((sum, [, length]) => sum + length, 0);
  if (count > maxBytes / 4) throw deltaError('ERR_DELTA_CORRUPT', 'More strings than the target can hold');
  const kind = new Uint8Array(count);
  let filled = 0;
  for (const [value, length] of kindRuns) {
    kind.fill(value, filled, filled + length);
    filled += length;
  }

  const { strings } = old;
  const moved = movedOffsets(strings, copies);
  // Only strings whose text is still there in one piece can go on.
  const following = new Int32Array(strings.count + 1);
  let upcoming = -1;
  for (let i = strings.count - 1; i >= 0; i--) {
    following[i + 1] = upcoming;
    if (moved[i] >= 0) upcoming = i;
  }
  following[0] = upcoming;
  const references = codeSequence(
    coder,
    STRINGS,
    count,
    strings.count,
    (previous) => following[previous + 1],
    wanted === undefined ? undefined : matchEntries(strings, moved, kind, wanted),
  );

  coder.section('new strings');
  const table: StringTable = {
    count,
    kind,
    length: new Uint32Array(count),
    offset: new Uint32Array(count),
    wide: new Uint8Array(count),
  };
  const newIds = new Int32Array(strings.count).fill(-1);
  const unplaced: number[] = [];
  for (let j = 0; j < count; j++) {
    const i = references[j];
    if (i < 0) {
      codeEntry(coder, table, j, storage.length, wanted);
      unplaced.push(j);
      continue;
    }
    if (moved[i] < 0) throw deltaError('ERR_DELTA_CORRUPT', 'A string refers to text that is gone');
    table.offset[j] = moved[i];
    table.length[j] = strings.length[i];
    table.wide[j] = strings.wide[i];
    if (newIds[i] < 0) newIds[i] = j;
  }
  const fresh = findByText(strings, oldStorage, newIds, table, storage, unplaced);
  return { fresh, kindRuns, newIds, storage, table };
}

function codeKindRuns(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  target?: HermesFile,
): readonly (readonly [number, number])[] {
  const before = kindRunsOf(old);
  const after = target === undefined ? undefined : kindRunsOf(target);
  const count = before.length + coder.signed(CONTEXT.countChange, (after?.length ?? 0) - before.length);
  if (!(count >= 0 && count <= maxBytes / 4)) {
    throw deltaError('ERR_DELTA_CORRUPT', 'More strings than the target can hold');
  }
  const runs: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    const [oldKind, oldLength] = before[i] ?? [i & 1, 0];
    const kind = coder.flag(CONTEXT.stringKind + oldKind, after?.[i]?.[0] === 1) ? 1 : 0;
    const length = oldLength + coder.signed(CONTEXT.countChange, (after?.[i]?.[1] ?? 0) - oldLength);
    if (!(length >= 0 && length <= maxBytes / 4))
      throw deltaError('ERR_DELTA_CORRUPT', 'More strings than the target can hold');
    runs.push([kind, length]);
  }
  return runs;
}

function kindRunsOf({ strings }: HermesFile): [number, number][] {
  const runs: [number, number][] = [];
  for (let i = 0; i < strings.count; i++) {
    const last = runs[runs.length - 1];
    if (last !== undefined && last[0] === strings.kind[i]) last[1]++;
    else runs.push([strings.kind[i], 1]);
  }
  return runs;
}

function movedOffsets(strings: StringTable, copies: Copies): Int32Array {
  const map = createCopyMap(copies);
  const moved = new Int32Array(strings.count);
  for (let i = 0; i < strings.count; i++) {
    const length = strings.length[i] * (1 + strings.wide[i]);
    moved[i] = length === 0 ? 0 : map(strings.offset[i], length);
  }
  return moved;
}

/** Encoder: the old entry of each new one by place of the text, the same kind first. */
function matchEntries(
  strings: StringTable,
  moved: Int32Array,
  kind: Uint8Array,
  wanted: StringTable,
): Int32Array {
  const byPlace = new Map<string, number[]>();
  for (let i = 0; i < strings.count; i++) {
    if (moved[i] < 0) continue;
    const key = `${moved[i]} ${strings.length[i]} ${strings.wide[i]}`;
    const list = byPlace.get(key);
    if (list === undefined) byPlace.set(key, [i]);
    else list.push(i);
  }
  const matched = new Int32Array(wanted.count).fill(-1);
  for (let j = 0; j < wanted.count; j++) {
    const list = byPlace.get(`${wanted.offset[j]} ${wanted.length[j]} ${wanted.wide[j]}`);
    if (list === undefined || list.length === 0) continue;
    const same = list.findIndex((i) => strings.kind[i] === kind[j]);
    matched[j] = list.splice(Math.max(same, 0), 1)[0];
  }
  return matched;
}

function codeEntry(
  coder: Coder,
  table: StringTable,
  j: number,
  storageSize: number,
  wanted?: StringTable,
): void {
  const wide = coder.flag(CONTEXT.stringWide, wanted?.wide[j] === 1) ? 1 : 0;
  const previousEnd = j === 0 ? 0 : table.offset[j - 1] + table.length[j - 1] * (1 + table.wide[j - 1]);
  const offset = coder.flag(CONTEXT.stringAdjacent, wanted?.offset[j] === previousEnd)
    ? previousEnd
    : previousEnd + coder.signed(CONTEXT.stringOffset, (wanted?.offset[j] ?? 0) - previousEnd);
  const length = coder.number(CONTEXT.stringLength, wanted?.length[j] ?? 0);
  if (!(offset >= 0 && offset + length * (1 + wide) <= storageSize))
    throw deltaError('ERR_DELTA_CORRUPT', 'A string lies outside of the storage');
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
  const key = (bytes: Uint8Array, offset: number, length: number, wide: number): string => {
    let text = wide === 1 ? '\u0001' : '\u0000';
    const end = offset + length * (1 + wide);
    for (let at = offset; at < end; at++) text += String.fromCharCode(bytes[at]);
    return text;
  };
  const unused = new Map<string, number>();
  for (let i = 0; i < strings.count; i++) {
    if (newIds[i] < 0) unused.set(key(oldStorage, strings.offset[i], strings.length[i], strings.wide[i]), i);
  }
  const fresh: number[] = [];
  // Strings share text, but not so much: a bound on the work that a hostile table can ask for.
  let budget = 2 * storage.length + 65536;
  for (const j of unplaced) {
    budget -= table.length[j];
    if (budget < 0) throw deltaError('ERR_DELTA_LIMIT', 'The new strings overlap too much');
    const i = unused.get(key(storage, table.offset[j], table.length[j], table.wide[j]));
    if (i !== undefined && newIds[i] < 0) newIds[i] = j;
    else fresh.push(j);
  }
  return fresh;
}
