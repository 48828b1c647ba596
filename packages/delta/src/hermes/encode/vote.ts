import { OFFSET, SIZE } from '../file/bytecode-layout.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import { readOperand } from '../instructions/operands.ts';
import type { HermesFile } from '../file/parse-hermes.ts';

/** For each old reference how often code that was matched refers to which new one. */
export type Votes = Readonly<Record<'v' | 'k' | 'o' | 'p', ReadonlyMap<number, ReadonlyMap<number, number>>>>;

/** Counts which new literal or shape stands where an old one stood, over the common beginning of matched functions. */
export function vote(old: HermesFile, target: HermesFile, table: OpcodeTable, sources: Int32Array): Votes {
  const votes = { k: new Map(), o: new Map(), p: new Map(), v: new Map() } as Record<
    'v' | 'k' | 'o' | 'p',
    Map<number, Map<number, number>>
  >;
  const before = old.functions.fields;
  const after = target.functions.fields;
  for (let j = 0; j < sources.length; j++) {
    const i = sources[j];
    if (i < 0) continue;
    let a = before[OFFSET][i];
    let b = after[OFFSET][j];
    const endA = a + before[SIZE][i];
    const endB = b + after[SIZE][j];
    while (a < endA && b < endB) {
      const opA = old.bytes[a];
      const opB = target.bytes[b];
      if (table.size[opA] === 0 || table.size[opB] === 0 || table.families[opA] !== table.families[opB])
        break;
      for (const n of table.references[opA]) {
        const kind = table.kinds[opA][n];
        if (kind !== 'v' && kind !== 'k' && kind !== 'o' && kind !== 'p') continue;
        const from = readOperand(old.bytes, a + table.offsets[opA][n], table.widths[opA][n]);
        const to = readOperand(target.bytes, b + table.offsets[opB][n], table.widths[opB][n]);
        const counts = votes[kind].get(from) ?? new Map<number, number>();
        votes[kind].set(from, counts.set(to, (counts.get(to) ?? 0) + 1));
      }
      a += table.size[opA];
      b += table.size[opB];
    }
  }
  return votes;
}
