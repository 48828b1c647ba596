import { mustHold } from '../error.ts';
import { readU32, writeU32 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { codeCopiedBytes } from './copies.ts';
import { type HermesFile, type SectionName } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { mapped } from './reference-maps.ts';
import { codeSequence } from './sequence.ts';
import { createTextModel, textRegion } from './text-model.ts';

const REGEXPS = 4;
const SOURCES = 5;
const MIN_COPY = 12;

/** A byte section about whose inside nothing is known. `name`: `debugInfo` for what lies between bodies and footer. */
export function codePlainSection(
  coder: Coder,
  lane: number,
  name: SectionName,
  before: Uint8Array,
  maxBytes: number,
  plan?: HermesPlan,
): Uint8Array {
  plan?.copies(name, before, MIN_COPY);
  return codeCopiedBytes(coder, lane, before, maxBytes, textRegion(createTextModel(coder, before))).bytes;
}

/** Regular expressions: compiled bytes, and a table of their places. */
export function codeRegExps(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  plan?: HermesPlan,
): { readonly table: Uint8Array; readonly storage: Uint8Array; readonly newIds: Int32Array } {
  const before = old.sections.regExpTable;
  const oldStorage = old.sections.regExpStorage;
  const oldCount = before.length / 8;
  plan?.regExpsChange();
  if (coder.flag(CONTEXT.partUnchanged))
    return { newIds: Int32Array.from({ length: oldCount }, (_, i) => i), storage: oldStorage, table: before };
  const storage = codePlainSection(coder, 6, 'regExpStorage', oldStorage, maxBytes, plan);
  plan?.regExps();
  const count = coder.near(CONTEXT.countChange, oldCount);
  mustHold(count >= 0 && count <= maxBytes / 8);
  const newIds = new Int32Array(oldCount).fill(-1);
  const table = new Uint8Array(8 * count);
  let end = 0;
  codeSequence(coder, REGEXPS, count, oldCount).forEach((i, j) => {
    plan?.regExp(j, i < 0);
    const length = i >= 0 ? readU32(before, 8 * i + 4) : coder.number(CONTEXT.regExpLength);
    if (i >= 0) newIds[i] = j;
    const offset = coder.is(CONTEXT.regExpAdjacent, end) ? end : coder.number(CONTEXT.regExpOffset);
    writeU32(table, 8 * j, offset);
    writeU32(table, 8 * j + 4, length);
    end = offset + length;
  });
  return { newIds, storage, table };
}

/** Function sources: pairs of function and string, for functions whose text `toString` gives. */
export function codeFunctionSources(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  newFunctionIds: Int32Array,
  newStringIds: Int32Array,
  plan?: HermesPlan,
): Uint8Array {
  const moved = old.sections.functionSources.slice();
  for (let at = 0; at < moved.length; at += 8) {
    writeU32(moved, at, mapped(newFunctionIds, readU32(moved, at)));
    writeU32(moved, at + 4, mapped(newStringIds, readU32(moved, at + 4)));
  }
  plan?.functionSources(moved);
  if (coder.flag(CONTEXT.partUnchanged)) return moved;
  const oldCount = moved.length / 8;
  const count = coder.near(CONTEXT.countChange, oldCount);
  mustHold(count >= 0 && count <= maxBytes / 8);
  const out = new Uint8Array(8 * count);
  codeSequence(coder, SOURCES, count, oldCount).forEach((i, j) => {
    if (i >= 0) {
      out.set(moved.subarray(8 * i, 8 * i + 8), 8 * j);
      return;
    }
    plan?.functionSource(j);
    writeU32(out, 8 * j, coder.number(CONTEXT.sourceFunction));
    writeU32(out, 8 * j + 4, coder.number(CONTEXT.sourceString));
  });
  return out;
}
