import { deltaError } from '../error.ts';
import { readU32, sameBytes } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { codeCopiedBytes, createCopyMap } from './copies.ts';
import { createLiteralCoder } from './literal-coder.ts';
import { type LiteralKind, type LiteralUse, remapLiterals, walkLiteral } from './literals.ts';
import { type HermesFile, sectionBytes, type SectionName } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { codeSequence, successorBelow } from './sequence.ts';
import type { StringModel } from './string-model.ts';
import type { LiteralSections } from './literal-model.ts';

/** The new literal sections, and where old literals and shapes went. */
export interface CodedLiterals extends LiteralSections {
  readonly maps: Readonly<Record<'v' | 'k' | 'o' | 'p', Int32Array>>;
}

const SECTIONS: readonly (readonly [LiteralKind, SectionName])[] = [
  ['v', 'literalValues'],
  ['k', 'objectKeys'],
  ['o', 'objectValues'],
];
const SHAPES = 3;
const MIN_COPY = 10;

/** Codes literal buffers and shapes. */
export function codeLiteralSections(
  coder: Coder,
  old: HermesFile,
  uses: Readonly<Record<LiteralKind, readonly LiteralUse[]>>,
  maxBytes: number,
  strings: StringModel,
  newStringIds: Int32Array,
  newModuleIds: Int32Array,
  plan?: HermesPlan,
): CodedLiterals {
  const buffers: Record<LiteralKind, Uint8Array> = {
    k: new Uint8Array(0),
    o: new Uint8Array(0),
    v: new Uint8Array(0),
  };
  const maps = { k: new Int32Array(0), o: new Int32Array(0), p: new Int32Array(0), v: new Int32Array(0) };
  SECTIONS.forEach(([kind, name], lane) => {
    if (old.sections[name] === undefined) return;
    coder.section('literal copies');
    const before = sectionBytes(old, name);
    const after = plan === undefined ? undefined : sectionBytes(plan.target, name);
    const remapped = remapLiterals(old.layout, before, uses[kind], newStringIds, newModuleIds);
    // A compiler that is given the last release keeps its buffer as it was and appends; then old bytes are the better dictionary.
    const appended =
      after !== undefined &&
      after.length >= before.length &&
      sameBytes(after.subarray(0, before.length), before) &&
      !sameBytes(remapped, before);
    const both = coder.flag(CONTEXT.literalVerbatim + lane, appended);
    const dictionary = both ? joined(remapped, before) : remapped;
    const coded = codeCopiedBytes(
      coder,
      1 + lane,
      dictionary,
      maxBytes,
      createLiteralCoder(coder, old.layout, kind, strings),
      after === undefined
        ? undefined
        : { bytes: after, copies: (plan as HermesPlan).findCopies(dictionary, after, MIN_COPY) },
    );
    buffers[kind] = coded.bytes;
    const toNew = createCopyMap(coded.copies);
    maps[kind] = new Int32Array(before.length + 1).fill(-1);
    for (const use of uses[kind]) {
      const [offset] = use;
      if (offset > before.length) continue;
      maps[kind][offset] = both
        ? placeOf(old, before, remapped, use, toNew)
        : toNew(offset, Math.min(2, before.length - offset));
    }
  });
  if (!old.layout.hasShapes) return { buffers, freshShapes: [], maps, shapes: new Uint32Array(0) };
  const { freshShapes, shapes, map } = codeShapes(coder, old, maxBytes, maps.k, plan?.target);
  return { buffers, freshShapes, maps: { ...maps, p: map }, shapes };
}

/** In the dictionary of both: literals that changed are in the first half, the others stayed in the second. */
function placeOf(
  old: HermesFile,
  before: Uint8Array,
  remapped: Uint8Array,
  [offset, items]: LiteralUse,
  toNew: (offset: number, length: number) => number,
): number {
  const end = walkLiteral(old.layout, before, offset, items);
  let changed = false;
  for (let at = offset; at < end && !changed; at++) changed = before[at] !== remapped[at];
  const place = changed ? toNew(offset, Math.min(2, before.length - offset)) : -1;
  return place >= 0 ? place : toNew(offset + remapped.length, Math.min(2, before.length - offset));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length + b.length);
  out.set(a);
  out.set(b, a.length);
  return out;
}

/** Shapes: where the keys of an object literal begin, and how many there are. */
function codeShapes(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  keyMap: Int32Array,
  target?: HermesFile,
): { readonly shapes: Uint32Array; readonly freshShapes: readonly number[]; readonly map: Int32Array } {
  coder.section('shapes');
  const before = pairs(sectionBytes(old, 'shapes'));
  const after = target === undefined ? undefined : pairs(sectionBytes(target, 'shapes'));
  const oldCount = before.length / 2;
  const count =
    oldCount + coder.signed(CONTEXT.countChange, after === undefined ? 0 : after.length / 2 - oldCount);
  if (!(count >= 0 && count <= maxBytes / 8))
    throw deltaError('ERR_DELTA_CORRUPT', 'More shapes than the target can hold');
  let wanted: Int32Array | undefined;
  if (after !== undefined) {
    const index = new Map<number, number>();
    for (let i = 0; i < oldCount; i++) {
      const place = keyMap[before[2 * i]];
      if (place >= 0) index.set(place * 65536 + before[2 * i + 1], i);
    }
    wanted = new Int32Array(count);
    for (let j = 0; j < count; j++) wanted[j] = index.get(after[2 * j] * 65536 + after[2 * j + 1]) ?? -1;
  }
  const sources = codeSequence(coder, SHAPES, count, oldCount, successorBelow(oldCount), wanted);
  const shapes = new Uint32Array(2 * count);
  const map = new Int32Array(oldCount).fill(-1);
  const freshShapes: number[] = [];
  let last = 0;
  for (let j = 0; j < count; j++) {
    const i = sources[j];
    if (i >= 0) {
      shapes[2 * j] = Math.max(keyMap[before[2 * i]] ?? 0, 0);
      shapes[2 * j + 1] = before[2 * i + 1];
      if (map[i] < 0) map[i] = j;
    } else {
      freshShapes.push(j);
      shapes[2 * j] = last + coder.signed(CONTEXT.shapeOffset, after === undefined ? 0 : after[2 * j] - last);
      shapes[2 * j + 1] = coder.number(CONTEXT.shapeKeys, after === undefined ? 0 : after[2 * j + 1]);
    }
    last = shapes[2 * j];
  }
  return { freshShapes, map, shapes };
}

function pairs(bytes: Uint8Array): Uint32Array {
  const words = new Uint32Array(bytes.length >> 2);
  for (let i = 0; i < words.length; i++) words[i] = readU32(bytes, 4 * i);
  return words;
}
