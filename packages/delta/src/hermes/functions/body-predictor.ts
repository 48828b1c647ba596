import { align4, readU32, writeU32 } from '../entropy/bits.ts';
import { FLAGS, GLOBAL_CODE, HAS_EXCEPTIONS, OFFSET, SIZE } from '../file/bytecode-layout.ts';
import { isIdentity, mapped, type MappedKind, type ReferenceMaps } from './reference-maps.ts';
import {
  type AssembledCode,
  type FunctionCode,
  type Instruction,
  readFunctionInfo,
  readInstruction,
  switchSize,
  takeApart,
} from '../instructions/function-code.ts';
import { operandFits, readOperand, writeOperand } from '../instructions/operands.ts';
import { LOADS_INTEGER, type OpcodeTable } from '../instructions/opcode-table.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import type { Work } from '../work.ts';

/** What old functions become when nothing but the numbers of things has changed. */
export interface BodyPredictor {
  /** Body of the old function, references mapped; undefined where that takes putting it together from {@link BodyPredictor.takeApart}. */
  predict(index: number): AssembledCode | undefined;
  /** The same, taken apart. */
  takeApart(index: number): Work<FunctionCode>;
}

const NONE = /* @__PURE__ */ new Uint8Array(0);

/** The predictor for `old` under `maps`. */
export function createBodyPredictor(old: HermesFile, table: OpcodeTable, maps: ReferenceMaps): BodyPredictor {
  const { bytes, functions } = old;
  const flags = functions.fields[FLAGS];
  const offset = functions.fields[OFFSET];
  const moduleFunction = old.header[GLOBAL_CODE];
  const modulesKept = isIdentity(maps.modules);
  const moved = Array.from('sfvkopx')
    .filter((kind) => !isIdentity(maps[kind as MappedKind]))
    .join('');
  const mapsOf = table.references.map((refs, op) => refs.map((i) => maps[table.kinds[op][i] as MappedKind]));
  // How far it is from an opcode to the next; 0 for those that have to be looked at: references to what moved, tables, no opcodes.
  const passes = table.size.map((size, op) =>
    (table.kinds[op] ?? 't').includes('t') ||
    table.references[op].some((i) => moved.includes(table.kinds[op][i]))
      ? 0
      : size,
  );

  const instructionAt = (at: number, moduleIds: boolean): Instruction => {
    const instruction = readInstruction(table, bytes, at);
    const { op, values } = instruction;
    table.references[op].forEach((i, r) => {
      values[i] = mapped(mapsOf[op][r], values[i]);
    });
    if (moduleIds && (table.traits[op] & LOADS_INTEGER) > 0) values[1] = mapped(maps.modules, values[1]);
    // The narrowest opcode of the family whose operands hold the values.
    instruction.op =
      table.families[op].find((other) =>
        table.references[other].every((i) => operandFits(table.widths[other][i], values[i])),
      ) ?? op;
    return instruction;
  };

  /** Changes the references of an instruction; false when another opcode is needed for that. */
  const change = (out: Uint8Array, at: number, op: number): boolean => {
    const refs = table.references[op];
    const family = table.families[op];
    for (let r = 0; r < refs.length; r++) {
      const i = refs[r];
      const width = table.widths[op][i];
      const place = at + table.offsets[op][i];
      const before = readOperand(out, place, width);
      const after = mapsOf[op][r][before];
      if (!(after >= 0) || after === before) continue;
      // Mostly it is as wide as before.
      const sameWidth = before < 256 === after < 256 && before < 65536 === after < 65536;
      for (let k = sameWidth ? family.length : 0; k < family.length; k++) {
        const other = table.widths[family[k]][i];
        if (operandFits(other, before) !== operandFits(other, after)) return false;
      }
      writeOperand(out, place, width, after);
    }
    return true;
  };

  /**
   * Changes the code of a function in place. Gives the jump tables that belong behind it; undefined when an instruction becomes wider or
   * narrower. Places of operands that count string switches go to `stringSwitches`.
   */
  const patch = (index: number, code: Uint8Array, stringSwitches: number[]): Uint8Array | undefined => {
    const stop = code.length;
    const keys: number[] = [];
    let size = 0;
    for (let at = 0; at < stop;) {
      const op = code[at];
      if (passes[op] > 0) {
        at += passes[op];
        continue;
      }
      if (!(table.size[op] > 0) || !change(code, at, op)) return undefined;
      const operand = table.kinds[op].indexOf('t');
      if (operand >= 0) {
        const { values } = readInstruction(table, code, at);
        const counted = table.kinds[op].indexOf('q');
        // Tables lie behind the code at the next multiple of four, before and after.
        const start = at + values[operand] - stop;
        const end = start + (counted < 0 ? 4 : 8) * switchSize(counted >= 0, values);
        if (!(start >= 0 && end >= start)) return undefined;
        size = Math.max(size, end);
        if (counted >= 0) {
          stringSwitches.push(at + table.offsets[op][counted]);
          keys.push(start, end);
        }
      }
      at += table.size[op];
    }
    if (size === 0) return NONE;
    const behind = align4(offset[index] + stop);
    if (behind + size > bytes.length) return undefined;
    const tables = bytes.slice(behind, behind + size);
    for (let k = 0; k < keys.length; k += 2)
      for (let at = keys[k]; at < keys[k + 1]; at += 8)
        writeU32(tables, at, mapped(maps.s, readU32(tables, at)));
    return tables;
  };

  return {
    predict: (index) => {
      const code = bytes.slice(offset[index], offset[index] + functions.fields[SIZE][index]);
      const stringSwitches: number[] = [];
      const tables =
        index === moduleFunction && !modulesKept ? undefined : patch(index, code, stringSwitches);
      if (tables === undefined) return undefined;
      const exceptions = (flags[index] & HAS_EXCEPTIONS) === 0 ? [] : readFunctionInfo(old, index).exceptions;
      return { code, exceptions, stringSwitches, tables };
    },
    takeApart: (index) =>
      takeApart(
        old,
        table,
        index,
        (at) => instructionAt(at, index === moduleFunction),
        (id) => mapped(maps.s, id),
      ),
  };
}
