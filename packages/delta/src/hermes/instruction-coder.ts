import { mix, mix3, mix4 } from './bits.ts';
import type { CacheModel } from './cache-model.ts';
import { stringOperands } from './code-history.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';
import { type Instruction, operandNumber } from './function-code.ts';
import type { LiteralModel } from './literal-model.ts';
import { operandKind, type OpcodeTable, operandWidth } from './opcode-table.ts';
import type { RegisterModel } from './register-model.ts';
import type { StringModel } from './string-model.ts';

/** What an instruction is predicted from. */
export interface Prediction {
  readonly instruction: Instruction;
  /** It stands in the same place of the old function. */
  readonly aligned: boolean;
  /** Aligned: the new number of the instruction that the old one jumps to; otherwise how far it jumps. Absent: unknown. */
  readonly jump?: number;
  /** Instructions that agreed before this one. */
  readonly matched: number;
}

/** Models of one function. */
export interface FunctionModels {
  readonly registers: RegisterModel;
  readonly caches: CacheModel;
  readonly number: number;
  /** Last function that this one made a closure of, or -1. */
  lastFunction: number;
  /** Last change of a loaded integer against its aligned one. */
  integerShift: number;
}

/** Codes instructions one by one. */
export interface InstructionCoder {
  begin(models: FunctionModels): void;
  /** `at`: its number in the function. */
  code(at: number, prediction: Prediction | undefined, wanted?: Instruction): Instruction;
  /** Learns an instruction that is exactly as predicted. `old`: its registers in the old function. */
  note(instruction: Instruction, old: Instruction): void;
  /** Cache slot that the instruction gets by order of names; undefined where it has none. */
  cacheSlot(instruction: Instruction): { readonly operand: number; readonly slot: number } | undefined;
}

export function createInstructionCoder(
  coder: Coder,
  table: OpcodeTable,
  strings: StringModel,
  literals: LiteralModel,
): InstructionCoder {
  const { contexts } = coder;
  const nameOperand = stringOperands(table);
  const cacheOperand = new Int8Array(256).fill(-1);
  const cacheWrites = new Uint8Array(256);
  for (let op = 0; op < table.count; op++) {
    const reads = operandNumber(table, op, 'c');
    const writes = operandNumber(table, op, 'm');
    cacheOperand[op] = Math.max(reads, writes);
    cacheWrites[op] = writes >= 0 ? 1 : 0;
  }
  let models = undefined as unknown as FunctionModels;
  let [op1, op2, op3, op4] = [0, 0, 0, 0];

  const passed = (op: number): void => {
    op4 = op3;
    op3 = op2;
    op2 = op1;
    op1 = op;
  };
  const cacheName = ({ op, values }: Instruction): number => values[nameOperand[op]] * 2 + table.isTry[op];

  const codeOpcode = (prediction: Prediction | undefined, wanted: number): number => {
    contexts[0] = mix(41, op1);
    contexts[1] = mix3(42, op1, op2);
    contexts[2] = mix4(43, op1, op2, op3);
    contexts[3] = 48;
    if (prediction === undefined) {
      contexts[4] = 45;
      contexts[5] = mix(mix4(47, op1, op2, op3), op4);
      return coder.symbol(8, SET.opcode, 6, wanted);
    }
    const trust = Math.min(prediction.matched, 7) + (prediction.aligned ? 8 : 0);
    contexts[4] = mix3(44, prediction.instruction.op, trust);
    contexts[5] = mix3(46, prediction.instruction.op, op1);
    return coder.symbol(8, SET.opcode + 1 + Math.min(trust >> 2, 3), 6, wanted);
  };

  const codeImmediate = (
    op: number,
    operand: number,
    width: number,
    signed: boolean,
    firstValue: number,
    predicted: number | undefined,
    aligned: boolean,
    wanted: number,
  ): number => {
    const unsigned = wanted >>> 0;
    let value = 0;
    let prefix = 0;
    const place = op * 8 + operand;
    for (let i = width - 1; i >= 0; i--) {
      contexts[0] = mix4(71, place, i, prefix);
      contexts[1] = mix4(
        72,
        place,
        i,
        predicted === undefined ? 300 : ((predicted >>> (8 * i)) & 255) + (aligned ? 512 : 0),
      );
      contexts[2] = mix4(73, place, i, op1);
      contexts[3] = mix4(74, place, i, firstValue);
      contexts[4] = mix3(75, operand, i);
      const byte = coder.symbol(
        8,
        SET.immediate + (predicted === undefined ? 0 : 1),
        5,
        (unsigned >>> (8 * i)) & 255,
      );
      prefix = byte + 1;
      value = (value << 8) | byte;
    }
    return signed ? value : value >>> 0;
  };

  const codeDouble = (predicted: Uint8Array | undefined, wanted: Uint8Array | undefined): Uint8Array => {
    if (predicted !== undefined) {
      const same = wanted !== undefined && predicted.every((byte, i) => byte === wanted[i]);
      if (coder.flag(CONTEXT.doubleSame, same)) return predicted;
    }
    const bytes = new Uint8Array(8);
    for (let i = 7; i >= 0; i--) {
      contexts[0] = mix(51, i);
      contexts[1] = mix3(52, i, i < 7 ? bytes[i + 1] : 0);
      bytes[i] = coder.symbol(8, SET.double, 2, wanted === undefined ? 0 : wanted[i]);
    }
    return bytes;
  };

  const codeJump = (
    at: number,
    prediction: Prediction | undefined,
    same: boolean,
    wanted: number,
  ): number => {
    const distance = wanted - at;
    const known = same ? prediction?.jump : undefined;
    if (known === undefined || prediction === undefined) return at + coder.signed(CONTEXT.jumpNew, distance);
    if (prediction.aligned) {
      return coder.flag(CONTEXT.jumpSame, wanted === known)
        ? known
        : at + coder.signed(CONTEXT.jumpAligned, distance);
    }
    return coder.flag(CONTEXT.jumpMatched + Math.min(prediction.matched, 5), distance === known)
      ? at + known
      : at + coder.signed(CONTEXT.jumpNew, distance);
  };

  const codeFunction = (aligned: boolean, predicted: number | undefined, wanted: number): number => {
    const expected = models.lastFunction >= 0 ? models.lastFunction + 1 : models.number + 1;
    const id =
      predicted !== undefined && aligned && coder.flag(CONTEXT.functionSame, wanted === predicted)
        ? predicted
        : expected + coder.signed(CONTEXT.functionNext, wanted - expected);
    models.lastFunction = id;
    return id;
  };

  const codeInteger = (
    op: number,
    width: number,
    signed: boolean,
    register: number,
    predicted: number | undefined,
    aligned: boolean,
    wanted: number,
  ): number => {
    if (aligned && predicted !== undefined && table.loadsInteger[op] === 1) {
      const expected = predicted + models.integerShift;
      if (coder.flag(CONTEXT.integerShift, wanted === expected)) return expected;
    }
    const value = codeImmediate(op, 1, width, signed, register, predicted, aligned, wanted);
    if (aligned && predicted !== undefined && table.loadsInteger[op] === 1)
      models.integerShift = value - predicted;
    return value;
  };

  const code = (at: number, prediction: Prediction | undefined, wanted?: Instruction): Instruction => {
    coder.section('opcodes');
    const op = codeOpcode(prediction, wanted?.op ?? 0);
    const letters = op < table.count ? table.operands[op] : '';
    const same = prediction !== undefined && table.family[prediction.instruction.op] === table.family[op];
    const guess = same ? prediction.instruction : undefined;
    const aligned = prediction?.aligned === true;
    const result: Instruction = { op, target: -1, values: Array.from(letters, () => 0) };
    let agreed = same;
    // The register that is written comes last: it often is one that was just read.
    const first = table.writesFirst[op];
    for (let step = 0; step < letters.length; step++) {
      const a = (step + first) % letters.length;
      const letter = letters.charAt(a);
      const kind = operandKind(letter);
      const value = wanted?.values[a] ?? 0;
      const predicted = guess?.values[a];
      switch (kind) {
        case 'r': {
          coder.section('registers');
          const coded = models.registers.code(value, {
            agreed,
            aligned,
            op,
            opBefore: op2,
            operand: a,
            predicted: predicted ?? -1,
            predictedRank: guess?.ranks?.[a] ?? -1,
            previousOp: op1,
            writes: a === 0 && first === 1,
          });
          if (predicted !== undefined && coded.register !== predicted) agreed = false;
          result.values[a] = coded.register;
          result.ranks ??= Array.from(letters, () => -1);
          result.ranks[a] = coded.rank;
          break;
        }
        case 's': {
          coder.section('string references');
          const context = (same ? (aligned ? 4 : 2) : 0) + (agreed ? 1 : 0);
          result.values[a] = strings.code(value, predicted ?? -1, context);
          break;
        }
        case 'f':
          coder.section('closures');
          result.values[a] = codeFunction(aligned, predicted, value);
          break;
        case 'v':
        case 'k':
        case 'o':
        case 'p':
        case 'x':
          coder.section('literal references');
          result.values[a] = literals.code(kind, result, a, value, predicted, aligned);
          break;
        case 'g':
          result.values[a] = coder.number(CONTEXT.bigInt, value);
          break;
        case 'j':
          coder.section('jumps');
          result.target = codeJump(at, prediction, same, wanted?.target ?? 0);
          break;
        case 't':
        case 'c':
        case 'm':
          break;
        case 'd':
          coder.section('numbers');
          result.double = codeDouble(guess?.double, wanted?.double);
          break;
        default: {
          coder.section('immediates');
          const width = operandWidth(letter);
          result.values[a] =
            a === 1
              ? codeInteger(op, width, letter === 'i', result.values[0], predicted, aligned, value)
              : codeImmediate(op, a, width, letter === 'i', result.values[0], predicted, aligned, value);
        }
      }
    }
    const slot = cacheOperand[op];
    if (slot >= 0) {
      coder.section('caches');
      result.values[slot] = models.caches.code(
        cacheWrites[op] === 1,
        cacheName(result),
        wanted?.values[slot] ?? 0,
      );
    }
    passed(op);
    return result;
  };

  return {
    begin: (next) => {
      models = next;
      op1 = op2 = op3 = op4 = 0;
    },
    cacheSlot: (instruction) => {
      const operand = cacheOperand[instruction.op];
      if (operand < 0) return undefined;
      return {
        operand,
        slot: models.caches.predict(cacheWrites[instruction.op] === 1, cacheName(instruction)) & 255,
      };
    },
    code,
    note: (instruction, old) => {
      const { op, values } = instruction;
      const letters = table.operands[op];
      for (let a = 0; a < letters.length; a++) {
        const kind = operandKind(letters.charAt(a));
        if (kind === 'r')
          models.registers.note(values[a], old.values[a], a === 0 && table.writesFirst[op] === 1);
        else if (kind === 's') strings.note(values[a]);
        else if (kind === 'f') models.lastFunction = values[a];
      }
      const slot = cacheOperand[op];
      if (slot >= 0) models.caches.note(cacheWrites[op] === 1, cacheName(instruction), values[slot]);
      passed(op);
    },
  };
}
