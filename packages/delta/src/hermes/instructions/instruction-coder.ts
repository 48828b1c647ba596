import { mix, mix3 } from '../entropy/bits.ts';
import type { CacheModel } from './cache-model.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import * as SET from '../entropy/weight-sets.ts';
import type { Instruction } from './function-code.ts';
import type { LiteralModel } from '../literals/literal-model.ts';
import { IS_TRY, type OpcodeTable, WRITES_FIRST } from './opcode-table.ts';
import type { RegisterModel } from './register-model.ts';
import { createSlotModel } from './slot-model.ts';
import type { StringModel } from '../strings/string-model.ts';

/** Models of one function. */
export interface FunctionModels {
  readonly registers: RegisterModel;
  readonly caches: CacheModel;
  /** Last function that this one made a closure of, at first itself. */
  last: number;
}

/** Codes instructions one by one. */
export interface InstructionCoder {
  begin(models: FunctionModels): void;
  /** `at`: its number in the function; `aligned`: the old instruction in its place, references mapped; `jump`: where that goes here. */
  code(at: number, aligned?: Instruction, jump?: number): Instruction;
  /** Learns an instruction that is exactly as predicted. `old`: its registers in the old function. */
  note(instruction: Instruction, old: Instruction): void;
  /** Gives the instruction the environment's slot that the old one became, and the cache slot that follows by order of names. */
  place(instruction: Instruction): void;
}

export function createInstructionCoder(
  coder: Coder,
  table: OpcodeTable,
  strings: StringModel,
  literals: LiteralModel,
): InstructionCoder {
  const { families, kinds, traits } = table;
  const slots = createSlotModel();
  let models = undefined as unknown as FunctionModels;
  /** The last three opcodes, the last one lowest. */
  let ops = 0;
  // Which operand it is; -1: none.
  const cacheAt = kinds.map((letters) => letters.search(/[cm]/));
  const slotAt = kinds.map((letters) => letters.search(/[en]/));
  let lastName = 0;

  const codeImmediate = (op: number, operand: number, first: number, aligned: number | undefined): number => {
    const width = table.widths[op][operand];
    let value = 0;
    let prefix = 0;
    for (let i = Math.abs(width) - 1; i >= 0; i--) {
      const place = (op * 8 + operand) * 4 + i;
      const byte = coder.symbol(
        8,
        SET.immediate + (aligned === undefined ? 0 : 1),
        [
          mix3(71, place, prefix),
          mix3(72, place, aligned === undefined ? 300 : (aligned >>> (8 * i)) & 255),
          mix3(73, place, ops & 255),
          mix3(74, place, first),
        ],
        (thing) => thing >>> (8 * i),
      );
      prefix = byte + 1;
      value = (value << 8) | byte;
    }
    coder.done();
    if (width > 0) value >>>= 0;
    return value;
  };

  /** Sets the cache slot, where there is one, to what `slot` gives for its side (0: reads, 1: writes), name, and slot so far. */
  const withCache = (
    { op, values }: Instruction,
    slot: (side: number, name: number, slot: number) => number,
  ): void => {
    const operand = cacheAt[op];
    if (operand >= 0)
      values[operand] = slot(
        kinds[op][operand] === 'm' ? 1 : 0,
        values[kinds[op].indexOf('s')] * 4 + (traits[op] & IS_TRY),
        values[operand],
      );
  };
  /** `old`: the aligned instruction, if it is of the same family. */
  const passed = ({ op, values }: Instruction, old?: Instruction): void => {
    ops = (ops << 8) | op;
    const writes = traits[op] & WRITES_FIRST;
    const slot = slotAt[op];
    if (slot > 0) {
      slots.last[values[writes]] = values[slot];
      if (old && kinds[op][slot] === 'e') slots.note(values[writes], old.values[slot], values[slot]);
    }
    if (writes && kinds[op][0] === 'r') {
      slots.how[values[0]] = op + 256 * values[1];
      slots.last[values[0]] = -1;
    }
  };

  return {
    begin: (next) => {
      models = next;
      ops = 0;
    },
    code: (at, aligned, jump = -1) => {
      const likely = aligned === undefined ? -1 : aligned.op;
      const op = coder.symbol(8, SET.opcode + (aligned === undefined ? 0 : 1), [
        mix(41, ops & 255),
        mix(42, ops & 0xffff),
        mix(43, ops & 0xffffff),
        mix3(48, lastName, ops & 255),
        45,
        mix(46, likely),
      ]);
      const guess = aligned !== undefined && families[aligned.op] === families[op] ? aligned : undefined;
      const values = Array.from(kinds[op], () => 0);
      const result: Instruction = { op, values };
      // The register that is written comes last: it often is one that was just read.
      const first = traits[op] & WRITES_FIRST;
      for (let step = 0; step < values.length; step++) {
        const a = (step + first) % values.length;
        const kind = kinds[op][a];
        const known = guess?.values[a] ?? -1;
        if (kind === 'r') {
          values[a] = models.registers.code(op * 8 + a, ops & 0xffff, known, a < first ? 1 : 0);
        } else if (kind === 's') {
          lastName = values[a] = strings.code(known, 0);
        } else if (kind === 'f') {
          models.last = values[a] =
            known >= 0 && coder.is(CONTEXT.functionSame, known)
              ? known
              : coder.near(CONTEXT.functionNext, models.last + 1);
        } else if ('vkopx'.includes(kind)) {
          values[a] = literals.code(kind as 'v', result, a, known);
        } else if (kind === 'j') {
          values[a] =
            guess && jump >= 0 && coder.is(CONTEXT.jumpSame, jump) ? jump : coder.near(CONTEXT.jumpNew, at);
        } else if (a === slotAt[op]) {
          const holder = values[first];
          const likely =
            known < 0
              ? first
                ? -1
                : slots.last[holder] + 1
              : kind === 'e'
                ? slots.moved(holder, known)
                : known;
          values[a] =
            likely >= 0 && coder.is(CONTEXT.slotSame + 2 * first + (known < 0 ? 0 : 1), likely)
              ? likely
              : codeImmediate(op, a, slots.how[holder], guess?.values[a]);
        } else if (!'tcm'.includes(kind)) {
          values[a] = codeImmediate(op, a, values[0], guess?.values[a]);
        }
      }
      withCache(result, models.caches.code);
      passed(result, guess);
      return result;
    },
    note: (instruction, old) => {
      const { op, values } = instruction;
      for (let a = 0; a < values.length; a++) {
        const kind = kinds[op][a];
        if (kind === 'r')
          models.registers.note(values[a], old.values[a], a < (traits[op] & WRITES_FIRST) ? 1 : 0);
        else if (kind === 's') strings.note(values[a]);
        else if (kind === 'f') models.last = values[a];
      }
      withCache(instruction, models.caches.note);
      passed(instruction, old);
    },
    place: (instruction) => {
      const { op, values } = instruction;
      const slot = slotAt[op];
      if (kinds[op][slot] === 'e')
        values[slot] = slots.moved(values[traits[op] & WRITES_FIRST], values[slot]);
      withCache(instruction, models.caches.predict);
    },
  };
}
