import { align4, readU32, writeU32 } from '../entropy/bits.ts';
import { FLAGS, GLOBAL_CODE, HAS_EXCEPTIONS, OFFSET, SIZE } from '../file/bytecode-layout.ts';
import { isIdentity, mapped, type MappedKind, type ReferenceMaps } from './reference-maps.ts';
import type { WrittenBody } from '../instructions/assembler.ts';
import {
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
  /**
   * Writes the body of the old function into `out`, references mapped; undefined where that takes putting it together from
   * {@link BodyPredictor.takeApart}: then what was written has to be written over.
   *
   * @throws RangeError where it does not fit
   */
  predict(index: number, out: Uint8Array, at: number): WrittenBody | undefined;
  /** The same, taken apart. */
  takeApart(index: number): Work<FunctionCode>;
}

const NONE: readonly never[] = [];

/** The predictor for `old` under `maps`. */
export function createBodyPredictor(old: HermesFile, table: OpcodeTable, maps: ReferenceMaps): BodyPredictor {
  const { bytes, functions } = old;
  const flags = functions.fields[FLAGS];
  const offset = functions.fields[OFFSET];
  const moduleFunction = old.header[GLOBAL_CODE];
  const modulesKept = isIdentity(maps.modules);
  const moved = [...'sfvkopx'].filter((kind) => !isIdentity(maps[kind as MappedKind])).join('');
  const mapsOf = table.references.map((refs, op) => refs.map((i) => maps[table.kinds[op][i] as MappedKind]));
  const tableAt = table.kinds.map((kinds) => kinds.indexOf('t'));
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
    const maps = mapsOf[op];
    for (let r = 0; r < refs.length; r++) {
      const i = refs[r];
      const width = table.widths[op][i];
      const place = at + table.offsets[op][i];
      const before = readOperand(out, place, width);
      const after = maps[r][before];
      if (!(after >= 0) || after === before) continue;
      // Mostly it is as wide as before.
      if (before < 256 !== after < 256 || before < 65536 !== after < 65536) {
        for (const other of table.families[op])
          if (operandFits(table.widths[other][i], before) !== operandFits(table.widths[other][i], after))
            return false;
      }
      writeOperand(out, place, width, after);
    }
    return true;
  };

  /** Changes the references of a body that was copied to `at`, and brings its jump tables; undefined when an instruction becomes wider or narrower. */
  const patch = (index: number, out: Uint8Array, at: number): WrittenBody | undefined => {
    const size = functions.fields[SIZE][index];
    const stop = at + size;
    const stringSwitches: number[] = [];
    const keys: number[] = [];
    let tableBytes = 0;
    while (at < stop) {
      const op = out[at];
      if (passes[op] > 0) {
        at += passes[op];
        continue;
      }
      if (!(table.size[op] > 0) || !change(out, at, op)) return undefined;
      const operand = tableAt[op];
      if (operand >= 0) {
        const { values } = readInstruction(table, out, at);
        const counted = table.kinds[op].indexOf('q');
        // Tables lie behind the code at the next multiple of four, before and after.
        const start = at + values[operand] - stop;
        const end = start + (counted < 0 ? 4 : 8) * switchSize(counted >= 0, values);
        if (!(start >= 0 && end >= start)) return undefined;
        tableBytes = Math.max(tableBytes, end);
        if (counted >= 0) {
          stringSwitches.push(at + table.offsets[op][counted]);
          keys.push(start, end);
        }
      }
      at += table.size[op];
    }
    if (tableBytes > 0) {
      const behind = align4(offset[index] + size);
      const to = align4(stop);
      if (behind + tableBytes > bytes.length) return undefined;
      out.set(bytes.subarray(behind, behind + tableBytes), to);
      for (let k = 0; k < keys.length; k += 2)
        for (let place = to + keys[k]; place < to + keys[k + 1]; place += 8)
          writeU32(out, place, mapped(maps.s, readU32(out, place)));
    }
    const exceptions = (flags[index] & HAS_EXCEPTIONS) === 0 ? NONE : readFunctionInfo(old, index).exceptions;
    return { exceptions, size, stringSwitches, tableBytes };
  };

  return {
    predict: (index, out, at) => {
      if (index === moduleFunction && !modulesKept) return undefined;
      out.set(bytes.subarray(offset[index], offset[index] + functions.fields[SIZE][index]), at);
      return patch(index, out, at);
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
