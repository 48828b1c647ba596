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

/** Number of the operand with `letter`, or -1. */
export function operandNumber(table: OpcodeTable, op: number, letter: string): number {
  return table.operands[op].indexOf(letter);
}

/** Number of the jump operand, or -1. */
export function jumpOperand(table: OpcodeTable, op: number): number {
  const short = operandNumber(table, op, 'j');
  return short >= 0 ? short : operandNumber(table, op, 'J');
}

/** Exception handlers of a function, as byte offsets; debug words. Empty where the header says there are none. */
export function readFunctionInfo(
  { bytes, functions, layout }: HermesFile,
  index: number,
): { readonly exceptions: readonly (readonly number[])[]; readonly debug: readonly number[] } {
  const flags = functions.fields.flags[index];
  const exceptions: number[][] = [];
  const debug: number[] = [];
  let at = functions.info[index];
  if (at === 0) return { debug, exceptions };
  if (layout.hasShapes || (flags & IS_LARGE) !== 0) at += layout.largeSize;
  if ((flags & HAS_EXCEPTIONS) !== 0) {
    at = align4(at);
    const count = readU32(bytes, at);
    at += 4;
    if (at + 12 * count > bytes.length)
      throw deltaError('ERR_DELTA_FORMAT', 'An exception table lies outside of the file');
    for (let i = 0; i < count; i++, at += 12) {
      exceptions.push([readU32(bytes, at), readU32(bytes, at + 4), readU32(bytes, at + 8)]);
    }
  }
  if ((flags & HAS_DEBUG_INFO) !== 0) {
    at = align4(at);
    for (let i = 0; i < layout.debugWords; i++) debug.push(readU32(bytes, at + 4 * i));
  }
  return { debug, exceptions };
}

/** Instruction at `at`, operands as they are. */
export function readInstruction(table: OpcodeTable, bytes: Uint8Array, at: number): Instruction {
  const op = bytes[at];
  const letters = table.operands[op];
  const offsets = table.offsets[op];
  const values: number[] = [];
  let double: Uint8Array | undefined;
  for (let i = 0; i < letters.length; i++) {
    const letter = letters.charAt(i);
    if (letter === 'd') double = bytes.subarray(at + offsets[i], at + offsets[i] + 8);
    values.push('djJtq'.includes(letter) ? 0 : readOperand(bytes, at + offsets[i], letter));
  }
  const instruction: Instruction = { op, target: -1, values };
  if (double !== undefined) instruction.double = double;
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
    if (size === 0) throw malformed(index);
    at += size;
    if (at > end) throw malformed(index);
  }
  numbers.set(end, places.length);
  const numberOf = (at: number): number => {
    const number = numbers.get(at);
    if (number === undefined) throw malformed(index);
    return number;
  };
  const instructions: Instruction[] = [];
  const switches: Switch[] = [];
  for (let i = 0; i < places.length; i++) {
    const at = places[i];
    const op = bytes[at];
    const instruction = read(at);
    const jump = jumpOperand(table, op);
    if (jump >= 0) {
      instruction.target = numberOf(
        at + readOperand(bytes, at + table.offsets[op][jump], table.operands[op].charAt(jump)),
      );
    }
    instructions.push(instruction);
    const tableOperand = operandNumber(table, op, 't');
    if (tableOperand >= 0) switches.push(readSwitch(file, table, at, i, tableOperand, numberOf, key));
  }
  const exceptions = readFunctionInfo(file, index).exceptions.map((entry) =>
    entry.map((offset) => numberOf(start + offset)),
  );
  return { exceptions, instructions, switches };
}

function malformed(index: number): Error {
  return deltaError('ERR_DELTA_FORMAT', `The body of function ${index} is not made of whole instructions`);
}

function readSwitch(
  { bytes }: HermesFile,
  table: OpcodeTable,
  at: number,
  number: number,
  tableOperand: number,
  numberOf: (at: number) => number,
  key: (id: number) => number,
): Switch {
  const op = bytes[at];
  const operand = (i: number): number =>
    readOperand(bytes, at + table.offsets[op][i], table.operands[op].charAt(i));
  const keyed = operandNumber(table, op, 'q') >= 0;
  const count = switchSize(keyed, [0, 0, operand(2), operand(3), operand(4)]);
  const start = align4(at + operand(tableOperand));
  const size = keyed ? 8 : 4;
  if (!(start + size * count <= bytes.length)) throw malformed(number);
  const keys: number[] = [];
  const targets: number[] = [];
  for (let i = 0; i < count; i++) {
    const entry = start + size * i;
    if (keyed) keys.push(key(readU32(bytes, entry)));
    targets.push(numberOf(at + readI32(bytes, entry + size - 4)));
  }
  return { at: number, keyed, keys, targets };
}

/** Entries of the jump table of a switch instruction: register, (index,) table, default, then count or smallest and largest. */
export function switchSize(keyed: boolean, values: readonly number[]): number {
  return keyed ? values[4] : values[4] - values[3] + 1;
}

/** Puts a body together: jump distances, tables, handlers. */
export function assemble(
  table: OpcodeTable,
  { exceptions, instructions, switches }: FunctionCode,
): AssembledCode {
  const places = new Int32Array(instructions.length + 1);
  let length = 0;
  for (let i = 0; i < instructions.length; i++) {
    places[i] = length;
    length += table.size[instructions[i].op];
  }
  places[instructions.length] = length;
  // Tables of plain switches come before those of string switches.
  const starts = new Map<number, number>();
  let size = 0;
  for (const keyed of [false, true]) {
    for (const entry of switches) {
      if (entry.keyed !== keyed) continue;
      starts.set(entry.at, size);
      size += (keyed ? 8 : 4) * entry.targets.length;
    }
  }
  const code = new Uint8Array(length);
  const tables = new Uint8Array(size);
  const stringSwitches: number[] = [];
  for (let i = 0; i < instructions.length; i++) {
    const { double, op, target, values } = instructions[i];
    const at = places[i];
    code[at] = op;
    const letters = table.operands[op];
    for (let a = 0; a < letters.length; a++) {
      const letter = letters.charAt(a);
      const place = at + table.offsets[op][a];
      if (letter === 'd') {
        code.set(double as Uint8Array, place);
        continue;
      }
      let value = values[a];
      if (letter === 'j' || letter === 'J') value = places[target] - at;
      else if (letter === 't') value = starts.has(i) ? length - at + (starts.get(i) as number) : 0;
      else if (letter === 'q') stringSwitches.push(place);
      writeOperand(code, place, letter, value);
    }
  }
  for (const { at, keyed, keys, targets } of switches) {
    let place = starts.get(at) as number;
    for (let i = 0; i < targets.length; i++) {
      if (keyed) {
        writeU32(tables, place, keys[i]);
        place += 4;
      }
      writeU32(tables, place, places[targets[i]] - places[at]);
      place += 4;
    }
  }
  return {
    code,
    exceptions: exceptions.map((entry) => entry.map((number) => places[number])),
    stringSwitches,
    tables,
  };
}
