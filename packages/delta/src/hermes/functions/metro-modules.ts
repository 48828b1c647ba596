import { GLOBAL_CODE, OFFSET, SIZE } from '../file/bytecode-layout.ts';
import type { LiteralUse } from '../literals/literals.ts';
import { LOADS_INTEGER, LOADS_ZERO, type OpcodeTable } from '../instructions/opcode-table.ts';
import { readInstruction } from '../instructions/function-code.ts';
import type { HermesFile } from '../file/parse-hermes.ts';

/** Larger numbers after a closure are no module ids. */
export const MAX_MODULES = 100_000;

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
  const main = header[GLOBAL_CODE];
  const start = functions.fields[OFFSET][main];
  let count = 0;
  let closure = -1;
  const makesClosure = Uint8Array.from(table.kinds, (kinds) => (kinds.includes('f') ? 1 : 0));
  for (let at = start, end = at + functions.fields[SIZE][main]; at < end;) {
    const op = bytes[at];
    if (!(table.size[op] > 0)) break;
    const kinds = table.kinds[op];
    const value = (operand: number): number => readInstruction(table, bytes, at).values[operand];
    if (makesClosure[op] === 1) {
      closure = value(kinds.indexOf('f'));
    } else if (closure >= 0 && table.traits[op] >= LOADS_INTEGER) {
      const id = table.traits[op] >= LOADS_ZERO ? 0 : value(1);
      if (id >= 0 && id < MAX_MODULES) {
        ids.push([closure, id]);
        count = Math.max(count, id + 1);
      }
      closure = -1;
    } else if (kinds === 'rhhv') {
      lists.push([value(3), value(2)]);
    }
    at += table.size[op];
  }
  return { count, ids, lists };
}
