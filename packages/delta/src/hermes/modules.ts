import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import type { LiteralUse } from './literals.ts';
import { LOADS_INTEGER, LOADS_ZERO, type OpcodeTable } from './opcode-table.ts';
import { readInstruction } from './function-code.ts';
import type { HermesFile } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { codeSequence } from './sequence.ts';

/** Larger numbers after a closure are no module ids. */
const MAX_MODULES = 100_000;
const MODULES = 2;

/** Metro's modules as the global function defines them. */
export interface Modules {
  /** Pairs of function and module id. */
  readonly ids: (readonly [number, number])[];
  /** One more than the highest id. */
  readonly count: number;
  /** Literals that list the modules that a module needs. */
  readonly lists: LiteralUse[];
}

export function readModules({ bytes, functions, header }: HermesFile, table: OpcodeTable): Modules {
  const ids: [number, number][] = [];
  const lists: LiteralUse[] = [];
  const { offset, size } = functions.fields;
  let count = 0;
  let closure = -1;
  for (let at = offset[header.globalCodeIndex], end = at + size[header.globalCodeIndex]; at < end;) {
    const op = bytes[at];
    if (!(table.size[op] > 0)) break;
    const { values } = readInstruction(table, bytes, at);
    const kinds = table.kinds[op];
    if (kinds.includes('f')) {
      closure = values[kinds.indexOf('f')];
    } else if (closure >= 0 && table.traits[op] >= LOADS_INTEGER) {
      const id = table.traits[op] >= LOADS_ZERO ? 0 : values[1];
      if (id >= 0 && id < MAX_MODULES) {
        ids.push([closure, id]);
        count = Math.max(count, id + 1);
      }
      closure = -1;
    } else if (kinds === 'rhhv') {
      lists.push([values[3], values[2]]);
    }
    at += table.size[op];
  }
  return { count, ids, lists };
}

/** Codes which old module each new one is: new module id by old one, or -1. Ids shift when a module is added or goes. */
export function codeModules(
  coder: Coder,
  before: Modules,
  maxModules: number,
  sources: Int32Array,
  plan?: HermesPlan,
): Int32Array {
  plan?.modules(before, sources);
  const count = coder.near(CONTEXT.countChange, before.count);
  const newIds = new Int32Array(before.count).fill(-1);
  codeSequence(coder, MODULES, Math.max(0, Math.min(count, maxModules, MAX_MODULES)), before.count).forEach(
    (source, id) => {
      if (source >= 0) newIds[source] = id;
    },
  );
  return newIds;
}
