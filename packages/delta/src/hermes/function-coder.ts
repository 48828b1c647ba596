import { mustHold } from '../error.ts';
import { codeAlignment, imageOf } from './alignment.ts';
import { mix, mix3 } from './bits.ts';
import { type BytecodeLayout, HAS_EXCEPTIONS } from './bytecode-layout.ts';
import { createCacheModel } from './cache-model.ts';
import type { CodeHistory } from './code-history.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';
import { type FunctionCode, type Instruction, type Switch, switchSize } from './function-code.ts';
import {
  ALIGNED,
  createInstructionCoder,
  type FunctionModels,
  type Prediction,
} from './instruction-coder.ts';
import type { LiteralModel } from './literal-model.ts';
import type { OpcodeTable } from './opcode-table.ts';
import type { HermesPlan } from './plan.ts';
import { createRegisterModel } from './register-model.ts';
import type { StringModel } from './string-model.ts';
import type { Work } from './work.ts';

/** Header of a function, without what follows from the layout. */
export type FunctionHeader = Record<string, number>;

/** The old function that a new one was made from, mapped. */
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

/** Codes a new or modified function. */
export type FunctionCoder = (number: number, old?: FunctionParts) => Work<CodedFunction>;

/** What the layout decides or other parts code. */
const ELSEWHERE = /^(offset|size|infoOffset|functionName|flags)$/;
/** Sizes of the inline caches, or (in older versions) their highest slots; first the cache for reads. */
const CACHE = /(read|write)Cache/i;
const MAX_INSTRUCTIONS = 4_000_000;

/** Fields of a function header that are coded one by one: those before the code, and those that follow from it. */
export function codedFields(layout: BytecodeLayout): readonly [plain: string[], caches: string[]] {
  const names = layout.functionHeader.map(([name]) => name).filter((name) => !ELSEWHERE.test(name));
  return [names.filter((name) => !CACHE.test(name)), names.filter((name) => CACHE.test(name))];
}

export function createFunctionCoder(
  coder: Coder,
  layout: BytecodeLayout,
  table: OpcodeTable,
  strings: StringModel,
  literals: LiteralModel,
  history: CodeHistory,
  headerOf: (number: number) => Readonly<FunctionHeader>,
  plan?: HermesPlan,
): FunctionCoder {
  const instructions = createInstructionCoder(coder, table, strings, literals);
  const [plainFields, cacheFields] = codedFields(layout);
  let exactBefore = 0;

  const codeHeader = (old: Readonly<FunctionHeader> | undefined): FunctionHeader => {
    const header: FunctionHeader = {};
    header.functionName = strings.code(old?.functionName ?? -1, old === undefined ? 8 : 9);
    header.flags = coder.symbol(8, SET.flags, [mix(91, old?.flags ?? 999), 92]);
    plainFields.forEach((name, f) => {
      const before = old?.[name] ?? -1;
      const registers = header.numberRegCount + header.nonPtrRegCount;
      if (before >= 0 && coder.is(CONTEXT.fieldSame + f, before)) {
        header[name] = before;
      } else if (name === 'frameSize' && registers >= 0) {
        header[name] = coder.near(CONTEXT.frameSize, registers);
      } else {
        const byte = coder.symbol(
          8,
          SET.field,
          [mix(93, f), mix3(94, f, before), mix3(95, f, header.paramCount + 256 * (header.loopDepth ?? 0))],
          (value) => Math.min(value, 255),
        );
        header[name] = byte < 255 ? byte : 255 + coder.number(CONTEXT.fieldLarge + f, (value) => value - 255);
        coder.done();
      }
    });
    return header;
  };

  /** `used`: slots of the caches that are read and written. */
  const codeCacheFields = (header: FunctionHeader, used: readonly number[]): void => {
    cacheFields.forEach((name, f) => {
      const slots = used[f];
      const guess = layout.hasShapes ? slots : Math.max(slots - 1, 0);
      header[name] = coder.is(CONTEXT.cacheSame + f, guess) ? guess : coder.number(CONTEXT.cacheSize + f);
    });
  };

  const codeInstructions = (
    before: FunctionCode | undefined,
    aligned: Int32Array | undefined,
    image: Int32Array,
    count: number,
    models: FunctionModels,
  ): Instruction[] => {
    history.restart();
    instructions.begin(models);
    const list: Instruction[] = [];
    for (let i = 0; i < count; i++) {
      const old = before?.instructions[aligned?.[i] ?? -1];
      let guess: Prediction | undefined;
      let coded: Instruction;
      if (old === undefined) {
        guess = history.predict(i);
        plan?.instruction(i, guess?.instruction, false);
        coded = instructions.code(i, guess);
      } else {
        const expected = expect(old, image, models);
        plan?.instruction(i, expected, true);
        const exact = coder.flag(CONTEXT.instructionExact + exactBefore);
        exactBefore = ((exactBefore << 1) | Number(exact)) & 7;
        if (exact) {
          coded = expected;
          instructions.note(coded, old);
        } else {
          const jump = expected.values[table.jumpOperand[old.op]] ?? -1;
          coded = instructions.code(i, { instruction: old, jump, matched: ALIGNED });
        }
      }
      history.add(i, coded, guess !== undefined);
      const target = coded.values[table.jumpOperand[coded.op]] ?? 0;
      mustHold(target >= 0 && target <= count);
      list.push(coded);
    }
    return list;
  };

  /** The aligned instruction with registers renamed and jumps as in this function, its cache slot by order of names. */
  const expect = ({ op, values }: Instruction, image: Int32Array, models: FunctionModels): Instruction => {
    const kinds = table.kinds[op];
    const expected = {
      op,
      values: values.map((value, a) =>
        kinds[a] === 'r' ? models.registers.renamed(value) : kinds[a] === 'j' ? image[value] : value,
      ),
    };
    instructions.placeCache(expected);
    return expected;
  };

  const codePlace = (context: number, same: number, known: number, last: number, count: number): number => {
    const place = known >= 0 && coder.is(same, known) ? known : coder.near(context, last);
    mustHold(place >= 0 && place <= count);
    return place;
  };

  const codeSwitches = (
    list: readonly Instruction[],
    before: FunctionCode | undefined,
    aligned: Int32Array | undefined,
    image: Int32Array,
  ): Switch[] => {
    const switches: Switch[] = [];
    list.forEach(({ op, values }, i) => {
      if (!table.kinds[op].includes('t')) return;
      const keyed = table.kinds[op].includes('q');
      const count = switchSize(keyed, values);
      mustHold(count >= 0 && count <= MAX_INSTRUCTIONS);
      const old = before?.switches.find(({ at }) => at === aligned?.[i]);
      const entry: Switch = { at: i, keys: [], targets: [] };
      for (let k = 0; k < count; k++) {
        if (keyed) entry.keys.push(strings.code(old?.keys[k] ?? -1, 10));
        const known = image[old?.targets[k] ?? -1] ?? -1;
        const last = k > 0 ? entry.targets[k - 1] : i;
        entry.targets.push(codePlace(CONTEXT.switchNew, CONTEXT.switchSame, known, last, list.length));
      }
      switches.push(entry);
    });
    return switches;
  };

  const codeExceptions = (
    count: number,
    old: readonly (readonly number[])[],
    image: Int32Array,
  ): number[][] => {
    const size = coder.near(CONTEXT.exceptionCount, old.length);
    mustHold(size >= 0 && size <= count + 1);
    const exceptions: number[][] = [];
    for (let i = 0; i < size; i++) {
      const entry: number[] = [];
      for (let k = 0; k < 3; k++) {
        const known = image[old[i]?.[k] ?? -1] ?? -1;
        const last = k > 0 ? entry[k - 1] : i > 0 ? exceptions[i - 1][0] : 0;
        entry.push(codePlace(CONTEXT.exceptionNew + k, CONTEXT.exceptionSame, known, last, count));
      }
      exceptions.push(entry);
    }
    return exceptions;
  };

  return function* (number, old) {
    const made = old === undefined ? 0 : 1;
    plan?.functionHeader(number);
    const header = codeHeader(old?.header);
    if (coder.flag(CONTEXT.bodyShared + made)) {
      const owner = number - 1 - coder.number(CONTEXT.bodySharedBack);
      mustHold(owner >= 0);
      const other = headerOf(owner);
      codeCacheFields(
        header,
        cacheFields.map((name) => other[name] + (layout.hasShapes ? 0 : 1)),
      );
      return { header, sharesBodyOf: owner };
    }
    const before = old?.code();
    const oldCount = before?.instructions.length ?? 0;
    plan?.functionCode(before);
    const count = coder.near(CONTEXT.instructionCount + made, oldCount);
    mustHold(count >= 0 && count <= MAX_INSTRUCTIONS);
    const aligned = before && codeAlignment(coder, oldCount, count);
    // Nothing new, no need to read all of the old code.
    if (!aligned || aligned.includes(-1)) yield* history.read();
    const image = aligned ? imageOf(aligned, oldCount) : new Int32Array(0);
    const models: FunctionModels = {
      caches: createCacheModel(coder),
      integerShift: 0,
      lastFunction: number,
      registers: createRegisterModel(coder),
    };
    const list = codeInstructions(before, aligned, image, count, models);
    plan?.functionEnd();
    codeCacheFields(header, models.caches.next);
    const switches = codeSwitches(list, before, aligned, image);
    const exceptions =
      (header.flags & HAS_EXCEPTIONS) === 0 ? [] : codeExceptions(count, before?.exceptions ?? [], image);
    return { code: { exceptions, instructions: list, switches }, header };
  };
}
