import {
  FLAGS,
  FUNCTION_NAME,
  HAS_EXCEPTIONS,
  IS_LARGE,
  READ_CACHE,
  STRING_SWITCHES,
  WRITE_CACHE,
} from '../file/bytecode-layout.ts';
import type { FunctionCode, Instruction } from '../instructions/function-code.ts';
import { plainFields } from '../functions/function-coder.ts';
import { type OpcodeTable, WRITES_FIRST } from '../instructions/opcode-table.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import { createAligner } from './align-instructions.ts';
import type { AnsweringCoder } from './answering-coder.ts';
import { targetCode, unmodifiedFunctions } from './target-functions.ts';
import { tellSequence } from './tell.ts';

type FunctionPlan = Pick<HermesPlan, 'code' | 'functionHeader' | 'functions' | 'instruction' | 'modified'>;

/** What is said of functions. `matched`: for each of the target's the old one that it comes from, or -1. */
export function planFunctions(
  { section, tell }: AnsweringCoder,
  old: HermesFile,
  target: HermesFile,
  table: OpcodeTable,
  matched: Int32Array,
): FunctionPlan {
  const { fields, owner } = target.functions;
  const align = createAligner(table);
  const plain = plainFields(target.layout);
  const tellCaches = (j: number): void => tell(fields[READ_CACHE][j], fields[WRITE_CACHE][j]);
  const kept = target.header[STRING_SWITCHES] === old.header[STRING_SWITCHES];
  let current = 0;
  let code: FunctionCode;

  /** Operands in the order in which they are asked for. */
  const tellInstruction = ({ op, values }: Instruction): void => {
    const kinds = table.kinds[op];
    tell(op);
    for (let step = 0; step < kinds.length; step++) {
      const a = (step + (table.traits[op] & WRITES_FIRST)) % kinds.length;
      if (!'tcm'.includes(kinds[a])) tell(values[a]);
    }
    const cache = kinds.search(/[cm]/);
    if (cache >= 0) tell(values[cache]);
  };

  const tellAlignment = (aligned: Int32Array): void => {
    const count = aligned.length;
    for (let i = 0, from = 0; i < count;) {
      let run = 0;
      while (i + run < count && aligned[i + run] === from + run) run++;
      tell(run);
      i += run;
      from += run;
      if (i >= count) break;
      let inserted = 0;
      while (i + inserted < count && aligned[i + inserted] < 0) inserted++;
      i += inserted;
      const deleted = i < count ? aligned[i] - from : 0;
      tell(inserted, deleted);
      from += deleted;
    }
  };
  /** Of the current function: what follows its instructions. */
  const tellRest = (): void => {
    for (const { keys, targets } of code.switches) {
      targets.forEach((place, k) => {
        if (keys.length > 0) tell(keys[k]);
        tell(place);
      });
    }
    if ((fields[FLAGS][current] & HAS_EXCEPTIONS) !== 0) {
      tell(code.exceptions.length);
      for (const entry of code.exceptions) tell(...entry);
    }
    tellCaches(current);
  };

  return {
    code: (before) => {
      code = targetCode(target, table, current);
      const { count } = code;
      tell(count);
      if (before !== undefined) tellAlignment(align(before, code));
      if (count === 0) tellRest();
    },
    functionHeader: (j) => {
      section('function headers');
      current = j;
      tell(fields[FUNCTION_NAME][j], fields[FLAGS][j] & ~IS_LARGE);
      plain.forEach((field) => tell(fields[field][j]));
      const shared = owner[j] !== j;
      tell(shared ? 1 : 0);
      if (!shared) return;
      tell(j - 1 - owner[j]);
      tellCaches(j);
    },
    functions: () => {
      section('function list');
      tell(target.functions.count);
      tellSequence(tell, matched, old.functions.count);
    },
    instruction: (i, expected) => {
      const wanted = code.instruction(i);
      const exact = expected !== undefined && sameInstruction(expected, wanted);
      if (expected !== undefined) tell(exact ? 1 : 0);
      if (!exact) tellInstruction(wanted);
      if (i === code.count - 1) tellRest();
    },
    modified: (sources, newStringIds, predictor) => {
      section('function list');
      tell(kept ? 1 : 0);
      const unmodified = unmodifiedFunctions(old, target, table, sources, newStringIds, predictor, kept);
      const states: number[] = [];
      sources.forEach((source, j) => {
        if (source >= 0) states.push(unmodified[j]);
      });
      const none = !states.includes(0);
      tell(none ? 1 : 0);
      if (none) return;
      const run = (start: number, state: number): number => {
        let length = 0;
        while (states[start + length] === state) length++;
        return length;
      };
      for (let i = 0; i < states.length;) {
        tell(run(i, 1));
        i += run(i, 1);
        if (i >= states.length) break;
        tell(run(i, 0) - 1);
        i += run(i, 0);
      }
    },
  };
}

function sameInstruction(a: Instruction, b: Instruction): boolean {
  return a.op === b.op && a.values.every((value, i) => value === b.values[i]);
}
