import { align4, readI32, readU32, writeU32 } from '../entropy/bits.ts';
import { FLAGS, HAS_DEBUG_INFO, HAS_EXCEPTIONS, IS_LARGE, OFFSET, SIZE } from '../file/bytecode-layout.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { readOperand } from './operands.ts';
import { type HermesFile, mustFit } from '../file/parse-hermes.ts';
import { inPieces, type Work } from '../work.ts';

/** Bytes of code between two yields. */
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

/** A body taken apart. Instructions are made when they are asked for: those of a large function take ten times its bytes. */
export interface FunctionCode {
  /** Instructions. */
  readonly count: number;
  /** @throws ERR_DELTA_FORMAT when it jumps between instructions */
  instruction(number: number): Instruction;
  readonly switches: readonly Switch[];
  /** Start, end and handler, as instruction numbers. */
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
 * @throws ERR_DELTA_FORMAT when the body is no sequence of instructions, or a table or handler leads between them
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
  // Where each instruction begins, and the other way round: its number and one, behind the last one the end.
  const places = new Int32Array(length + 1);
  const numbers = new Int32Array(length + 1);
  const withTables: number[] = [];
  let count = 0;
  let next = start;
  const find = (to: number): void => {
    while (next < start + to) {
      const op = bytes[next];
      const size = table.size[op];
      mustFit(size > 0 && next + size <= end);
      if (table.kinds[op].includes('t')) withTables.push(count);
      places[count++] = next;
      numbers[next - start] = count;
      next += size;
    }
  };
  yield* inPieces(length, SLICE, (_from, to) => find(to));
  numbers[length] = count + 1;
  const numberOf = (at: number): number => {
    const number = numbers[at - start];
    mustFit(number > 0);
    return number - 1;
  };
  const switches = withTables.map((number): Switch => {
    const at = places[number];
    const { op, values } = read(at);
    const kinds = table.kinds[op];
    const keyed = kinds.includes('q');
    const entry: Switch = { at: number, keys: [], targets: [] };
    let place = align4(at + values[kinds.indexOf('t')]);
    for (let left = switchSize(keyed, values); left > 0; left--) {
      mustFit(place + 8 <= bytes.length);
      if (keyed) {
        entry.keys.push(key(readU32(bytes, place)));
        place += 4;
      }
      entry.targets.push(numberOf(at + readI32(bytes, place)));
      place += 4;
    }
    return entry;
  });
  const { exceptions } = readFunctionInfo(file, index);
  return {
    count,
    exceptions: exceptions.map((entry) => entry.map((at) => numberOf(start + at))),
    instruction: (number) => {
      const at = places[number];
      const instruction = read(at);
      const kinds = table.kinds[instruction.op];
      const jump = kinds.indexOf('j');
      if (jump >= 0) instruction.values[jump] = numberOf(at + instruction.values[jump]);
      const tableOperand = kinds.indexOf('t');
      if (tableOperand >= 0) instruction.values[tableOperand] = 0;
      return instruction;
    },
    switches,
  };
}

/** The instructions, all at once. */
export function allInstructions({ count, instruction }: FunctionCode): Instruction[] {
  return Array.from({ length: count }, (_, i) => instruction(i));
}

/** Entries of the jump table of a switch instruction: register, (index,) table, default, then count or smallest and largest. */
export function switchSize(keyed: boolean, values: readonly number[]): number {
  return keyed ? values[4] : values[4] - values[3] + 1;
}

/** 32-bit words as bytes. */
export function wordBytes(words: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  for (let i = 0; i < words.length; i++) writeU32(bytes, 4 * i, words[i]);
  return bytes;
}
