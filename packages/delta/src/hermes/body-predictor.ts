import { align4 } from './bits.ts';
import { isIdentity, mapped, type MappedKind, type ReferenceMaps } from './reference-maps.ts';
import {
  type AssembledCode,
  assemble,
  type FunctionCode,
  type Instruction,
  readFunctionInfo,
  readInstruction,
  takeApart,
} from './function-code.ts';
import { operandFits, readOperand, writeOperand } from './operands.ts';
import { operandKind, type OpcodeTable } from './opcode-table.ts';
import { type HermesFile } from './parse-hermes.ts';

/** What old functions become when nothing but the numbers of things has changed. */
export interface BodyPredictor {
  /** Body of the old function, references mapped. */
  predict(index: number): AssembledCode;
  /** The same, taken apart. */
  takeApart(index: number): FunctionCode;
  /** One old instruction, references mapped, with the opcode of the right width. */
  instructionAt(at: number, moduleIds: boolean): Instruction;
}

const NONE = new Uint8Array(0);

/** The predictor for `old` under `maps`. `switchesKept`: string switches keep their numbers. */
export function createBodyPredictor(
  old: HermesFile,
  table: OpcodeTable,
  maps: ReferenceMaps,
  switchesKept: boolean,
): BodyPredictor {
  const { bytes, functions } = old;
  const { offset, size } = functions.fields;
  const moduleFunction = old.header.globalCodeIndex;
  const identity = (['s', 'f', 'v', 'k', 'o', 'p', 'x'] as const).every((kind) => isIdentity(maps[kind]));
  const modulesKept = isIdentity(maps.modules);
  const untouched = identity && switchesKept;
  const followers = untouched ? bodyFollowers(old) : new Map<number, number>();
  const mapOf: (readonly Int32Array[] | undefined)[] = [];
  const needsCare = new Uint8Array(256);
  for (let op = 0; op < table.count; op++) {
    const letters = table.operands[op];
    if (table.references[op].length > 0) {
      mapOf[op] = table.references[op].map((i) => maps[operandKind(letters.charAt(i)) as MappedKind]);
    }
    // Tables hold string ids, and string switches are counted.
    if (letters.includes('t')) needsCare[op] = letters.includes('q') ? 2 : 1;
  }

  const instructionAt = (at: number, moduleIds: boolean): Instruction => {
    const instruction = readInstruction(table, bytes, at);
    const { values } = instruction;
    const letters = table.operands[instruction.op];
    const refs = table.references[instruction.op];
    const targets = mapOf[instruction.op];
    for (let r = 0; r < refs.length; r++)
      values[refs[r]] = mapped((targets as readonly Int32Array[])[r], values[refs[r]]);
    if (moduleIds && table.loadsInteger[instruction.op] === 1) values[1] = mapped(maps.modules, values[1]);
    for (let i = 0; i < letters.length; i++) {
      if (letters.charAt(i) === 'q')
        values[i] = readOperand(bytes, at + table.offsets[instruction.op][i], 'q');
    }
    const family = table.families[instruction.op];
    if (family.length > 1) instruction.op = narrowest(table, family, values) ?? instruction.op;
    return instruction;
  };

  /** Copies and patches in place; undefined when a width changes or a table has to be made. */
  const patched = (index: number): Uint8Array | undefined => {
    const start = offset[index];
    const end = start + size[index];
    if (index === moduleFunction && !modulesKept) return undefined;
    if (untouched) return start === end || followers.has(start) ? bytes.subarray(start, end) : undefined;
    const code = bytes.slice(start, end);
    for (let at = 0; at < code.length;) {
      const op = code[at];
      const length = table.size[op];
      if (length === 0 || needsCare[op] !== 0) return undefined;
      const targets = mapOf[op];
      if (targets !== undefined) {
        const refs = table.references[op];
        for (let r = 0; r < refs.length; r++) {
          const letter = table.operands[op].charAt(refs[r]);
          const place = at + table.offsets[op][refs[r]];
          const before = readOperand(code, place, letter);
          const after = targets[r][before];
          if (!(after >= 0) || after === before) continue;
          if (table.families[op].length > 1 && changesWidth(table, op, refs[r], before, after))
            return undefined;
          writeOperand(code, place, letter, after);
        }
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
    instructionAt,
    predict: (index) => {
      const code = patched(index);
      if (code === undefined) return assemble(table, takeApartAt(index));
      const { exceptions } = readFunctionInfo(old, index);
      // Untouched code may have tables behind it; they are untouched, too.
      // An empty body begins where the next one does.
      if (!untouched || size[index] === 0) return { code, exceptions, stringSwitches: [], tables: NONE };
      const end = offset[index] + size[index];
      const next = followers.get(offset[index]) as number;
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

/** The narrowest opcode of a family whose operands hold the values. */
export function narrowest(
  table: OpcodeTable,
  family: readonly number[],
  values: readonly number[],
): number | undefined {
  return family.find((op) => {
    const letters = table.operands[op];
    for (const i of table.references[op]) if (!operandFits(letters.charAt(i), values[i])) return false;
    return true;
  });
}

function changesWidth(
  table: OpcodeTable,
  op: number,
  operand: number,
  before: number,
  after: number,
): boolean {
  for (const other of table.families[op]) {
    const letter = table.operands[other].charAt(operand);
    if (operandFits(letter, before) !== operandFits(letter, after)) return true;
  }
  return false;
}

/** For each body's start the start of the one behind it. */
function bodyFollowers({ functions }: HermesFile): Map<number, number> {
  const starts = functions.fields.offset.slice().sort();
  const followers = new Map<number, number>();
  for (let i = 0; i + 1 < starts.length; i++)
    if (starts[i] !== starts[i + 1]) followers.set(starts[i], starts[i + 1]);
  return followers;
}
