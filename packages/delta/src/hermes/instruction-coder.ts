import { mix, mix3, mix4 } from './bits.ts';
import type { CacheModel } from './cache-model.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';
import type { Instruction } from './function-code.ts';
import type { LiteralModel } from './literal-model.ts';
import { IS_TRY, LOADS_INTEGER, type OpcodeTable, WRITES_FIRST } from './opcode-table.ts';
import type { RegisterModel } from './register-model.ts';
import type { StringModel } from './string-model.ts';

/** What an instruction is predicted from: one in the same place of the old function, or one that stood in a like place. */
export interface Prediction {
  readonly instruction: Instruction;
  /** Number of the instruction that it jumps to here; below 0 where that is not known. */
  readonly jump: number;
  /** How many instructions before it were the same, 1 to 7; {@link ALIGNED} for one in the same place. */
  readonly matched: number;
}

/** See {@link Prediction.matched}. */
export const ALIGNED = 8;

/** Models of one function. */
export interface FunctionModels {
  readonly registers: RegisterModel;
  readonly caches: CacheModel;
  /** Last function that this one made a closure of, at first itself. */
  lastFunction: number;
  /** Last change of a loaded integer against its aligned one. */
  integerShift: number;
}

/** Codes instructions one by one. */
export interface InstructionCoder {
  begin(models: FunctionModels): void;
  /** `at`: its number in the function. */
  code(at: number, prediction: Prediction | undefined): Instruction;
  /** Learns an instruction that is exactly as predicted. `old`: its registers in the old function. */
  note(instruction: Instruction, old: Instruction): void;
  /** Gives the instruction the cache slot that follows by order of names. */
  placeCache(instruction: Instruction): void;
}

export function createInstructionCoder(
  coder: Coder,
  table: OpcodeTable,
  strings: StringModel,
  literals: LiteralModel,
): InstructionCoder {
  const { cacheOperand, family, stringOperand, traits } = table;
  let models = undefined as unknown as FunctionModels;
  let [op1, op2, op3, op4] = [0, 0, 0, 0];

  const passed = (op: number): void => {
    op4 = op3;
    op3 = op2;
    op2 = op1;
    op1 = op;
  };

  const codeOpcode = (prediction: Prediction | undefined): number => {
    const contexts = [mix(41, op1), mix3(42, op1, op2), mix4(43, op1, op2, op3), 48];
    if (prediction === undefined)
      return coder.symbol(8, SET.opcode, [...contexts, 45, mix(mix4(47, op1, op2, op3), op4)]);
    const { instruction, matched } = prediction;
    return coder.symbol(8, SET.opcode + 1 + (matched >> 2), [
      ...contexts,
      mix3(44, instruction.op, matched),
      mix3(46, instruction.op, op1),
    ]);
  };

  const codeImmediate = (
    op: number,
    operand: number,
    first: number,
    predicted: number | undefined,
    aligned: boolean,
  ): number => {
    // A loaded integer moves with those before it: module ids do.
    const moves = aligned && predicted !== undefined && operand === 1 && (traits[op] & LOADS_INTEGER) > 0;
    if (moves && coder.is(CONTEXT.integerShift, predicted + models.integerShift))
      return predicted + models.integerShift;
    const width = table.widths[op][operand];
    let value = 0;
    let prefix = 0;
    for (let i = Math.abs(width) - 1; i >= 0; i--) {
      const place = (op * 8 + operand) * 4 + i;
      const byte = coder.symbol(
        8,
        SET.immediate + (predicted === undefined ? 0 : 1),
        [
          mix3(71, place, prefix),
          mix3(
            72,
            place,
            predicted === undefined ? 300 : ((predicted >>> (8 * i)) & 255) + (aligned ? 512 : 0),
          ),
          mix3(73, place, op1),
          mix3(74, place, first),
          mix3(75, operand, i),
        ],
        (thing) => (thing >>> (8 * i)) & 255,
      );
      prefix = byte + 1;
      value = (value << 8) | byte;
    }
    coder.done();
    if (width > 0) value >>>= 0;
    if (moves) models.integerShift = value - predicted;
    return value;
  };

  /** Sets the cache slot, where there is one, to what `slot` gives for its side (0: reads, 1: writes), name, and slot so far. */
  const withCache = (
    { op, values }: Instruction,
    slot: (side: number, name: number, slot: number) => number,
  ): void => {
    const operand = cacheOperand[op];
    if (operand >= 0)
      values[operand] = slot(
        table.kinds[op][operand] === 'm' ? 1 : 0,
        values[stringOperand[op]] * 4 + (traits[op] & IS_TRY),
        values[operand],
      );
  };

  const code = (at: number, prediction: Prediction | undefined): Instruction => {
    const op = codeOpcode(prediction);
    const kinds = table.kinds[op];
    const matched = prediction?.matched ?? 0;
    const aligned = matched === ALIGNED;
    const guess =
      prediction !== undefined && family[prediction.instruction.op] === family[op]
        ? prediction.instruction
        : undefined;
    const values = Array.from(kinds, () => 0);
    const result: Instruction = { op, ranks: values.map(() => -1), values };
    let agreed = guess !== undefined;
    // The register that is written comes last: it often is one that was just read.
    const first = traits[op] & WRITES_FIRST;
    for (let step = 0; step < kinds.length; step++) {
      const a = (step + first) % kinds.length;
      const kind = kinds[a];
      const predicted = guess?.values[a];
      const known = predicted ?? -1;
      if (kind === 'r') {
        values[a] = models.registers.code(
          op * 8 + a,
          op1,
          op2,
          known,
          guess?.ranks?.[a] ?? -1,
          aligned,
          agreed,
          a < first ? 1 : 0,
        );
        if (values[a] !== predicted) agreed = false;
        (result.ranks as number[])[a] = models.registers.rank();
      } else if (kind === 's') {
        values[a] = strings.code(known, (guess ? (aligned ? 4 : 2) : 0) + (agreed ? 1 : 0));
      } else if (kind === 'f') {
        models.lastFunction = values[a] =
          known >= 0 && aligned && coder.is(CONTEXT.functionSame, known)
            ? known
            : coder.near(CONTEXT.functionNext, models.lastFunction + 1);
      } else if ('vkopx'.includes(kind)) {
        values[a] = literals.code(kind as 'v', result, a, known, aligned);
      } else if (kind === 'g') {
        values[a] = coder.number(CONTEXT.bigInt);
      } else if (kind === 'j') {
        const jump = guess ? (prediction as Prediction).jump : -1;
        values[a] =
          jump >= 0 && coder.is(CONTEXT.jumpSame + matched, jump)
            ? jump
            : coder.near(CONTEXT.jumpNew + (aligned ? 1 : 0), at);
      } else if (!'tcm'.includes(kind)) {
        values[a] = codeImmediate(op, a, values[0], predicted, aligned);
      }
    }
    withCache(result, models.caches.code);
    passed(op);
    return result;
  };

  return {
    begin: (next) => {
      models = next;
      op1 = op2 = op3 = op4 = 0;
    },
    code,
    note: (instruction, old) => {
      const { op, values } = instruction;
      const kinds = table.kinds[op];
      for (let a = 0; a < kinds.length; a++) {
        const kind = kinds[a];
        if (kind === 'r')
          models.registers.note(values[a], old.values[a], a < (traits[op] & WRITES_FIRST) ? 1 : 0);
        else if (kind === 's') strings.note(values[a]);
        else if (kind === 'f') models.lastFunction = values[a];
      }
      withCache(instruction, models.caches.note);
      passed(op);
    },
    placeCache: (instruction) => withCache(instruction, models.caches.predict),
  };
}
