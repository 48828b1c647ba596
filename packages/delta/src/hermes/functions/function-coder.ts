import { mustHold } from '../../error.ts';
import { codeAlignment, imageOf } from './alignment.ts';
import {
  type BytecodeLayout,
  FIRST_PLAIN_FIELD,
  FLAGS,
  FUNCTION_NAME,
  HAS_EXCEPTIONS,
  READ_CACHE,
  WRITE_CACHE,
} from '../file/bytecode-layout.ts';
import { createCacheModel } from '../instructions/cache-model.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import {
  type FunctionCode,
  type Instruction,
  type Switch,
  switchSize,
} from '../instructions/function-code.ts';
import { createInstructionCoder, type FunctionModels } from '../instructions/instruction-coder.ts';
import type { LiteralModel } from '../literals/literal-model.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import type { HermesPlan } from '../plan.ts';
import { createRegisterModel } from '../instructions/register-model.ts';
import type { StringModel } from '../strings/string-model.ts';
import { inPieces, type Work } from '../work.ts';

/** Header of a function, fields at their numbers, without what follows from the layout. */
export type FunctionHeader = number[];

/** The old function that a new one was made from, mapped. */
export interface FunctionParts {
  readonly header: readonly number[];
  readonly code: () => Work<FunctionCode>;
}

/** What was coded: code, or the number of the function whose body it shares. */
export interface CodedFunction {
  readonly header: FunctionHeader;
  readonly code?: FunctionCode;
  readonly owner?: number;
}

/** Codes a new or modified function. */
export type FunctionCoder = (number: number, old?: FunctionParts) => Work<CodedFunction>;

const MAX_INSTRUCTIONS = 4_000_000;
/** Instructions between two yields. */
const SLICE = 64;

/** Fields of a function header that are coded one by one before the code. Those of the caches follow from it. */
export function plainFields({ functionHeader }: BytecodeLayout): readonly number[] {
  return functionHeader.map(([field]) => field).filter((field) => field >= FIRST_PLAIN_FIELD);
}

export function createFunctionCoder(
  coder: Coder,
  layout: BytecodeLayout,
  table: OpcodeTable,
  strings: StringModel,
  literals: LiteralModel,
  headerOf: (number: number) => readonly number[],
  plan?: HermesPlan,
): FunctionCoder {
  const instructions = createInstructionCoder(coder, table, strings, literals);
  const plain = [FLAGS, ...plainFields(layout)];

  const codeHeader = (old: readonly number[] | undefined): FunctionHeader => {
    const header: FunctionHeader = [];
    header[FUNCTION_NAME] = strings.code(old?.[FUNCTION_NAME] ?? -1, 3);
    for (const field of plain) {
      const before = old?.[field] ?? -1;
      header[field] =
        before >= 0 && coder.is(CONTEXT.fieldSame + field, before)
          ? before
          : coder.number(CONTEXT.fieldNew + field);
    }
    return header;
  };

  /** `used`: slots of the caches that are read and written. */
  const codeCacheFields = (header: FunctionHeader, used: readonly number[]): void =>
    used.forEach((slots, side) => {
      const guess = layout.hasShapes ? slots : Math.max(slots - 1, 0);
      header[READ_CACHE + side] = coder.is(CONTEXT.cacheSame + side, guess)
        ? guess
        : coder.number(CONTEXT.cacheSize + side);
    });

  function* codeInstructions(
    before: FunctionCode | undefined,
    aligned: Int32Array | undefined,
    image: Int32Array,
    count: number,
    models: FunctionModels,
  ): Work<Instruction[]> {
    instructions.begin(models);
    const list: Instruction[] = [];
    const codeOne = (i: number): void => {
      const old = before?.instructions[aligned?.[i] ?? -1];
      const expected = old && expect(old, image, models);
      plan?.instruction(i, expected);
      const exact = expected !== undefined && coder.flag(CONTEXT.instructionExact);
      const coded = exact
        ? expected
        : instructions.code(i, old, expected?.values[table.kinds[expected.op].indexOf('j')]);
      if (exact) instructions.note(coded, old as Instruction);
      const target = coded.values[table.kinds[coded.op].indexOf('j')] ?? 0;
      mustHold(target >= 0 && target <= count);
      list.push(coded);
    };
    yield* inPieces(count, SLICE, 0.5, (from, to) => {
      for (let i = from; i < to; i++) codeOne(i);
    });
    return list;
  }

  /** The aligned instruction with registers renamed and jumps as in this function, slots as they follow. */
  const expect = ({ op, values }: Instruction, image: Int32Array, models: FunctionModels): Instruction => {
    const kinds = table.kinds[op];
    const expected = {
      op,
      values: values.map((value, a) =>
        kinds[a] === 'r' ? models.registers.renamed(value) : kinds[a] === 'j' ? image[value] : value,
      ),
    };
    instructions.place(expected);
    return expected;
  };

  const codePlace = (context: number, same: number, known: number, last: number, count: number): number => {
    return known >= 0 && coder.is(same, known) ? known : coder.near(context, last, count);
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
        if (keyed) entry.keys.push(strings.code(old?.keys[k] ?? -1, 2));
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
    const size = coder.near(CONTEXT.exceptionCount, old.length, count + 1);
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
      const owner = number - 1 - coder.number(CONTEXT.bodySharedBack, number - 1);
      const other = headerOf(owner);
      codeCacheFields(
        header,
        [READ_CACHE, WRITE_CACHE].map((field) => other[field] + (layout.hasShapes ? 0 : 1)),
      );
      return { header, owner };
    }
    const before = old && (yield* old.code());
    const oldCount = before?.instructions.length ?? 0;
    plan?.code(before);
    const count = coder.near(CONTEXT.instructionCount + made, oldCount, MAX_INSTRUCTIONS);
    const aligned = before && codeAlignment(coder, oldCount, count);
    const image = aligned ? imageOf(aligned, oldCount) : new Int32Array(0);
    const models: FunctionModels = {
      caches: createCacheModel(coder),
      last: number,
      registers: createRegisterModel(coder),
    };
    const list = yield* codeInstructions(before, aligned, image, count, models);
    plan?.done();
    codeCacheFields(header, models.caches.next);
    const switches = codeSwitches(list, before, aligned, image);
    const exceptions =
      (header[FLAGS] & HAS_EXCEPTIONS) === 0 ? [] : codeExceptions(count, before?.exceptions ?? [], image);
    return { code: { exceptions, instructions: list, switches }, header };
  };
}
