import { readI32, readU16, writeU16, writeU32 } from './bits.ts';
import type { BytecodeLayout } from './bytecode-layout.ts';
import { functionBodies } from './function-bodies.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { type HermesFile, sectionBytes } from './parse-hermes.ts';
import { readOperand } from './operands.ts';

/** Literal buffers by the letter that operands refer to them with. */
export type LiteralKind = 'v' | 'k' | 'o';

/** A literal that code refers to: where it begins, how many items it has, and whether its integers are module ids. */
export type LiteralUse = readonly [offset: number, items: number, moduleIds: boolean];

const [LONG_STRING, SHORT_STRING, BYTE_STRING, INTEGER] = [4, 5, 6, 7] as const;

/**
 * Goes through the items of a serialized literal (tag byte: bits 0 to 3 length, 4 to 6 type, bit 7: eight more bits of length);
 * `visit` gets type and place of each item. Gives the offset after the last.
 */
export function walkLiteral(
  { literalSizes }: BytecodeLayout,
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
    if ((tag & 128) !== 0) length = (length << 8) | (buffer[at++] ?? 0);
    if (length === 0) break;
    const size = literalSizes[type];
    for (let i = 0; i < length && done < items; i++, done++) {
      if (visit !== undefined && at + size <= buffer.length) visit(type, at);
      at += size;
    }
  }
  return Math.min(at, buffer.length);
}

/** Every literal that the code of `file` refers to, once. The global function's arrays hold Metro's module ids. */
export function findLiteralUses(
  file: HermesFile,
  table: OpcodeTable,
): Readonly<Record<LiteralKind, readonly LiteralUse[]>> {
  const uses: Record<LiteralKind, LiteralUse[]> = { k: [], o: [], v: [] };
  const seen = new Set<number>();
  const shapes = sectionBytes(file, 'shapes');
  const add = (kind: LiteralKind, offset: number, items: number, moduleIds: boolean): void => {
    // Offsets and item counts are below 2^32 and 2^16; three kinds beside each other.
    const key = (offset * 65536 + (items & 65535)) * 4 + (kind === 'v' ? 0 : kind === 'k' ? 1 : 2);
    if (seen.has(key)) return;
    seen.add(key);
    uses[kind].push([offset, items, moduleIds]);
  };
  const isLiteral: number[] = [];
  for (let op = 0; op < table.count; op++) if (/[vVkKoOpP]/.test(table.operands[op])) isLiteral[op] = 1;
  const { bytes } = file;
  for (const { start, end, index } of functionBodies(file)) {
    for (let at = start; at < end;) {
      const op = bytes[at];
      const size = table.size[op];
      if (size === 0) break;
      if (isLiteral[op] === 1) {
        const letters = table.operands[op];
        let shape = -1;
        let value = -1;
        let key = -1;
        let object = -1;
        for (let i = 0; i < letters.length; i++) {
          const letter = letters.charAt(i).toLowerCase();
          const operand = readOperand(bytes, at + table.offsets[op][i], letters.charAt(i));
          if (letter === 'p') shape = operand;
          else if (letter === 'v') value = operand;
          else if (letter === 'k') key = operand;
          else if (letter === 'o') object = operand;
        }
        if (shape >= 0) {
          if (8 * shape + 8 <= shapes.length) {
            const items = readI32(shapes, 8 * shape + 4);
            add('k', readI32(shapes, 8 * shape), items, false);
            if (value >= 0) add('v', value, items, false);
          }
        } else {
          const items = readOperand(bytes, at + table.offsets[op][2], letters.charAt(2));
          if (object >= 0) {
            add('k', key, items, false);
            add('o', object, items, false);
          } else if (value >= 0) {
            add('v', value, items, index === file.header.globalCodeIndex);
          }
        }
      }
      at += size;
    }
  }
  return uses;
}

/** The old buffer as it would be if only ids had changed: a dictionary in which most of the new buffer is found. */
export function remapLiterals(
  layout: BytecodeLayout,
  buffer: Uint8Array,
  uses: readonly LiteralUse[],
  newStringIds: Int32Array,
  newModuleIds: Int32Array,
): Uint8Array {
  const out = buffer.slice();
  const map = (ids: Int32Array, id: number): number =>
    id >= 0 && id < ids.length && ids[id] >= 0 ? ids[id] : id;
  for (const [offset, items, moduleIds] of uses) {
    walkLiteral(layout, buffer, offset, items, (type, at) => {
      if (type === SHORT_STRING) writeU16(out, at, map(newStringIds, readU16(buffer, at)));
      else if (type === LONG_STRING) writeU32(out, at, map(newStringIds, readI32(buffer, at)));
      else if (type === BYTE_STRING && layout.literalSizes[type] === 1)
        out[at] = map(newStringIds, buffer[at]);
      else if (type === INTEGER && moduleIds) writeU32(out, at, map(newModuleIds, readI32(buffer, at)));
    });
  }
  return out;
}
