import { readU16, readU32, writeU16, writeU32 } from '../entropy/bits.ts';
import { SHAPES } from '../file/bytecode-layout.ts';
import { type FunctionBody, functionBodies } from '../functions/function-bodies.ts';
import { readInstruction } from '../instructions/function-code.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import { mapped } from '../functions/reference-maps.ts';
import { inPieces, type Work } from '../work.ts';

/** Literal buffers by the letter that operands refer to them with. */
export type LiteralKind = 'v' | 'k' | 'o';

/** A literal: where it begins, and how many items it has. */
export type LiteralUse = readonly [offset: number, items: number];

/** Function bodies, and literals, between two yields. */
const BODIES = 512;
const SLICE = 512;

const [LONG_STRING, SHORT_STRING, BYTE_STRING, INTEGER] = [4, 5, 6, 7] as const;

/**
 * Goes through the items of a serialized literal (tag byte: bits 0 to 3 length, 4 to 6 type, bit 7: eight more bits of length);
 * `visit` gets type and place of each item. Gives the offset after the last.
 */
export function walkLiteral(
  sizes: readonly number[],
  buffer: Uint8Array,
  offset: number,
  items: number,
  visit?: (type: number, at: number) => void,
): number {
  let at = offset;
  let done = 0;
  while (done < items && at < buffer.length) {
    const tag = buffer[at++];
    const type = (tag >> 4) & 7;
    let length = tag & 15;
    if (tag > 127) length = (length << 8) | buffer[at++];
    if (length === 0) break;
    for (let i = 0; i < length && done < items; i++, done++) {
      if (at + sizes[type] <= buffer.length) visit?.(type, at);
      at += sizes[type];
    }
  }
  return Math.min(at, buffer.length);
}

/**
 * Items by offset of every literal that the code of `file` refers to. They cannot be read off the buffers: the compiler lays the end
 * of one over the beginning of another.
 */
export function* findLiteralUses(
  file: HermesFile,
  table: OpcodeTable,
): Work<Readonly<Record<LiteralKind, ReadonlyMap<number, number>>>> {
  const uses = { k: new Map<number, number>(), o: new Map<number, number>(), v: new Map<number, number>() };
  const { bytes, sections } = file;
  const { size } = table;
  const add = (kind: LiteralKind, offset: number, items: number): void => {
    uses[kind].set(offset, Math.max(items, uses[kind].get(offset) ?? 0));
  };
  const refers = Uint8Array.from(table.kinds, (kinds) => Number(/[vkop]/.test(kinds)));
  const readBody = ({ end, start }: FunctionBody): void => {
    for (let at = start; at < end;) {
      const op = bytes[at];
      if (refers[op] === 1) {
        const { values } = readInstruction(table, bytes, at);
        const kinds = table.kinds[op];
        const shape = 8 * values[kinds.indexOf('p')];
        let items = values[2];
        if (shape >= 0) {
          items = readU32(sections[SHAPES], shape + 4);
          add('k', readU32(sections[SHAPES], shape), items);
        }
        values.forEach((value, i) => {
          if ('vko'.includes(kinds[i])) add(kinds[i] as LiteralKind, value, items);
        });
      }
      if (!(size[op] > 0)) break;
      at += size[op];
    }
  };
  const bodies = functionBodies(file);
  yield* inPieces(bodies.length, BODIES, 0.12, (from, to) => bodies.slice(from, to).forEach(readBody));
  return uses;
}

/**
 * The old buffer as it would be if only ids had changed: a dictionary in which most of the new buffer is found. `moduleLists`: literals
 * whose integers are Metro's module ids.
 */
export function* remapLiterals(
  sizes: readonly number[],
  buffer: Uint8Array,
  uses: ReadonlyMap<number, number> | undefined,
  newStringIds: Int32Array,
  moduleLists: readonly LiteralUse[],
  newModuleIds: Int32Array,
): Work<Uint8Array> {
  const out = buffer.slice();
  let walked = 0;
  for (const [offset, items] of uses ?? []) {
    if (++walked % SLICE === 0) yield 0.13;
    walkLiteral(sizes, buffer, offset, items, (type, at) => {
      if (type === SHORT_STRING) writeU16(out, at, mapped(newStringIds, readU16(buffer, at)));
      else if (type === LONG_STRING) writeU32(out, at, mapped(newStringIds, readU32(buffer, at)));
      else if (type === BYTE_STRING && sizes[type] === 1) out[at] = mapped(newStringIds, buffer[at]);
    });
  }
  for (const [offset, items] of moduleLists)
    walkLiteral(sizes, buffer, offset, items, (type, at) => {
      if (type === INTEGER) writeU32(out, at, mapped(newModuleIds, readU32(buffer, at)));
    });
  return out;
}
