import { align4, readI32, readU32, writeU32 } from '../entropy/bits.ts';
import { FLAGS, HAS_DEBUG_INFO, HAS_EXCEPTIONS, IS_LARGE, OFFSET, SIZE } from '../file/bytecode-layout.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { readOperand, writeOperand } from './operands.ts';
import { type HermesFile, mustFit } from '../file/parse-hermes.ts';
import { inPieces, type Work } from '../work.ts';

/** Instructions, or bytes of code, between two yields. */
const SLICE = 1024;

/** One instruction. */
export interface Instruction {
  op: number;
  /** One per operand: a jump is the number of the instruction that it goes to, the place of a jump table is 0. */
  readonly values: number[];
}

/** A jump table after a body. */
export interface Switch {
  /** Number of the instruction that it belongs to. */
  readonly at: number;
  readonly targets: number[];
  /** String ids, one for each target, of a switch over strings. */
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
  const flags = functions.fields[FLAGS][index];
  const exceptions: number[][] = [];
  let at = functions.info[index];
  const words = (count: number): number[] =>
    Array.from({ length: count }, () => readU32(bytes, (at += 4) - 4));
  if (layout.hasShapes || (flags & IS_LARGE) !== 0) at += layout.largeSize;
  at = align4(at);
  if ((flags & HAS_EXCEPTIONS) !== 0) {
    const [count] = words(1);
    mustFit(at + 12 * count <= bytes.length);
    for (let i = 0; i < count; i++) exceptions.push(words(3));
  }
  return { debug: words((flags & HAS_DEBUG_INFO) !== 0 ? layout.debugWords : 0), exceptions };
}

/** Instruction at `at`, operands as they are. */
export function readInstruction(table: OpcodeTable, bytes: Uint8Array, at: number): Instruction {
  const op = bytes[at];
  const offsets = table.offsets[op];
  return {
    op,
    values: table.widths[op].map((width, i) => readOperand(bytes, at + offsets[i], width)),
  };
}

/**
 * Takes the body of function `index` apart. `read` makes the instruction at an offset; `key` maps string ids of switches.
 *
 * @throws ERR_DELTA_FORMAT when the body is no sequence of instructions, or jumps between them
 */
export function* takeApart(
  file: HermesFile,
  table: OpcodeTable,
  index: number,
  read: (at: number) => Instruction,
  key: (id: number) => number,
): Work<FunctionCode> {
  const { bytes, functions } = file;
  const start = functions.fields[OFFSET][index];
  const length = functions.fields[SIZE][index];
  const end = start + length;
  const numbers = new Map<number, number>();
  const places: number[] = [];
  let next = start;
  yield* inPieces(length, SLICE, 0.5, (_from, to) => {
    while (next < start + to) {
      numbers.set(next, places.length);
      places.push(next);
      const size = table.size[bytes[next]];
      next += size;
      mustFit(size > 0 && next <= end);
    }
  });
  numbers.set(end, places.length);
  const numberOf = (at: number): number => {
    const number = numbers.get(at) as number;
    mustFit(number >= 0);
    return number;
  };
  const instructions: Instruction[] = [];
  const switches: Switch[] = [];
  const readOne = (at: number): void => {
    const instruction = read(at);
    const { values } = instruction;
    const kinds = table.kinds[bytes[at]];
    const jump = kinds.indexOf('j');
    if (jump >= 0) values[jump] = numberOf(at + values[jump]);
    const tableOperand = kinds.indexOf('t');
    if (tableOperand >= 0) {
      const keyed = kinds.includes('q');
      const entry: Switch = { at: instructions.length, keys: [], targets: [] };
      let place = align4(at + values[tableOperand]);
      values[tableOperand] = 0;
      for (let left = switchSize(keyed, values); left > 0; left--) {
        mustFit(place + 8 <= bytes.length);
        if (keyed) {
          entry.keys.push(key(readU32(bytes, place)));
          place += 4;
        }
        entry.targets.push(numberOf(at + readI32(bytes, place)));
        place += 4;
      }
      switches.push(entry);
    }
    instructions.push(instruction);
  };
  yield* inPieces(places.length, SLICE, 0.5, (from, to) => {
    for (let i = from; i < to; i++) readOne(places[i]);
  });
  const { exceptions } = readFunctionInfo(file, index);
  return {
    exceptions: exceptions.map((entry) => entry.map((at) => numberOf(start + at))),
    instructions,
    switches,
  };
}

/** Entries of the jump table of a switch instruction: register, (index,) table, default, then count or smallest and largest. */
export function switchSize(keyed: boolean, values: readonly number[]): number {
  return keyed ? values[4] : values[4] - values[3] + 1;
}

/** Puts a body together: jump distances, tables, handlers. */
export function* assemble(
  table: OpcodeTable,
  { exceptions, instructions, switches }: FunctionCode,
): Work<AssembledCode> {
  let length = 0;
  const places = instructions.map(({ op }) => (length += table.size[op]) - table.size[op]);
  places.push(length);
  // Tables of plain switches come before those of string switches.
  const ordered = [
    ...switches.filter(({ keys }) => keys.length === 0),
    ...switches.filter(({ keys }) => keys.length > 0),
  ];
  const starts: number[] = [];
  const words: number[] = [];
  for (const { at, keys, targets } of ordered) {
    starts[at] = length - places[at] + 4 * words.length;
    targets.forEach((target, k) => {
      if (keys.length > 0) words.push(keys[k]);
      words.push(places[target] - places[at]);
    });
  }
  const code = new Uint8Array(length);
  const stringSwitches: number[] = [];
  const write = (at: number, i: number): void => {
    const { op, values } = instructions[i];
    code[at] = op;
    const kinds = table.kinds[op];
    for (let a = 0; a < kinds.length; a++) {
      const kind = kinds[a];
      const place = at + table.offsets[op][a];
      if (kind === 'q') stringSwitches.push(place);
      writeOperand(
        code,
        place,
        table.widths[op][a],
        kind === 'j' ? places[values[a]] - at : kind === 't' ? (starts[i] ?? 0) : values[a],
      );
    }
  };
  yield* inPieces(instructions.length, SLICE, 0.5, (from, to) => {
    for (let i = from; i < to; i++) write(places[i], i);
  });
  return {
    code,
    exceptions: exceptions.map((entry) => entry.map((number) => places[number])),
    stringSwitches,
    tables: wordBytes(words),
  };
}

/** 32-bit words as bytes. */
export function wordBytes(words: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  for (let i = 0; i < words.length; i++) writeU32(bytes, 4 * i, words[i]);
  return bytes;
}
