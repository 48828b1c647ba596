import { readU32, writeU16, writeU32 } from '../entropy/bits.ts';
import { LITERAL_VALUES, OBJECT_KEYS, OBJECT_VALUES, OFFSET, SHAPES, SIZE } from '../file/bytecode-layout.ts';
import { readInstruction } from '../instructions/function-code.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import { isIdentity, mapped } from '../functions/reference-maps.ts';
import { each, type Work } from '../work.ts';

/** Literal buffers by the letter that operands refer to them with. */
export type LiteralKind = 'v' | 'k' | 'o';

/** Sections of literals by the letter of operands that refer to them, in the order of their lanes. */
export const SECTION_OF: Readonly<Record<LiteralKind, number>> = {
  v: LITERAL_VALUES,
  k: OBJECT_KEYS,
  o: OBJECT_VALUES,
};

/** A literal: where it begins, and how many items it has. */
export type LiteralUse = readonly [offset: number, items: number];

/** Functions between two yields. */
const SLICE = 128;

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
 * The old buffers as they would be if only ids had changed: dictionaries in which most of the new ones is found. Literals cannot be read off
 * the buffers, as the compiler lays the end of one over the beginning of another: they are those that the code refers to. `moduleLists`:
 * literals whose integers are Metro's module ids.
 */
export function* remapLiterals(
  { bytes, functions, layout, sections }: HermesFile,
  table: OpcodeTable,
  newStringIds: Int32Array,
  moduleLists: readonly LiteralUse[],
  newModuleIds: Int32Array,
): Work<Record<LiteralKind, Uint8Array>> {
  const sizes = layout.literalSizes;
  const out = {
    k: sections[OBJECT_KEYS].slice(),
    o: sections[OBJECT_VALUES].slice(),
    v: sections[LITERAL_VALUES].slice(),
  };
  const remap = (kind: LiteralKind, offset: number, items: number): void => {
    const from = sections[SECTION_OF[kind]];
    const to = out[kind];
    walkLiteral(sizes, from, offset, items, (type, at) => {
      if (type === SHORT_STRING) {
        // Most items are: nothing is called for them.
        const id = newStringIds[from[at] | (from[at + 1] << 8)];
        if (id >= 0) writeU16(to, at, id);
      } else if (type === LONG_STRING) writeU32(to, at, mapped(newStringIds, readU32(from, at)));
      else if (type === BYTE_STRING && sizes[type] === 1) to[at] = mapped(newStringIds, from[at]);
    });
  };
  const refers = Uint8Array.from(table.kinds, (kinds) => Number(/[vkop]/.test(kinds)));
  const visit = (op: number, at: number): void => {
    const { values } = readInstruction(table, bytes, at);
    const kinds = table.kinds[op];
    const shape = 8 * values[kinds.indexOf('p')];
    let items = values[2];
    if (shape >= 0) {
      items = readU32(sections[SHAPES], shape + 4);
      remap('k', readU32(sections[SHAPES], shape), items);
    }
    values.forEach((value, i) => {
      if ('vko'.includes(kinds[i])) remap(kinds[i] as LiteralKind, value, items);
    });
  };
  const { fields, owner } = functions;
  const count = isIdentity(newStringIds) ? 0 : functions.count;
  yield* each(
    count,
    (i) => {
      if (owner[i] !== i) return;
      for (let at = fields[OFFSET][i], end = at + fields[SIZE][i]; at < end;) {
        const op = bytes[at];
        if (refers[op] === 1) visit(op, at);
        if (!(table.size[op] > 0)) break;
        at += table.size[op];
      }
    },
    SLICE,
  );
  const values = sections[LITERAL_VALUES];
  for (const [offset, items] of moduleLists)
    walkLiteral(sizes, values, offset, items, (type, at) => {
      if (type === INTEGER) writeU32(out.v, at, mapped(newModuleIds, readU32(values, at)));
    });
  return out;
}
