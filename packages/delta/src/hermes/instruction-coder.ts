import { mix, mix3, mix4 } from './bits.ts';
import type { CacheModel } from './cache-model.ts';
import type { Recalled } from './code-history.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';
import type { Instruction } from './function-code.ts';
import type { LiteralModel } from './literal-model.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { operandWidth } from './operands.ts';
import type { RegisterModel } from './register-model.ts';
import type { StringModel } from './string-model.ts';

/**
 * What an instruction is predicted from: one that stands in the same place of the old function (then `jump` is the new number of the
 * instruction that it jumps to), or one that stood in a like place.
 */
export interface Prediction extends Recalled {
  readonly aligned: boolean;
}

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
  const { contexts } = coder;
  let models = undefined as unknown as FunctionModels;
  let [op1, op2, op3, op4] = [0, 0, 0, 0];

  const passed = (op: number): void => {
    op4 = op3;
    op3 = op2;
    op2 = op1;
    op1 = op;
  };

  const codeOpcode = (prediction: Prediction | undefined): number => {
    contexts[0] = mix(41, op1);
    contexts[1] = mix3(42, op1, op2);
    contexts[2] = mix4(43, op1, op2, op3);
    contexts[3] = 48;
    if (prediction === undefined) {
      contexts[4] = 45;
      contexts[5] = mix(mix4(47, op1, op2, op3), op4);
      return coder.symbol(8, SET.opcode, 6);
    }
    const { aligned, instruction, matched } = prediction;
    const trust = Math.min(matched, 7) + (aligned ? 8 : 0);
    contexts[4] = mix3(44, instruction.op, trust);
    contexts[5] = mix3(46, instruction.op, op1);
    return coder.symbol(8, SET.opcode + 1 + (trust >> 2), 6);
  };

  const codeImmediate = (
    op: number,
    operand: number,
    letter: string,
    first: number,
    predicted: number | undefined,
    aligned: boolean,
  ): number => {
    // A loaded integer moves with those before it: module ids do.
    const moves = aligned && predicted !== undefined && operand === 1 && table.loadsInteger[op] === 1;
    if (moves && coder.is(CONTEXT.integerShift, predicted + models.integerShift))
      return predicted + models.integerShift;
    let value = 0;
    let prefix = 0;
    const place = op * 8 + operand;
    for (let i = operandWidth(letter) - 1; i >= 0; i--) {
      contexts[0] = mix4(71, place, i, prefix);
      contexts[1] = mix4(
        72,
        place,
        i,
        predicted === undefined ? 300 : ((predicted >>> (8 * i)) & 255) + (aligned ? 512 : 0),
      );
      contexts[2] = mix4(73, place, i, op1);
      contexts[3] = mix4(74, place, i, first);
      contexts[4] = mix3(75, operand, i);
      const set = SET.immediate + (predicted === undefined ? 0 : 1);
      const byte = coder.symbol(8, set, 5, (thing) => (thing >>> (8 * i)) & 255);
      prefix = byte + 1;
      value = (value << 8) | byte;
    }
    coder.done();
    if (letter !== 'i') value >>>= 0;
    if (moves) models.integerShift = value - predicted;
    return value;
  };

  const codeDouble = (predicted: Uint8Array | undefined): Uint8Array => {
    if (predicted !== undefined && coder.flag(CONTEXT.doubleSame)) return predicted;
    const bytes = new Uint8Array(8);
    for (let i = 7; i >= 0; i--) {
      contexts[0] = mix(51, i);
      contexts[1] = mix3(52, i, i < 7 ? bytes[i + 1] : 0);
      bytes[i] = coder.symbol(8, SET.double, 2);
    }
    return bytes;
  };

  const codeJump = (at: number, prediction: Prediction | undefined): number => {
    let context = CONTEXT.jumpNew;
    if (prediction?.jump !== undefined) {
      const { aligned, jump, matched } = prediction;
      const target = aligned ? jump : at + jump;
      if (coder.is(aligned ? CONTEXT.jumpSame : CONTEXT.jumpMatched + Math.min(matched, 5), target))
        return target;
      if (aligned) context = CONTEXT.jumpAligned;
    }
    return coder.near(context, at);
  };

  /** Side of the cache (0: reads, 1: writes), operand, and name of what is looked up; undefined where there is no cache. */
  const cacheOf = ({ op, values }: Instruction): readonly [number, number, number] | undefined => {
    const side = table.kinds[op].includes('m') ? 1 : 0;
    const operand = table.kinds[op].search(/[cm]/);
    return operand < 0 ? undefined : [side, operand, values[table.stringOperand[op]] * 2 + table.isTry[op]];
  };

  const code = (at: number, prediction: Prediction | undefined): Instruction => {
    const op = codeOpcode(prediction);
    const kinds = table.kinds[op];
    const same = prediction !== undefined && table.family[prediction.instruction.op] === table.family[op];
    const guess = same ? prediction.instruction : undefined;
    const aligned = prediction?.aligned === true;
    const ranks = Array.from(kinds, () => -1);
    const values = Array.from(kinds, () => 0);
    const result: Instruction = { op, ranks, target: -1, values };
    let agreed = same;
    // The register that is written comes last: it often is one that was just read.
    const first = table.writesFirst[op];
    for (let step = 0; step < kinds.length; step++) {
      const a = (step + first) % kinds.length;
      const kind = kinds[a];
      const predicted = guess?.values[a];
      const known = predicted ?? -1;
      switch (kind) {
        case 'r':
          values[a] = models.registers.code({
            agreed,
            aligned,
            op,
            opBefore: op2,
            operand: a,
            predicted: known,
            predictedRank: guess?.ranks?.[a] ?? -1,
            previousOp: op1,
            writes: a === 0 && first === 1,
          });
          if (values[a] !== predicted) agreed = false;
          ranks[a] = models.registers.rank();
          break;
        case 's':
          values[a] = strings.code(known, (same ? (aligned ? 4 : 2) : 0) + (agreed ? 1 : 0));
          break;
        case 'f':
          values[a] =
            known >= 0 && aligned && coder.is(CONTEXT.functionSame, known)
              ? known
              : coder.near(CONTEXT.functionNext, models.lastFunction + 1);
          models.lastFunction = values[a];
          break;
        case 'v':
        case 'k':
        case 'o':
        case 'p':
        case 'x':
          values[a] = literals.code(kind, result, a, known, aligned);
          break;
        case 'g':
          values[a] = coder.number(CONTEXT.bigInt);
          break;
        case 'j':
          result.target = codeJump(at, same ? prediction : undefined);
          break;
        case 'd':
          result.double = codeDouble(guess?.double);
          break;
        case 't':
        case 'c':
        case 'm':
          break;
        default:
          values[a] = codeImmediate(op, a, table.operands[op][a], values[0], predicted, aligned);
      }
    }
    const cache = cacheOf(result);
    if (cache !== undefined) values[cache[1]] = models.caches.code(cache[0], cache[2]);
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
      Array.from(table.kinds[op]).forEach((kind, a) => {
        if (kind === 'r')
          models.registers.note(values[a], old.values[a], a === 0 && table.writesFirst[op] === 1);
        else if (kind === 's') strings.note(values[a]);
        else if (kind === 'f') models.lastFunction = values[a];
      });
      const cache = cacheOf(instruction);
      if (cache !== undefined) models.caches.note(cache[0], cache[2], values[cache[1]]);
      passed(op);
    },
    placeCache: (instruction) => {
      const cache = cacheOf(instruction);
      if (cache !== undefined) instruction.values[cache[1]] = models.caches.predict(cache[0], cache[2]);
    },
  };
}
