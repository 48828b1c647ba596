import { HAS_EXCEPTIONS, IS_LARGE } from '../bytecode-layout.ts';
import type { FunctionCode, Instruction } from '../function-code.ts';
import { codedFields } from '../function-coder.ts';
import { type OpcodeTable, WRITES_FIRST } from '../opcode-table.ts';
import type { HermesFile } from '../parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import { createAligner } from './align-instructions.ts';
import type { AnsweringCoder } from './answering-coder.ts';
import { matchFunctions } from './match-functions.ts';
import { bodyOwners, targetCode, unmodifiedFunctions } from './target-functions.ts';
import { tellSequence } from './tell.ts';

type FunctionPlan = Pick<
  HermesPlan,
  | 'functionCode'
  | 'functionEnd'
  | 'functionHeader'
  | 'functionList'
  | 'instruction'
  | 'modified'
  | 'switchesKept'
>;

/** What is said of functions. */
export function planFunctions(
  { section, tell }: AnsweringCoder,
  old: HermesFile,
  target: HermesFile,
  table: OpcodeTable,
): FunctionPlan {
  const { fields } = target.functions;
  const owners = bodyOwners(target);
  const align = createAligner(table);
  const [plainFields, cacheFields] = codedFields(target.layout);
  const kept = target.header.numStringSwitchImms === old.header.numStringSwitchImms;
  let current = 0;
  let code: FunctionCode = { exceptions: [], instructions: [], switches: [] };

  /** Operands in the order in which they are asked for. */
  const tellInstruction = ({ op, values }: Instruction): void => {
    const kinds = table.kinds[op];
    tell(op);
    for (let step = 0; step < kinds.length; step++) {
      const a = (step + (table.traits[op] & WRITES_FIRST)) % kinds.length;
      if (!'tcm'.includes(kinds[a])) tell(values[a]);
    }
    const cache = table.cacheOperand[op];
    if (cache >= 0) tell(values[cache]);
  };

  return {
    functionCode: (before) => {
      code = targetCode(target, table, current);
      const count = code.instructions.length;
      tell(count);
      if (before === undefined) return;
      const aligned = align(before, code);
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
    },
    functionEnd: () => {
      cacheFields.forEach((name) => tell(fields[name][current]));
      for (const { keys, targets } of code.switches) {
        targets.forEach((place, k) => {
          if (keys.length > 0) tell(keys[k]);
          tell(place);
        });
      }
      if ((fields.flags[current] & HAS_EXCEPTIONS) === 0) return;
      tell(code.exceptions.length);
      for (const entry of code.exceptions) tell(...entry);
    },
    functionHeader: (j) => {
      section('function headers');
      current = j;
      tell(fields.functionName[j], fields.flags[j] & ~IS_LARGE);
      plainFields.forEach((name) => tell(fields[name][j]));
      const shared = owners[j] !== j;
      tell(shared ? 1 : 0);
      if (!shared) return;
      tell(j - 1 - owners[j]);
      cacheFields.forEach((name) => tell(fields[name][j]));
    },
    functionList: () => {
      section('function list');
      tell(target.functions.count);
      tellSequence(tell, matchFunctions(old, target, table), old.functions.count);
    },
    instruction: (i, prediction, aligned) => {
      const wanted = code.instructions[i];
      if (aligned) {
        const exact = sameInstruction(prediction as Instruction, wanted);
        tell(exact ? 1 : 0);
        if (exact) return;
      }
      tellInstruction(wanted);
    },
    modified: (sources, newStringIds, predictor) => {
      section('function list');
      const unmodified = unmodifiedFunctions(
        old,
        target,
        table,
        sources,
        newStringIds,
        owners,
        predictor,
        kept,
      );
      const states: number[] = [];
      sources.forEach((source, j) => {
        if (source >= 0) states.push(unmodified[j]);
      });
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
    switchesKept: () => {
      section('function list');
      tell(kept ? 1 : 0);
    },
  };
}

function sameInstruction(a: Instruction, b: Instruction): boolean {
  return a.op === b.op && a.values.every((value, i) => value === b.values[i]);
}
