import type { BytecodeLayout } from './bytecode-layout.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import type { Instruction } from './function-code.ts';
import { type LiteralKind, walkLiteral } from './literals.ts';
import { type OpcodeTable, operandKind } from './opcode-table.ts';
import { readOperand } from './operands.ts';

/** Predicts references to literals, shapes and regular expressions: new ones follow each other. */
export interface LiteralModel {
  /** `predicted`: -1 where nothing is known. */
  code(
    kind: LiteralKind | 'p' | 'x',
    instruction: Instruction,
    operand: number,
    predicted: number,
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

export function createLiteralModel(
  coder: Coder,
  table: OpcodeTable,
  layout: BytecodeLayout,
  { buffers, freshShapes, shapes }: LiteralSections,
): LiteralModel {
  const next: Record<LiteralKind, number> = { k: -1, o: -1, v: -1 };
  let nextFreshShape = 0;
  let nextRegExp = -1;

  const pass = (kind: LiteralKind, op: number, values: readonly number[], offset: number): void => {
    const shape = table.operands[op].toLowerCase().indexOf('p');
    const items = shape < 0 ? values[2] : (shapes[2 * values[shape] + 1] ?? 0);
    next[kind] = walkLiteral(layout, buffers[kind], offset, Math.min(items, 65536));
  };

  return {
    code: (kind, instruction, operand, predicted, aligned) => {
      const side = aligned ? 1 : 0;
      if (kind === 'p') {
        const shape =
          predicted >= 0 && coder.is(CONTEXT.shapeSame + side, predicted)
            ? predicted
            : coder.near(CONTEXT.shapeNext, freshShapes[nextFreshShape] ?? 0);
        while (nextFreshShape < freshShapes.length && freshShapes[nextFreshShape] <= shape) nextFreshShape++;
        return shape;
      }
      if (kind === 'x') {
        const id = coder.near(CONTEXT.regExpNext, predicted >= 0 && aligned ? predicted : nextRegExp);
        nextRegExp = id + 1;
        return id;
      }
      const lane = 'vko'.indexOf(kind);
      const offset =
        predicted >= 0 && coder.is(CONTEXT.literalSame + 2 * lane + side, predicted)
          ? predicted
          : coder.near(CONTEXT.literalNext + lane, Math.max(next[kind], 0));
      instruction.values[operand] = offset;
      pass(kind, instruction.op, instruction.values, offset);
      return offset;
    },
    resume: (code) => {
      let found = false;
      for (let at = 0; at < code.length && table.size[code[at]] > 0; at += table.size[code[at]]) {
        const op = code[at];
        for (const i of table.references[op]) {
          const letters = table.operands[op];
          const kind = operandKind(letters[i]);
          if (kind !== 'v' && kind !== 'k' && kind !== 'o') continue;
          const values = Array.from(letters, (letter, a) =>
            readOperand(code, at + table.offsets[op][a], letter),
          );
          pass(kind, op, values, values[i]);
          found = true;
        }
      }
      return found;
    },
  };
}
