import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { operandNumber } from './function-code.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { readOperand } from './operands.ts';
import type { HermesFile } from './parse-hermes.ts';
import { codeSequence, successorBelow } from './sequence.ts';

/** Larger numbers after a closure are no module ids. */
const MAX_MODULES = 100_000;
const MODULES = 2;

/** Metro's modules as the global function defines them: pairs of function index and module id. */
export function readModules(
  { bytes, functions, header }: HermesFile,
  table: OpcodeTable,
): readonly (readonly [number, number])[] {
  const modules: [number, number][] = [];
  const index = header.globalCodeIndex;
  if (index >= functions.count) return modules;
  const start = functions.fields.offset[index];
  const end = start + functions.fields.size[index];
  let closure = -1;
  for (let at = start; at < end;) {
    const op = bytes[at];
    const size = table.size[op];
    if (size === 0) break;
    const letters = table.operands[op];
    const operand = Math.max(operandNumber(table, op, 'f'), operandNumber(table, op, 'F'));
    if (operand >= 0) {
      closure = readOperand(bytes, at + table.offsets[op][operand], letters.charAt(operand));
    } else if (closure >= 0 && table.loadsInteger[op] !== 0) {
      const id =
        table.loadsInteger[op] === 2 ? 0 : readOperand(bytes, at + table.offsets[op][1], letters.charAt(1));
      if (id >= 0 && id < MAX_MODULES) modules.push([closure, id]);
      closure = -1;
    }
    at += size;
  }
  return modules;
}

/** Codes which old module each new one is: new module id by old one, or -1. Ids shift when a module is added or goes. */
export function codeModules(
  coder: Coder,
  old: HermesFile,
  table: OpcodeTable,
  maxModules: number,
  sources: Int32Array,
  target?: HermesFile,
): Int32Array {
  coder.section('modules');
  const before = readModules(old, table);
  const oldCount = before.reduce((max, [, id]) => Math.max(max, id + 1), 0);
  let wanted: Int32Array | undefined;
  if (target !== undefined) {
    const idOf = new Map(before);
    const after = readModules(target, table);
    wanted = new Int32Array(after.reduce((max, [, id]) => Math.max(max, id + 1), 0)).fill(-1);
    for (const [closure, id] of after) wanted[id] = idOf.get(sources[closure] ?? -1) ?? -1;
  }
  const count = oldCount + coder.signed(CONTEXT.countChange, (wanted?.length ?? 0) - oldCount);
  const length = Math.max(0, Math.min(count, maxModules, MAX_MODULES));
  const sequence = codeSequence(coder, MODULES, length, oldCount, successorBelow(oldCount), wanted);
  const newIds = new Int32Array(oldCount).fill(-1);
  for (let id = 0; id < length; id++) if (sequence[id] >= 0) newIds[sequence[id]] = id;
  return newIds;
}
