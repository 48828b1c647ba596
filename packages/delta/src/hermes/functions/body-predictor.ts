import { align4 } from '../entropy/bits.ts';
import { FLAGS, GLOBAL_CODE, HAS_EXCEPTIONS, OFFSET, SIZE } from '../file/bytecode-layout.ts';
import { isIdentity, mapped, type MappedKind, type ReferenceMaps } from './reference-maps.ts';
import {
  type AssembledCode,
  assemble,
  type FunctionCode,
  type Instruction,
  readFunctionInfo,
  readInstruction,
  takeApart,
} from '../instructions/function-code.ts';
import { operandFits, readOperand, writeOperand } from '../instructions/operands.ts';
import { LOADS_INTEGER, type OpcodeTable } from '../instructions/opcode-table.ts';
import type { HermesFile } from '../file/parse-hermes.ts';

/** What old functions become when nothing but the numbers of things has changed. */
export interface BodyPredictor {
  /** Body of the old function, references mapped. */
  predict(index: number): AssembledCode;
  /** The same, taken apart. */
  takeApart(index: number): FunctionCode;
}

const NONE = /* @__PURE__ */ new Uint8Array(0);

/** The predictor for `old` under `maps`. `switchesKept`: string switches keep their numbers. */
export function createBodyPredictor(
  old: HermesFile,
  table: OpcodeTable,
  maps: ReferenceMaps,
  switchesKept: boolean,
): BodyPredictor {
  const { bytes, functions } = old;
  const flags = functions.fields[FLAGS];
  const offset = functions.fields[OFFSET];
  const size = functions.fields[SIZE];
  const moduleFunction = old.header[GLOBAL_CODE];
  const modulesKept = isIdentity(maps.modules);
  const moved = Array.from('sfvkopx')
    .filter((kind) => !isIdentity(maps[kind as MappedKind]))
    .join('');
  const untouched = switchesKept && moved === '';
  const followers = untouched ? bodyFollowers(offset) : new Map<number, number>();
  const mapsOf = table.references.map((refs, op) => refs.map((i) => maps[table.kinds[op][i] as MappedKind]));
  // Opcodes that have to be looked at: references to what moved, tables (they hold string ids, and string switches are counted), no opcodes.
  const needsCare = Uint8Array.from(table.kinds, (kinds) => (kinds.includes('t') ? 1 : 0));
  const passes = Uint8Array.from({ length: 256 }, (_, op) =>
    table.size[op] > 0 &&
    needsCare[op] === 0 &&
    !table.references[op].some((i) => moved.includes(table.kinds[op][i]))
      ? table.size[op]
      : 0,
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

  /** Copies and patches in place; undefined when a width changes or a table has to be made. */
  const patched = (index: number): Uint8Array | undefined => {
    const start = offset[index];
    const end = start + size[index];
    if (index === moduleFunction && !modulesKept) return undefined;
    if (untouched) return start === end || followers.has(start) ? bytes.subarray(start, end) : undefined;
    const code = bytes.slice(start, end);
    const stop = code.length;
    for (let at = 0; at < stop;) {
      const op = code[at];
      if (passes[op] > 0) {
        at += passes[op];
        continue;
      }
      const length = table.size[op];
      if (length === 0 || needsCare[op] !== 0) return undefined;
      const refs = table.references[op];
      for (let r = 0; r < refs.length; r++) {
        const i = refs[r];
        const width = table.widths[op][i];
        const place = at + table.offsets[op][i];
        const before = readOperand(code, place, width);
        const after = mapsOf[op][r][before];
        if (!(after >= 0) || after === before) continue;
        for (const other of table.families[op]) {
          const otherWidth = table.widths[other][i];
          if (operandFits(otherWidth, before) !== operandFits(otherWidth, after)) return undefined;
        }
        writeOperand(code, place, width, after);
      }
      at += length;
    }
    return code;
  };

  const takeApartAt = (index: number): FunctionCode =>
    takeApart(
      old,
      table,
      index,
      (at) => instructionAt(at, index === moduleFunction),
      (id) => mapped(maps.s, id),
    );

  return {
    predict: (index) => {
      const code = patched(index);
      if (code === undefined) return assemble(table, takeApartAt(index));
      const exceptions = (flags[index] & HAS_EXCEPTIONS) === 0 ? [] : readFunctionInfo(old, index).exceptions;
      // Untouched code may have tables behind it; they are untouched, too. An empty body begins where the next one does.
      const end = offset[index] + size[index];
      const next = untouched && size[index] > 0 ? (followers.get(offset[index]) as number) : end;
      return {
        code,
        exceptions,
        stringSwitches: [],
        tables: next > end ? bytes.subarray(align4(end), next) : NONE,
      };
    },
    takeApart: takeApartAt,
  };
}

/** For each body's start the start of the one behind it. */
function bodyFollowers(offset: Uint32Array): Map<number, number> {
  const starts = offset.slice().sort();
  const followers = new Map<number, number>();
  for (let i = 0; i + 1 < starts.length; i++)
    if (starts[i] !== starts[i + 1]) followers.set(starts[i], starts[i + 1]);
  return followers;
}
