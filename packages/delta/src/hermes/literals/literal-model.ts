import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import type { Instruction } from '../instructions/function-code.ts';
import { type LiteralKind, walkLiteral } from './literals.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';

/** Predicts references to literals, shapes and regular expressions: new ones follow each other. */
export interface LiteralModel {
  /** `predicted`: the aligned one, or -1. */
  code(kind: LiteralKind | 'p' | 'x', instruction: Instruction, operand: number, predicted: number): number;
}

/** The new file's literal sections. */
export interface LiteralSections {
  readonly buffers: Readonly<Record<LiteralKind, Uint8Array>>;
  /** Where bytes of each that were not copied begin and end, and shapes without an old one; ascending. */
  readonly fresh: Readonly<Record<LiteralKind | 'p', readonly number[]>>;
  /** Pairs of key offset and key count. */
  readonly shapes: Uint32Array;
}

export function createLiteralModel(
  coder: Coder,
  table: OpcodeTable,
  sizes: readonly number[],
  { buffers, fresh, shapes }: LiteralSections,
): LiteralModel {
  const next = { k: 0, o: 0, p: 0, v: 0, x: 0 };
  const region = { k: 0, o: 0, v: 0 };

  /** Where the next new literal is likely to begin: behind the last one, as far as there are new bytes. */
  const expected = (kind: LiteralKind): number => {
    while (fresh[kind][region[kind] + 1] <= next[kind]) region[kind] += 2;
    return Math.max(next[kind], fresh[kind][region[kind]] ?? 0);
  };

  return {
    code: (kind, { op, values }, operand, predicted) => {
      const lane = 2 * 'vkopx'.indexOf(kind) + (predicted < 0 ? 0 : 1);
      if (kind === 'x') {
        const id = coder.near(CONTEXT.literalNext + lane, predicted >= 0 ? predicted : next.x);
        next.x = id + 1;
        return id;
      }
      const guess = kind === 'p' ? (fresh.p[next.p] ?? 0) : expected(kind);
      const id =
        predicted >= 0 && coder.is(CONTEXT.literalSame + lane, predicted)
          ? predicted
          : coder.near(CONTEXT.literalNext + lane, guess);
      if (kind === 'p') {
        while (fresh.p[next.p] <= id) next.p++;
      } else if (id >= guess) {
        const shape = table.kinds[op].indexOf('p');
        const items = shape < 0 ? values[2] : (shapes[2 * values[shape] + 1] ?? 0);
        next[kind] = walkLiteral(sizes, buffers[kind], id, Math.min(items, 65536));
      }
      return id;
    },
  };
}
