import { GLOBAL_CODE, OFFSET, SIZE } from '../file/bytecode-layout.ts';
import type { LiteralUse } from '../literals/literals.ts';
import { LOADS_INTEGER, LOADS_ZERO, type OpcodeTable } from '../instructions/opcode-table.ts';
import { readInstruction } from '../instructions/function-code.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import { inPieces, type Work } from '../work.ts';

/** Bytes of code between two yields. */
const SLICE = 8192;

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

/** Reads the global function's definitions. */
export function* readModules({ bytes, functions, header }: HermesFile, table: OpcodeTable): Work<Modules> {
  const { kinds, size, traits } = table;
  const ids: [number, number][] = [];
  const lists: LiteralUse[] = [];
  const main = header[GLOBAL_CODE];
  const start = functions.fields[OFFSET][main];
  let count = 0;
  let closure = -1;
  const matters = Uint8Array.from(kinds, (letters, op) =>
    letters.includes('f') || letters === 'rhhv' || traits[op] >= LOADS_INTEGER ? 1 : 0,
  );
  const read = (op: number, at: number): void => {
    const { values } = readInstruction(table, bytes, at);
    const made = kinds[op].indexOf('f');
    if (made >= 0) {
      closure = values[made];
    } else if (traits[op] < LOADS_INTEGER) {
      lists.push([values[3], values[2]]);
    } else if (closure >= 0) {
      const id = traits[op] >= LOADS_ZERO ? 0 : values[1];
      if (id >= 0 && id < MAX_MODULES) {
        ids.push([closure, id]);
        count = Math.max(count, id + 1);
      }
      closure = -1;
    }
  };
  let at = start;
  yield* inPieces(functions.fields[SIZE][main], SLICE, (_from, to) => {
    while (at < start + to) {
      const op = bytes[at];
      if (matters[op] === 1) read(op, at);
      at += size[op] || Number.POSITIVE_INFINITY;
    }
  });
  return { count, ids, lists };
}
