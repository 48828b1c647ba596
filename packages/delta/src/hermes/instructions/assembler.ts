import { align4, writeU32 } from '../entropy/bits.ts';
import type { FunctionCode, Instruction, Switch } from './function-code.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { writeOperand } from './operands.ts';
import { each, type Work } from '../work.ts';

/** A body that stands in a file. */
export interface WrittenBody {
  /** Bytes of code. */
  readonly size: number;
  /** Bytes of jump tables, behind the code at the next multiple of four. */
  readonly tableBytes: number;
  /** Places of operands that count the string switches of the file. */
  readonly stringSwitches: readonly number[];
  /** Start, end and handler, as byte offsets. */
  readonly exceptions: readonly (readonly number[])[];
}

/** Puts a body together where it has to stand: jump distances, tables, handlers. What would lie outside the file is not written. */
export interface Assembler {
  /** Appends an instruction. */
  add(instruction: Instruction): void;
  finish(code: Pick<FunctionCode, 'switches' | 'exceptions'>): WrittenBody;
}

/** `at`: where the body begins in `out`. `count`: instructions. */
export function createAssembler(table: OpcodeTable, out: Uint8Array, at: number, count: number): Assembler {
  // Where each instruction begins, and the end.
  const places = new Int32Array(count + 1);
  places[0] = at;
  const stringSwitches: number[] = [];
  /** By instruction where its jump table begins, as if it followed the code at once. */
  const tables: number[] = [];
  /** What can be written only when all places are known. */
  const pending: (() => void)[] = [];
  let added = 0;
  return {
    add: ({ op, values }) => {
      const number = added++;
      const place = places[number];
      out[place] = op;
      places[added] = place + table.size[op];
      const kinds = table.kinds[op];
      for (let a = 0; a < kinds.length; a++) {
        const kind = kinds[a];
        const operand = place + table.offsets[op][a];
        const width = table.widths[op][a];
        if (kind === 'q') stringSwitches.push(operand);
        if (kind === 'j') pending.push(() => writeOperand(out, operand, width, places[values[a]] - place));
        else if (kind === 't') pending.push(() => writeOperand(out, operand, width, tables[number] - place));
        else writeOperand(out, operand, width, values[a]);
      }
    },
    finish: ({ exceptions, switches }) => {
      const end = places[added];
      const start = align4(end);
      let next = start;
      const put = (word: number): void => {
        writeU32(out, next, word);
        next += 4;
      };
      const write = ({ at: number, keys, targets }: Switch): void => {
        tables[number] = end + next - start;
        targets.forEach((target, k) => {
          if (keys.length > 0) put(keys[k]);
          put(places[target] - places[number]);
        });
      };
      // Tables of plain switches come before those of string switches.
      switches.filter(({ keys }) => keys.length === 0).forEach(write);
      switches.filter(({ keys }) => keys.length > 0).forEach(write);
      for (const write of pending) write();
      return {
        exceptions: exceptions.map((entry) => entry.map((number) => places[number] - at)),
        size: end - at,
        stringSwitches,
        tableBytes: next - start,
      };
    },
  };
}

/** Puts a whole body together. */
export function* assemble(
  table: OpcodeTable,
  code: FunctionCode,
  out: Uint8Array,
  at: number,
): Work<WrittenBody> {
  const assembler = createAssembler(table, out, at, code.count);
  yield* each(code.count, (i) => assembler.add(code.instruction(i)));
  return assembler.finish(code);
}
