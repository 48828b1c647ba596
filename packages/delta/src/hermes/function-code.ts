import { deltaError } from '../error.ts';
import { align4, readI32, readU32, writeU32 } from './bits.ts';
import { HAS_EXCEPTIONS, HAS_DEBUG_INFO, IS_LARGE } from './bytecode-layout.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { readOperand, writeOperand } from './operands.ts';
import type { HermesFile } from './parse-hermes.ts';

/** One instruction, with jumps as instruction numbers. */
export interface Instruction {
  op: number;
  /** One per operand; jumps, switch tables and doubles hold 0. */
  readonly values: number[];
  /** Number of the instruction that it jumps to; -1 when it has no jump. */
  target: number;
  double?: Uint8Array;
  /** How each register was coded, for later predictions. */
  ranks?: number[];
}

/** A jump table after a body. */
export interface Switch {
  /** Number of the instruction that it belongs to. */
  readonly at: number;
  /** Pairs of string id and target, instead of targets. */
  readonly keyed: boolean;
  readonly targets: number[];
  readonly keys: number[];
}

/** A body taken apart. */
export interface FunctionCode {
  readonly instructions: Instruction[];
  readonly switches: Switch[];
  /** Start, end and handler, as instruction numbers. */
  readonly exceptions: number[][];
}

/** A body as bytes. */
export interface AssembledCode {
  readonly code: Uint8Array;
  /** Jump tables, behind the body at the next multiple of four. */
  readonly tables: Uint8Array;
  /** Places in `code` of operands that count the string switches of the file. */
  readonly stringSwitches: readonly number[];
  /** Start, end and handler, as byte offsets. */
  readonly exceptions: readonly (readonly number[])[];
}

/** What lies behind the large header of a function: exception handlers, as byte offsets; debug words. */
export interface FunctionInfo {
  readonly exceptions: readonly (readonly number[])[];
  readonly debug: readonly number[];
}

/** {@link FunctionInfo} of a function; empty where the header says there is none. */
export function readFunctionInfo({ bytes, functions, layout }: HermesFile, index: number): FunctionInfo {
  const flags = functions.fields.flags[index];
  const exceptions: number[][] = [];
  const debug: number[] = [];
  let at = functions.info[index];
  const words = (count: number): number[] =>
    Array.from({ length: count }, () => readU32(bytes, (at += 4) - 4));
  if (at > 0) {
    if (layout.hasShapes || (flags & IS_LARGE) !== 0) at += layout.largeSize;
    at = align4(at);
    if ((flags & HAS_EXCEPTIONS) !== 0) {
      const [count] = words(1);
      if (at + 12 * count > bytes.length) throw malformed(index);
      for (let i = 0; i < count; i++) exceptions.push(words(3));
    }
    if ((flags & HAS_DEBUG_INFO) !== 0) debug.push(...words(layout.debugWords));
  }
  return { debug, exceptions };
}

/** Instruction at `at`, operands as they are. */
export function readInstruction(table: OpcodeTable, bytes: Uint8Array, at: number): Instruction {
  const op = bytes[at];
  const letters = table.operands[op];
  const kinds = table.kinds[op];
  const offsets = table.offsets[op];
  const instruction: Instruction = { op, target: -1, values: [] };
  for (let i = 0; i < kinds.length; i++) {
    const place = at + offsets[i];
    if (kinds[i] === 'd') instruction.double = bytes.subarray(place, place + 8);
    instruction.values.push('djt'.includes(kinds[i]) ? 0 : readOperand(bytes, place, letters[i]));
  }
  return instruction;
}

/**
 * Takes the body of function `index` apart. `read` makes the instruction at an offset; `key` maps string ids of switches.
 *
 * @throws ERR_DELTA_FORMAT when the body is no sequence of instructions, or jumps between them
 */
export function takeApart(
  file: HermesFile,
  table: OpcodeTable,
  index: number,
  read: (at: number) => Instruction,
  key: (id: number) => number,
): FunctionCode {
  const { bytes, functions } = file;
  const start = functions.fields.offset[index];
  const end = start + functions.fields.size[index];
  const numbers = new Map<number, number>();
  const places: number[] = [];
  for (let at = start; at < end;) {
    numbers.set(at, places.length);
    places.push(at);
    const size = table.size[bytes[at]];
    at += size;
    if (size === 0 || at > end) throw malformed(index);
  }
  numbers.set(end, places.length);
  const numberOf = (at: number): number => {
    const number = numbers.get(at);
    if (number === undefined) throw malformed(index);
    return number;
  };
  const switches: Switch[] = [];
  const instructions = places.map((at, i) => {
    const op = bytes[at];
    const kinds = table.kinds[op];
    const operand = (n: number): number =>
      readOperand(bytes, at + table.offsets[op][n], table.operands[op][n]);
    const instruction = read(at);
    const jump = kinds.indexOf('j');
    if (jump >= 0) instruction.target = numberOf(at + operand(jump));
    const tableOperand = kinds.indexOf('t');
    if (tableOperand >= 0) {
      const keyed = kinds.includes('q');
      const count = switchSize(keyed, operand);
      const size = keyed ? 8 : 4;
      let place = align4(at + operand(tableOperand));
      if (!(place + size * count <= bytes.length)) throw malformed(index);
      const entry: Switch = { at: i, keyed, keys: [], targets: [] };
      for (let k = 0; k < count; k++, place += size) {
        if (keyed) entry.keys.push(key(readU32(bytes, place)));
        entry.targets.push(numberOf(at + readI32(bytes, place + size - 4)));
      }
      switches.push(entry);
    }
    return instruction;
  });
  const exceptions = readFunctionInfo(file, index).exceptions.map((entry) =>
    entry.map((offset) => numberOf(start + offset)),
  );
  return { exceptions, instructions, switches };
}

function malformed(index: number): Error {
  return deltaError('ERR_DELTA_FORMAT', `The bytecode of function ${index} is damaged`);
}

/** Entries of the jump table of a switch instruction: register, (index,) table, default, then count or smallest and largest. */
export function switchSize(keyed: boolean, operand: (number: number) => number): number {
  return keyed ? operand(4) : operand(4) - operand(3) + 1;
}

/** Puts a body together: jump distances, tables, handlers. */
export function assemble(
  table: OpcodeTable,
  { exceptions, instructions, switches }: FunctionCode,
): AssembledCode {
  let length = 0;
  const places = instructions.map(({ op }) => (length += table.size[op]) - table.size[op]);
  places.push(length);
  // Tables of plain switches come before those of string switches.
  const starts: number[] = [];
  let size = 0;
  for (const keyed of [false, true]) {
    for (const entry of switches) {
      if (entry.keyed !== keyed) continue;
      starts[entry.at] = size;
      size += (keyed ? 8 : 4) * entry.targets.length;
    }
  }
  const code = new Uint8Array(length);
  const tables = new Uint8Array(size);
  const stringSwitches: number[] = [];
  instructions.forEach(({ double, op, target, values }, i) => {
    const at = places[i];
    code[at] = op;
    const kinds = table.kinds[op];
    for (let a = 0; a < kinds.length; a++) {
      const kind = kinds[a];
      const place = at + table.offsets[op][a];
      if (kind === 'd') {
        code.set(double as Uint8Array, place);
        continue;
      }
      let value = values[a];
      if (kind === 'j') value = places[target] - at;
      else if (kind === 't') value = i in starts ? length - at + starts[i] : 0;
      else if (kind === 'q') stringSwitches.push(place);
      writeOperand(code, place, table.operands[op][a], value);
    }
  });
  for (const { at, keys, targets } of switches) {
    let place = starts[at];
    targets.forEach((target, i) => {
      if (i in keys) {
        writeU32(tables, place, keys[i]);
        place += 4;
      }
      writeU32(tables, place, places[target] - places[at]);
      place += 4;
    });
  }
  return {
    code,
    exceptions: exceptions.map((entry) => entry.map((number) => places[number])),
    stringSwitches,
    tables,
  };
}
