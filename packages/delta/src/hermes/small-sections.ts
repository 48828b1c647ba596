import { deltaError } from '../error.ts';
import { readU32, sameBytes, writeU32 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { codeCopiedBytes } from './copies.ts';
import { type HermesFile, sectionBytes } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { mapped } from './reference-maps.ts';
import { codeSequence, successorBelow } from './sequence.ts';
import { createTextModel } from './text-model.ts';

const REGEXPS = 4;
const SOURCES = 5;
const MIN_COPY = 12;

/** A byte section about whose inside nothing is known. */
export function codePlainSection(
  coder: Coder,
  lane: number,
  before: Uint8Array,
  maxBytes: number,
  plan: HermesPlan | undefined,
  after: Uint8Array | undefined,
): Uint8Array {
  const model = createTextModel(coder, before);
  return codeCopiedBytes(
    coder,
    lane,
    before,
    maxBytes,
    (out, from, to, wanted) => {
      for (let at = from; at < to; at++) out[at] = model(out, at, wanted?.[at] ?? 0);
    },
    plan === undefined || after === undefined
      ? undefined
      : { bytes: after, copies: plan.findCopies(before, after, MIN_COPY) },
  ).bytes;
}

/** Regular expressions: compiled bytes, and a table of their places. */
export function codeRegExps(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  plan?: HermesPlan,
): { readonly table: Uint8Array; readonly storage: Uint8Array; readonly newIds: Int32Array } {
  coder.section('regular expressions');
  const target = plan?.target;
  const unchanged =
    target !== undefined &&
    (['regExpStorage', 'regExpTable'] as const).every((name) =>
      sameBytes(sectionBytes(old, name), sectionBytes(target, name)),
    );
  if (coder.flag(CONTEXT.partUnchanged, unchanged)) {
    return {
      newIds: Int32Array.from({ length: old.header.regExpCount }, (_, i) => i),
      storage: sectionBytes(old, 'regExpStorage'),
      table: sectionBytes(old, 'regExpTable'),
    };
  }
  const storage = codePlainSection(
    coder,
    6,
    sectionBytes(old, 'regExpStorage'),
    maxBytes,
    plan,
    target === undefined ? undefined : sectionBytes(target, 'regExpStorage'),
  );
  const before = sectionBytes(old, 'regExpTable');
  const after = target === undefined ? undefined : sectionBytes(target, 'regExpTable');
  const oldCount = before.length / 8;
  const count =
    oldCount + coder.signed(CONTEXT.countChange, after === undefined ? 0 : after.length / 8 - oldCount);
  if (!(count >= 0 && count <= maxBytes / 8))
    throw deltaError('ERR_DELTA_CORRUPT', 'More regular expressions than the target can hold');
  const sources = codeSequence(
    coder,
    REGEXPS,
    count,
    oldCount,
    successorBelow(oldCount),
    target === undefined ? undefined : matchRegExps(old, target),
  );
  const newIds = new Int32Array(oldCount).fill(-1);
  const table = new Uint8Array(8 * count);
  let end = 0;
  for (let j = 0; j < count; j++) {
    const i = sources[j];
    const length =
      i >= 0
        ? readU32(before, 8 * i + 4)
        : coder.number(CONTEXT.regExpLength, after === undefined ? 0 : readU32(after, 8 * j + 4));
    if (i >= 0) newIds[i] = j;
    const offset = coder.flag(CONTEXT.regExpAdjacent, after !== undefined && readU32(after, 8 * j) === end)
      ? end
      : coder.number(CONTEXT.regExpOffset, after === undefined ? 0 : readU32(after, 8 * j));
    writeU32(table, 8 * j, offset);
    writeU32(table, 8 * j + 4, length);
    end = offset + length;
  }
  return { newIds, storage, table };
}

function matchRegExps(old: HermesFile, target: HermesFile): Int32Array {
  const key = (file: HermesFile, i: number): string => {
    const table = sectionBytes(file, 'regExpTable');
    const from = readU32(table, 8 * i);
    return Array.from(
      sectionBytes(file, 'regExpStorage').subarray(from, from + readU32(table, 8 * i + 4)),
    ).join();
  };
  const places = new Map<string, number[]>();
  for (let i = 0; i < old.header.regExpCount; i++) {
    const k = key(old, i);
    places.set(k, [...(places.get(k) ?? []), i]);
  }
  return Int32Array.from(
    { length: target.header.regExpCount },
    (_, j) => places.get(key(target, j))?.shift() ?? -1,
  );
}

/** Function sources: pairs of function and string, for functions whose text `toString` gives. */
export function codeFunctionSources(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  newFunctionIds: Int32Array,
  newStringIds: Int32Array,
  target?: HermesFile,
): Uint8Array {
  coder.section('function sources');
  const before = sectionBytes(old, 'functionSources');
  const after = target === undefined ? undefined : sectionBytes(target, 'functionSources');
  const oldCount = before.length / 8;
  const moved = Array.from({ length: oldCount }, (_, i) => [
    mapped(newFunctionIds, readU32(before, 8 * i)),
    mapped(newStringIds, readU32(before, 8 * i + 4)),
  ]);
  const unchanged =
    after !== undefined &&
    after.length === before.length &&
    moved.every(([a, b], i) => a === readU32(after, 8 * i) && b === readU32(after, 8 * i + 4));
  if (coder.flag(CONTEXT.partUnchanged, unchanged)) {
    const out = new Uint8Array(before.length);
    moved.forEach(([a, b], i) => {
      writeU32(out, 8 * i, a);
      writeU32(out, 8 * i + 4, b);
    });
    return out;
  }
  const count =
    oldCount + coder.signed(CONTEXT.countChange, after === undefined ? 0 : after.length / 8 - oldCount);
  if (!(count >= 0 && count <= maxBytes / 8))
    throw deltaError('ERR_DELTA_CORRUPT', 'More function sources than the target can hold');
  let wanted: Int32Array | undefined;
  if (after !== undefined) {
    const index = new Map(moved.map(([a, b], i) => [`${a} ${b}`, i]));
    wanted = Int32Array.from(
      { length: count },
      (_, j) => index.get(`${readU32(after, 8 * j)} ${readU32(after, 8 * j + 4)}`) ?? -1,
    );
  }
  const sources = codeSequence(coder, SOURCES, count, oldCount, successorBelow(oldCount), wanted);
  const out = new Uint8Array(8 * count);
  for (let j = 0; j < count; j++) {
    const [a, b] =
      sources[j] >= 0
        ? moved[sources[j]]
        : [
            coder.number(CONTEXT.sourceFunction, after === undefined ? 0 : readU32(after, 8 * j)),
            coder.number(CONTEXT.sourceString, after === undefined ? 0 : readU32(after, 8 * j + 4)),
          ];
    writeU32(out, 8 * j, a);
    writeU32(out, 8 * j + 4, b);
  }
  return out;
}
