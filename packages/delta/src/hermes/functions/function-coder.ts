import {
  type BytecodeLayout,
  FIRST_PLAIN_FIELD,
  FLAGS,
  FUNCTION_NAME,
  HAS_EXCEPTIONS,
  READ_CACHE,
  WRITE_CACHE,
} from '../file/bytecode-layout.ts';
import { createBodyCoder } from './body-coder.ts';
import type { BodyPredictor } from './body-predictor.ts';
import type { WrittenBody } from '../instructions/assembler.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import type { LiteralModel } from '../literals/literal-model.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import type { HermesPlan } from '../plan.ts';
import type { StringModel } from '../strings/string-model.ts';
import type { Work } from '../work.ts';

/** Header of a function, fields at their numbers, without what follows from the layout. */
export type FunctionHeader = number[];

/** What was coded: a body, or the number of the function whose body it shares. */
export interface CodedFunction {
  readonly header: FunctionHeader;
  readonly body?: WrittenBody;
  readonly owner?: number;
}

/** Codes a new or modified function; its body is written into `out` at `at`. `source`: the old function that it was made from, or -1. */
export type FunctionCoder = (
  number: number,
  out: Uint8Array,
  at: number,
  source: number,
) => Work<CodedFunction>;

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
  predictor: BodyPredictor,
  plan?: HermesPlan,
): FunctionCoder {
  const codeBody = createBodyCoder(coder, table, strings, literals, plan);
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

  return function* (number, out, at, source) {
    const made = source < 0 ? 0 : 1;
    plan?.functionHeader(number);
    const header = codeHeader(made ? headerOf(number) : undefined);
    if (coder.flag(CONTEXT.bodyShared + made)) {
      const owner = number - 1 - coder.number(CONTEXT.bodySharedBack, number - 1);
      const other = headerOf(owner);
      codeCacheFields(
        header,
        [READ_CACHE, WRITE_CACHE].map((field) => other[field] + (layout.hasShapes ? 0 : 1)),
      );
      return { header, owner };
    }
    const before = made ? yield* predictor.takeApart(source) : undefined;
    const hasExceptions = (header[FLAGS] & HAS_EXCEPTIONS) !== 0;
    const { body, slots } = yield* codeBody(number, out, at, hasExceptions, before);
    codeCacheFields(header, slots);
    return { body, header };
  };
}
