import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { readOperand } from './operands.ts';
import type { HermesFile } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { codeSequence } from './sequence.ts';

/** Larger numbers after a closure are no module ids. */
const MAX_MODULES = 100_000;
const MODULES = 2;

/** Metro's modules as the global function defines them: pairs of function index and module id. */
export function readModules(
  { bytes, functions, header }: HermesFile,
  table: OpcodeTable,
): readonly (readonly [number, number])[] {
  const modules: [number, number][] = [];
  const { offset, size } = functions.fields;
  const index = header.globalCodeIndex;
  let closure = -1;
  for (let at = offset[index], end = at + size[index]; at < end;) {
    const op = bytes[at];
    const length = table.size[op];
    if (length === 0) break;
    const letters = table.operands[op];
    const operand = letters.toLowerCase().indexOf('f');
    if (operand >= 0) {
      closure = readOperand(bytes, at + table.offsets[op][operand], letters[operand]);
    } else if (closure >= 0 && table.loadsInteger[op] !== 0) {
      const id = table.loadsInteger[op] === 2 ? 0 : readOperand(bytes, at + table.offsets[op][1], letters[1]);
      if (id >= 0 && id < MAX_MODULES) modules.push([closure, id]);
      closure = -1;
    }
    at += length;
  }
  return modules;
}

/** One more than the highest module id. */
export function moduleCount(modules: ReturnType<typeof readModules>): number {
  return modules.reduce((max, [, id]) => Math.max(max, id + 1), 0);
}

/** Codes which old module each new one is: new module id by old one, or -1. Ids shift when a module is added or goes. */
export function codeModules(
  coder: Coder,
  old: HermesFile,
  table: OpcodeTable,
  maxModules: number,
  sources: Int32Array,
  plan?: HermesPlan,
): Int32Array {
  const before = readModules(old, table);
  const oldCount = moduleCount(before);
  plan?.modules(before, sources);
  const count = coder.near(CONTEXT.countChange, oldCount);
  const length = Math.max(0, Math.min(count, maxModules, MAX_MODULES));
  const newIds = new Int32Array(oldCount).fill(-1);
  codeSequence(coder, MODULES, length, oldCount).forEach((source, id) => {
    if (source >= 0) newIds[source] = id;
  });
  return newIds;
}
