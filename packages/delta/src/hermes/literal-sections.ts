import { mustHold } from '../error.ts';
import { readU32 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { codeCopiedBytes, createCopyMap } from './copies.ts';
import { createLiteralCoder } from './literal-coder.ts';
import { type LiteralKind, type LiteralUse, remapLiterals, walkLiteral } from './literals.ts';
import { type HermesFile, sectionBytes } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { codeSequence } from './sequence.ts';
import type { StringModel } from './string-model.ts';
import type { LiteralSections } from './literal-model.ts';

/** The new literal sections, and where old literals and shapes went. */
export interface CodedLiterals extends LiteralSections {
  readonly maps: Readonly<Record<'v' | 'k' | 'o' | 'p', Int32Array>>;
}

/** Sections of literals by the letter of operands that refer to them, in the order of their lanes. */
export const LITERAL_SECTIONS = { v: 'literalValues', k: 'objectKeys', o: 'objectValues' } as const;
const SHAPES = 3;

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
  const { layout } = old;
  const none = new Int32Array(0);
  const buffers = {} as Record<LiteralKind, Uint8Array>;
  const maps = { k: none, o: none, p: none, v: none };
  (['v', 'k', 'o'] as const).forEach((kind, lane) => {
    const name = LITERAL_SECTIONS[kind];
    const before = sectionBytes(old, name);
    buffers[kind] = before;
    if (old.sections[name] === undefined) return;
    const remapped = remapLiterals(layout, before, uses[kind], newStringIds, newModuleIds);
    plan?.literals(name, before, remapped);
    // A compiler that is given the last release keeps its buffer as it was and appends; then old bytes are the better dictionary.
    const both = coder.flag(CONTEXT.literalVerbatim + lane);
    const dictionary = both ? joined(remapped, before) : remapped;
    const region = createLiteralCoder(coder, layout.literalSizes, kind, strings);
    const coded = codeCopiedBytes(coder, 1 + lane, dictionary, maxBytes, region);
    buffers[kind] = coded.bytes;
    const map = createCopyMap(coded.copies);
    const toNew = (offset: number, from: number): number => map(from, Math.min(2, before.length - offset));
    maps[kind] = new Int32Array(before.length + 1).fill(-1);
    for (const [offset, items] of uses[kind]) {
      if (offset > before.length) continue;
      let place = -1;
      // In the dictionary of both: literals that changed are in the first half, the others stayed in the second.
      if (!both || changes(walkLiteral(layout, before, offset, items), offset, before, remapped))
        place = toNew(offset, offset);
      if (both && place < 0) place = toNew(offset, offset + remapped.length);
      maps[kind][offset] = place;
    }
  });
  if (!layout.hasShapes) return { buffers, freshShapes: [], maps, shapes: new Uint32Array(0) };
  const { freshShapes, map, shapes } = codeShapes(coder, old, maxBytes, maps.k, plan);
  return { buffers, freshShapes, maps: { ...maps, p: map }, shapes };
}

function changes(end: number, start: number, before: Uint8Array, after: Uint8Array): boolean {
  for (let at = start; at < end; at++) if (before[at] !== after[at]) return true;
  return false;
}

/** One after the other. */
export function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
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
  plan?: HermesPlan,
): { readonly shapes: Uint32Array; readonly freshShapes: readonly number[]; readonly map: Int32Array } {
  const before = words(sectionBytes(old, 'shapes'));
  const oldCount = before.length / 2;
  plan?.shapes(before, keyMap);
  const count = coder.near(CONTEXT.countChange, oldCount);
  mustHold(count >= 0 && count <= maxBytes / 8, 'shapes');
  const shapes = new Uint32Array(2 * count);
  const map = new Int32Array(oldCount).fill(-1);
  const freshShapes: number[] = [];
  let last = 0;
  codeSequence(coder, SHAPES, count, oldCount).forEach((i, j) => {
    if (i >= 0) {
      shapes[2 * j] = Math.max(keyMap[before[2 * i]] ?? 0, 0);
      shapes[2 * j + 1] = before[2 * i + 1];
      if (map[i] < 0) map[i] = j;
    } else {
      freshShapes.push(j);
      plan?.shape(j);
      shapes[2 * j] = coder.near(CONTEXT.shapeOffset, last);
      shapes[2 * j + 1] = coder.number(CONTEXT.shapeKeys);
    }
    last = shapes[2 * j];
  });
  return { freshShapes, map, shapes };
}

/** A section of 32-bit words. */
export function words(bytes: Uint8Array): Uint32Array {
  return Uint32Array.from({ length: bytes.length >> 2 }, (_, i) => readU32(bytes, 4 * i));
}
