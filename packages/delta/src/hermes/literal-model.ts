import type { BytecodeLayout } from './bytecode-layout.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import type { Instruction } from './function-code.ts';
import { type LiteralKind, walkLiteral } from './literals.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { operandKind } from './opcode-table.ts';
import { readOperand } from './operands.ts';

/** Predicts references to literals, shapes and regular expressions: new ones follow each other. */
export interface LiteralModel {
  code(
    kind: 'v' | 'k' | 'o' | 'p' | 'x',
    instruction: Instruction,
    operand: number,
    value: number,
    predicted: number | undefined,
    aligned: boolean,
  ): number;
  /** Takes up after the last literal that `code` refers to; false when it refers to none. */
  resume(code: Uint8Array): boolean;
}

/** The new file's literal sections. */
export interface LiteralSections {
  readonly buffers: Readonly<Record<LiteralKind, Uint8Array>>;
  /** Pairs of key offset and key count. */
  readonly shapes: Uint32Array;
  /** Shapes without an old one, ascending. */
  readonly freshShapes: readonly number[];
}

const KINDS: readonly LiteralKind[] = ['v', 'k', 'o'];

export function createLiteralModel(
  coder: Coder,
  table: OpcodeTable,
  layout: BytecodeLayout,
  { buffers, freshShapes, shapes }: LiteralSections,
): LiteralModel {
  const next: Record<LiteralKind, number> = { k: -1, o: -1, v: -1 };
  let nextFreshShape = 0;
  let nextRegExp = -1;

  const itemsOf = ({ op, values }: Instruction): number => {
    const letters = table.operands[op];
    for (let i = 0; i < letters.length; i++)
      if (operandKind(letters.charAt(i)) === 'p') return shapes[2 * values[i] + 1] ?? 0;
    return values[2];
  };
  const pass = (kind: LiteralKind, instruction: Instruction, offset: number): void => {
    next[kind] = walkLiteral(layout, buffers[kind], offset, Math.min(itemsOf(instruction), 65536));
  };

  return {
    code: (kind, instruction, operand, value, predicted, aligned) => {
      const known = predicted !== undefined;
      if (kind === 'p') {
        let shape =
          known && coder.flag(CONTEXT.shapeSame + (aligned ? 1 : 0), value === predicted) ? predicted : -1;
        if (shape < 0) {
          const expected = freshShapes[nextFreshShape] ?? 0;
          shape = expected + coder.signed(CONTEXT.shapeNext, value - expected);
        }
        while (nextFreshShape < freshShapes.length && freshShapes[nextFreshShape] <= shape) nextFreshShape++;
        return shape;
      }
      if (kind === 'x') {
        const expected = known && aligned ? predicted : nextRegExp;
        const id = expected + coder.signed(CONTEXT.regExpNext, value - expected);
        nextRegExp = id + 1;
        return id;
      }
      const lane = KINDS.indexOf(kind);
      const offset =
        known && coder.flag(CONTEXT.literalSame + 2 * lane + (aligned ? 1 : 0), value === predicted)
          ? predicted
          : Math.max(next[kind], 0) +
            coder.signed(CONTEXT.literalNext + lane, value - Math.max(next[kind], 0));
      instruction.values[operand] = offset;
      pass(kind, instruction, offset);
      return offset;
    },
    resume: (code) => {
      let found = false;
      for (let at = 0; at < code.length;) {
        const op = code[at];
        if (table.size[op] === 0) break;
        const refs = table.references[op];
        for (const i of refs) {
          const kind = operandKind(table.operands[op].charAt(i));
          if (kind !== 'v' && kind !== 'k' && kind !== 'o') continue;
          const values = Array.from(table.operands[op], (letter, a) =>
            readOperand(code, at + table.offsets[op][a], letter),
          );
          pass(kind, { op, target: -1, values }, values[i]);
          found = true;
        }
        at += table.size[op];
      }
      return found;
    },
  };
}
