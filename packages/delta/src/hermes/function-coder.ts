import { deltaError } from '../error.ts';
import { codeAlignment, imageOf } from './alignment.ts';
import { mix, mix3 } from './bits.ts';
import { type BytecodeLayout, HAS_EXCEPTIONS, IS_LARGE } from './bytecode-layout.ts';
import { createCacheModel } from './cache-model.ts';
import type { CodeHistory } from './code-history.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';
import {
  type FunctionCode,
  type Instruction,
  operandNumber,
  type Switch,
  switchSize,
} from './function-code.ts';
import { createInstructionCoder, type FunctionModels, type InstructionCoder } from './instruction-coder.ts';
import type { LiteralModel } from './literal-model.ts';
import type { OpcodeTable } from './opcode-table.ts';
import type { HermesPlan } from './plan.ts';
import { createRegisterModel } from './register-model.ts';
import type { StringModel } from './string-model.ts';

/** Header of a function, without what follows from the layout. */
export type FunctionHeader = Record<string, number>;

/** Old or wanted function: header and code. */
export interface FunctionParts {
  readonly header: Readonly<FunctionHeader>;
  readonly code: () => FunctionCode;
}

/** What was coded: code, or the number of the function whose body it shares. */
export interface CodedFunction {
  readonly header: FunctionHeader;
  readonly code?: FunctionCode;
  readonly sharesBodyOf?: number;
}

/** Codes new and modified functions. */
export interface FunctionCoder {
  /** `old`: the function that it was made from, mapped. `sharedWith`: encoder only, the earlier function with the same body. */
  code(
    number: number,
    old?: FunctionParts,
    wanted?: FunctionParts & { readonly sharedWith?: number },
  ): CodedFunction;
}

// What the layout decides or other parts code.
const ELSEWHERE = new Set(['offset', 'size', 'infoOffset', 'functionName', 'flags']);
const CACHE_FIELDS: Readonly<Record<string, { readonly writes: boolean; readonly highest: boolean }>> = {
  highestReadCache: { highest: true, writes: false },
  highestWriteCache: { highest: true, writes: true },
  readCacheSize: { highest: false, writes: false },
  writeCacheSize: { highest: false, writes: true },
};
const MAX_INSTRUCTIONS = 4_000_000;

export function createFunctionCoder(
  coder: Coder,
  layout: BytecodeLayout,
  table: OpcodeTable,
  strings: StringModel,
  literals: LiteralModel,
  history: CodeHistory | undefined,
  headerOf: (number: number) => Readonly<FunctionHeader>,
  plan?: HermesPlan,
): FunctionCoder {
  const { contexts } = coder;
  const instructions: InstructionCoder = createInstructionCoder(coder, table, strings, literals);
  const plainFields = layout.functionHeader
    .map(([name]) => name)
    .filter((name) => !ELSEWHERE.has(name) && !(name in CACHE_FIELDS));
  const cacheFields = layout.functionHeader.map(([name]) => name).filter((name) => name in CACHE_FIELDS);
  let exactBefore = 0;

  const codeHeader = (
    old: Readonly<FunctionHeader> | undefined,
    wanted: Readonly<FunctionHeader> | undefined,
  ): FunctionHeader => {
    coder.section('function headers');
    const header: FunctionHeader = {};
    header.functionName = strings.code(
      wanted?.functionName ?? 0,
      old?.functionName ?? -1,
      old === undefined ? 8 : 9,
    );
    contexts[0] = mix(91, old === undefined ? 999 : old.flags & ~IS_LARGE);
    contexts[1] = 92;
    header.flags = coder.symbol(8, SET.flags, 2, (wanted?.flags ?? 0) & ~IS_LARGE);
    plainFields.forEach((name, f) => {
      const value = wanted?.[name] ?? 0;
      if (old !== undefined && coder.flag(CONTEXT.fieldSame + f, value === old[name])) {
        header[name] = old[name];
      } else if (name === 'frameSize' && header.numberRegCount !== undefined) {
        const registers = header.numberRegCount + header.nonPtrRegCount;
        header[name] = registers + coder.signed(CONTEXT.frameSize, value - registers);
      } else {
        contexts[0] = mix(93, f);
        contexts[1] = mix3(94, f, old === undefined ? -1 : old[name]);
        contexts[2] = mix3(95, f, header.paramCount + 256 * (header.loopDepth ?? 0));
        const byte = coder.symbol(8, SET.field, 3, Math.min(value, 255));
        header[name] = byte < 255 ? byte : 255 + coder.number(CONTEXT.fieldLarge + f, value - 255);
      }
    });
    return header;
  };

  const codeCacheFields = (
    header: FunctionHeader,
    expected: (writes: boolean) => number,
    wanted?: Readonly<FunctionHeader>,
  ): void => {
    coder.section('function headers');
    cacheFields.forEach((name, f) => {
      const { highest, writes } = CACHE_FIELDS[name];
      const used = expected(writes);
      const guess = highest ? Math.max(used - 1, 0) : used;
      header[name] = coder.flag(CONTEXT.cacheSame + f, wanted?.[name] === guess)
        ? guess
        : coder.number(CONTEXT.cacheSize + f, wanted?.[name] ?? 0);
    });
  };

  const codeInstructions = (
    number: number,
    before: FunctionCode | undefined,
    wanted: FunctionCode | undefined,
    models: FunctionModels,
  ): { readonly list: Instruction[]; readonly aligned?: Int32Array; readonly image?: Int32Array } => {
    coder.section('alignment');
    const oldCount = before?.instructions.length ?? 0;
    const base = before === undefined ? 0 : oldCount;
    const count =
      base +
      coder.signed(
        CONTEXT.instructionCount + (before === undefined ? 0 : 1),
        (wanted?.instructions.length ?? 0) - base,
      );
    if (!(count >= 0 && count <= MAX_INSTRUCTIONS))
      throw deltaError('ERR_DELTA_CORRUPT', `Function ${number} has too many instructions`);
    const aligned =
      before === undefined
        ? undefined
        : codeAlignment(
            coder,
            oldCount,
            count,
            wanted === undefined ? undefined : plan?.align(before, wanted),
          );
    const image = aligned === undefined ? undefined : imageOf(aligned, oldCount);
    history?.restart();
    instructions.begin(models);
    const list: Instruction[] = [];
    for (let i = 0; i < count; i++) {
      const truth = wanted?.instructions[i];
      const old =
        aligned !== undefined && aligned[i] >= 0
          ? (before as FunctionCode).instructions[aligned[i]]
          : undefined;
      let coded: Instruction | undefined;
      let usedHistory = false;
      if (old !== undefined) {
        const jump = old.target >= 0 ? (image as Int32Array)[old.target] : undefined;
        const expected = expect(old, jump, models);
        coder.section('exact instructions');
        const exact = coder.flag(
          CONTEXT.instructionExact + exactBefore,
          truth !== undefined && sameInstruction(expected, truth),
        );
        exactBefore = ((exactBefore << 1) | (exact ? 1 : 0)) & 7;
        if (exact) {
          instructions.note(expected, old);
          coded = expected;
        } else {
          coded = instructions.code(
            i,
            { aligned: true, instruction: old, matched: 0, ...(jump === undefined ? {} : { jump }) },
            truth,
          );
        }
      } else {
        const guess = history?.predict();
        usedHistory = guess !== undefined;
        coded = instructions.code(i, guess === undefined ? undefined : { ...guess, aligned: false }, truth);
      }
      history?.add(coded, coded.target - i, usedHistory);
      list.push(coded);
    }
    for (const { target } of list)
      if (target > count) throw deltaError('ERR_DELTA_CORRUPT', `Function ${number} jumps past its end`);
    return { list, ...(aligned === undefined ? {} : { aligned }), ...(image === undefined ? {} : { image }) };
  };

  /** The aligned instruction with registers renamed as in this function, its cache slot by order of names. */
  const expect = (old: Instruction, jump: number | undefined, models: FunctionModels): Instruction => {
    const values = old.values.slice();
    const letters = table.operands[old.op];
    for (let a = 0; a < letters.length; a++) {
      if (letters.charAt(a) === 'r') values[a] = models.registers.renamed(values[a], values[a]);
    }
    const expected: Instruction = { op: old.op, target: jump ?? -1, values };
    if (old.double !== undefined) expected.double = old.double;
    const slot = instructions.cacheSlot(expected);
    if (slot !== undefined) values[slot.operand] = slot.slot;
    return expected;
  };

  const sameInstruction = (a: Instruction, b: Instruction): boolean => {
    if (a.op !== b.op || a.target !== b.target) return false;
    for (let i = 0; i < a.values.length; i++) if (a.values[i] !== b.values[i]) return false;
    return (
      a.double === undefined ||
      (b.double !== undefined && a.double.every((byte, i) => byte === b.double?.[i]))
    );
  };

  const codeSwitches = (
    list: readonly Instruction[],
    before: FunctionCode | undefined,
    aligned: Int32Array | undefined,
    image: Int32Array | undefined,
    wanted: FunctionCode | undefined,
  ): Switch[] => {
    coder.section('switches');
    const switches: Switch[] = [];
    for (let i = 0; i < list.length; i++) {
      const { op, values } = list[i];
      if (operandNumber(table, op, 't') < 0) continue;
      const keyed = operandNumber(table, op, 'q') >= 0;
      const count = switchSize(keyed, values);
      if (!(count >= 0 && count <= MAX_INSTRUCTIONS))
        throw deltaError('ERR_DELTA_CORRUPT', 'A switch has too many cases');
      const truth = wanted?.switches.find(({ at }) => at === i);
      const old =
        aligned === undefined || aligned[i] < 0
          ? undefined
          : before?.switches.find(({ at }) => at === aligned[i]);
      const entry: Switch = { at: i, keyed, keys: [], targets: [] };
      for (let k = 0; k < count; k++) {
        if (keyed) entry.keys.push(strings.code(truth?.keys[k] ?? 0, old?.keys[k] ?? -1, 10));
        const known =
          old !== undefined && k < old.targets.length ? (image as Int32Array)[old.targets[k]] : -1;
        const value = truth?.targets[k] ?? 0;
        if (known >= 0 && coder.flag(CONTEXT.switchSame, value === known)) {
          entry.targets.push(known);
          continue;
        }
        const last = k > 0 ? entry.targets[k - 1] : i;
        entry.targets.push(within(last + coder.signed(CONTEXT.switchNew, value - last), list.length));
      }
      switches.push(entry);
    }
    return switches;
  };

  const codeExceptions = (
    count: number,
    before: FunctionCode | undefined,
    image: Int32Array | undefined,
    wanted: FunctionCode | undefined,
  ): number[][] => {
    coder.section('exception tables');
    const old = before?.exceptions ?? [];
    const size =
      old.length + coder.signed(CONTEXT.exceptionCount, (wanted?.exceptions.length ?? 0) - old.length);
    if (!(size >= 0 && size <= count + 1))
      throw deltaError('ERR_DELTA_CORRUPT', 'A function has too many exception handlers');
    const exceptions: number[][] = [];
    for (let i = 0; i < size; i++) {
      const entry: number[] = [];
      for (let k = 0; k < 3; k++) {
        const known = i < old.length ? (image as Int32Array)[old[i][k]] : -1;
        const value = wanted?.exceptions[i][k] ?? 0;
        if (known >= 0 && coder.flag(CONTEXT.exceptionSame, value === known)) {
          entry.push(known);
          continue;
        }
        const last = k > 0 ? entry[k - 1] : i > 0 ? exceptions[i - 1][0] : 0;
        entry.push(within(last + coder.signed(CONTEXT.exceptionNew + k, value - last), count));
      }
      exceptions.push(entry);
    }
    return exceptions;
  };

  return {
    code: (number, old, wanted) => {
      const header = codeHeader(old?.header, wanted?.header);
      const shared = coder.flag(
        CONTEXT.bodyShared + (old === undefined ? 0 : 1),
        wanted?.sharedWith !== undefined,
      );
      if (shared) {
        const with_ =
          number - 1 - coder.number(CONTEXT.bodySharedBack, number - 1 - (wanted?.sharedWith ?? 0));
        if (!(with_ >= 0))
          throw deltaError(
            'ERR_DELTA_CORRUPT',
            `Function ${number} shares the body of one that does not exist`,
          );
        const other = headerOf(with_);
        codeCacheFields(header, (writes) => cacheSizeOf(other, cacheFields, writes), wanted?.header);
        return { header, sharesBodyOf: with_ };
      }
      const before = old?.code();
      const truth = wanted?.code();
      const models: FunctionModels = {
        caches: createCacheModel(coder),
        integerShift: 0,
        lastFunction: -1,
        number,
        registers: createRegisterModel(coder),
      };
      const { aligned, image, list } = codeInstructions(number, before, truth, models);
      codeCacheFields(header, models.caches.size, wanted?.header);
      const switches = codeSwitches(list, before, aligned, image, truth);
      const exceptions =
        (header.flags & HAS_EXCEPTIONS) === 0 ? [] : codeExceptions(list.length, before, image, truth);
      return { code: { exceptions, instructions: list, switches }, header };
    },
  };
}

function within(value: number, count: number): number {
  if (!(value >= 0 && value <= count))
    throw deltaError('ERR_DELTA_CORRUPT', 'A jump leads out of its function');
  return value;
}

function cacheSizeOf(header: Readonly<FunctionHeader>, fields: readonly string[], writes: boolean): number {
  for (const name of fields) {
    const field = CACHE_FIELDS[name];
    if (field.writes === writes) return header[name] + (field.highest ? 1 : 0);
  }
  return 0;
}
