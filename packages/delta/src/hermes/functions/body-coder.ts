import { mustHold } from '../../error.ts';
import { codeAlignment, imageOf } from './alignment.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import { createAssembler, type WrittenBody } from '../instructions/assembler.ts';
import { createCacheModel } from '../instructions/cache-model.ts';
import {
  type FunctionCode,
  type Instruction,
  type Switch,
  switchSize,
} from '../instructions/function-code.ts';
import { createInstructionCoder, type FunctionModels } from '../instructions/instruction-coder.ts';
import type { LiteralModel } from '../literals/literal-model.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import { createRegisterModel } from '../instructions/register-model.ts';
import type { HermesPlan } from '../plan.ts';
import type { StringModel } from '../strings/string-model.ts';
import { each, type Work } from '../work.ts';

/** A coded body, and what follows from it. */
export interface CodedBody {
  readonly body: WrittenBody;
  /** Slots of the caches that are read and written. */
  readonly slots: readonly number[];
}

/**
 * Codes the body of function `number` and writes it into `out` at `at`: instructions, jump tables, exception handlers. `before`: that of the old
 * function, references mapped.
 */
export type BodyCoder = (
  number: number,
  out: Uint8Array,
  at: number,
  hasExceptions: boolean,
  before?: FunctionCode,
) => Work<CodedBody>;

const MAX_INSTRUCTIONS = 4_000_000;
/** Instructions between two yields. */
const SLICE = 64;

export function createBodyCoder(
  coder: Coder,
  table: OpcodeTable,
  strings: StringModel,
  literals: LiteralModel,
  plan?: HermesPlan,
): BodyCoder {
  const instructions = createInstructionCoder(coder, table, strings, literals);
  return function* (number, out, at, hasExceptions, before) {
    plan?.code(before);
    const most = Math.min(MAX_INSTRUCTIONS, out.length);
    const oldCount = before?.count ?? 0;
    const count = coder.near(CONTEXT.instructionCount + (before ? 1 : 0), oldCount, most);
    const aligned = before && codeAlignment(coder, oldCount, count);
    const image = aligned && imageOf(aligned, oldCount);
    const models: FunctionModels = {
      caches: createCacheModel(coder),
      last: number,
      registers: createRegisterModel(coder),
    };
    const assembler = createAssembler(table, out, at, count);
    const withTables: [number, Instruction][] = [];

    /** The aligned instruction with registers renamed and jumps as in this function, slots as they follow. */
    const expect = ({ op, values }: Instruction): Instruction => {
      const kinds = table.kinds[op];
      const expected = {
        op,
        values: values.map((value, a) =>
          kinds[a] === 'r' ? models.registers.renamed(value) : kinds[a] === 'j' ? placeOf(value) : value,
        ),
      };
      instructions.place(expected);
      return expected;
    };
    const jumpOf = ({ op, values }: Instruction): number | undefined => values[table.kinds[op].indexOf('j')];
    /** Where an old instruction, or the next one that is still there, is now; -1 when nothing is known. */
    const placeOf = (old: number | undefined): number => image?.[old ?? -1] ?? -1;
    const codePlace = (context: number, same: number, old: number | undefined, last: number): number => {
      const known = placeOf(old);
      return known >= 0 && coder.is(same, known) ? known : coder.near(context, last, count);
    };

    instructions.begin(models);
    const codeOne = (i: number): void => {
      const from = aligned?.[i] ?? -1;
      const old = from < 0 ? undefined : before?.instruction(from);
      const expected = old && expect(old);
      plan?.instruction(i, expected);
      let coded: Instruction;
      if (expected && coder.flag(CONTEXT.instructionExact)) {
        coded = expected;
        instructions.note(coded, old);
      } else {
        coded = instructions.code(i, old, expected && jumpOf(expected));
      }
      const target = jumpOf(coded) ?? 0;
      mustHold(target >= 0 && target <= count);
      assembler.add(coded);
      if (table.kinds[coded.op].includes('t')) withTables.push([i, coded]);
    };
    yield* each(count, codeOne, SLICE);
    const switches = withTables.map(([i, { op, values }]): Switch => {
      const keyed = table.kinds[op].includes('q');
      const size = switchSize(keyed, values);
      mustHold(size <= most);
      const old = before?.switches.find(({ at }) => at === aligned?.[i]);
      const entry: Switch = { at: i, keys: [], targets: [] };
      for (let k = 0, last = i; k < size; k++) {
        if (keyed) entry.keys.push(strings.code(old?.keys[k] ?? -1, 2));
        last = codePlace(CONTEXT.switchNew, CONTEXT.switchSame, old?.targets[k], last);
        entry.targets.push(last);
      }
      return entry;
    });
    const exceptions: number[][] = [];
    if (hasExceptions) {
      const old = before?.exceptions ?? [];
      const size = coder.near(CONTEXT.exceptionCount, old.length, count + 1);
      for (let i = 0; i < size; i++) {
        const entry: number[] = [];
        for (let k = 0, last = exceptions[i - 1]?.[0] ?? 0; k < 3; k++) {
          last = codePlace(CONTEXT.exceptionNew + k, CONTEXT.exceptionSame, old[i]?.[k], last);
          entry.push(last);
        }
        exceptions.push(entry);
      }
    }
    return { body: assembler.finish({ exceptions, switches }), slots: models.caches.next };
  };
}
