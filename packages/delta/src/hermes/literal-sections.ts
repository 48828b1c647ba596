import { mustHold } from '../error.ts';
import { readU32 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { codeCopiedBytes, type Copies } from './copies.ts';
import { createLiteralCoder } from './literal-coder.ts';
import { findLiteralUses, type LiteralKind, type LiteralUse, remapLiterals } from './literals.ts';
import { isIdentity, mapped } from './reference-maps.ts';
import { type HermesFile } from './parse-hermes.ts';
import type { OpcodeTable } from './opcode-table.ts';
import type { HermesPlan } from './plan.ts';
import { codeSequence } from './sequence.ts';
import type { StringModel } from './string-model.ts';
import type { LiteralSections } from './literal-model.ts';

/** The new literal sections, and where old literals and shapes went. */
export interface CodedLiterals extends LiteralSections {
  readonly maps: Record<'v' | 'k' | 'o' | 'p', Int32Array>;
}

/** Sections of literals by the letter of operands that refer to them, in the order of their lanes. */
export const LITERAL_SECTIONS = { v: 'literalValues', k: 'objectKeys', o: 'objectValues' } as const;
const SHAPES = 3;

/** Codes literal buffers and shapes. `moduleLists`: literals whose integers are Metro's module ids. */
export function codeLiteralSections(
  coder: Coder,
  old: HermesFile,
  table: OpcodeTable,
  moduleLists: readonly LiteralUse[],
  maxBytes: number,
  strings: StringModel,
  newStringIds: Int32Array,
  newModuleIds: Int32Array,
  plan?: HermesPlan,
): CodedLiterals {
  const { hasShapes, literalSizes } = old.layout;
  const none = new Int32Array(0);
  const buffers = {} as Record<LiteralKind, Uint8Array>;
  const freshBytes = {} as Record<LiteralKind, readonly number[]>;
  const maps: Record<'v' | 'k' | 'o' | 'p', Int32Array> = { k: none, o: none, p: none, v: none };
  const stringsMoved = !isIdentity(newStringIds);
  const uses = stringsMoved ? findLiteralUses(old, table) : undefined;
  const renumbered = stringsMoved || !isIdentity(newModuleIds);
  (['v', 'k', 'o'] as const).forEach((kind, lane) => {
    const name = LITERAL_SECTIONS[kind];
    const before = old.sections[name];
    buffers[kind] = before;
    const fresh: number[] = [];
    freshBytes[kind] = fresh;
    if (kind === 'o' && hasShapes) return;
    const lists = kind === 'v' ? moduleLists : [];
    const remapped = renumbered
      ? remapLiterals(literalSizes, before, uses?.[kind], newStringIds, lists, newModuleIds)
      : before;
    plan?.literals(name, before, remapped);
    // A compiler that is given the last release keeps its buffer as it was and appends; then old bytes are the better dictionary.
    const both = renumbered && coder.flag(CONTEXT.literalVerbatim + lane);
    const dictionary = both ? joined(remapped, before) : remapped;
    const region = createLiteralCoder(coder, literalSizes, kind, strings);
    const { bytes, copies } = codeCopiedBytes(coder, 1 + lane, dictionary, maxBytes, (out, from, to) => {
      fresh.push(from, to);
      region(out, from, to);
    });
    buffers[kind] = bytes;
    if (copies.length === 3 && copies[0] === copies[1] && copies[2] === before.length) return;
    maps[kind] = mapBytes(copies, before, both ? lists : undefined);
  });
  const shapes = hasShapes
    ? codeShapes(coder, old, maxBytes, maps.k, plan)
    : { freshShapes: [], map: none, shapes: new Uint32Array(0) };
  return {
    buffers,
    freshBytes,
    freshShapes: shapes.freshShapes,
    maps: { ...maps, p: shapes.map },
    shapes: shapes.shapes,
  };
}

/**
 * Where each old byte went, or -1. `lists`, for a dictionary of both: literals that may have changed are in the first half then, the
 * others stayed in the second.
 */
function mapBytes(copies: Copies, before: Uint8Array, lists: readonly LiteralUse[] | undefined): Int32Array {
  const map = new Int32Array(before.length).fill(-1);
  const isFirst = new Uint8Array(before.length).fill(lists === undefined ? 1 : 0);
  for (const [offset] of lists ?? []) isFirst[offset] = 1;
  // The longest copy of a byte counts. Its last one is left out: a literal has a tag and more.
  const order = Array.from({ length: copies.length / 3 }, (_, i) => 3 * i).sort(
    (a, b) => copies[a + 2] - copies[b + 2],
  );
  for (const i of order) {
    const [to, from, size] = copies.subarray(i, i + 3);
    const half = from < before.length ? 0 : before.length;
    for (let k = 0; k < size - 1; k++) {
      const at = from + k - half;
      if (at < before.length && (map[at] < 0 || isFirst[at] === Number(half === 0))) map[at] = to + k;
    }
  }
  return map;
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
  const before = words(old.sections.shapes);
  const oldCount = before.length / 2;
  plan?.shapes(before, keyMap);
  const count = coder.near(CONTEXT.countChange, oldCount);
  mustHold(count >= 0 && count <= maxBytes / 8);
  const shapes = new Uint32Array(2 * count);
  const map = new Int32Array(oldCount).fill(-1);
  const freshShapes: number[] = [];
  let last = 0;
  codeSequence(coder, SHAPES, count, oldCount).forEach((i, j) => {
    if (i >= 0) {
      shapes[2 * j] = mapped(keyMap, before[2 * i]);
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
