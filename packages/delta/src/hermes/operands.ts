import { mustHold } from '../error.ts';
import { readI32, readU16, readU32, writeU16, writeU32 } from './bits.ts';

/** Width in bytes by operand letter (docs/spec/hermes-patch.md). */
const WIDTHS: ReadonlyMap<string, number> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ ['', 'rbjscm', 'hSfpvkog', '', 'RwiJTFPVKOGxtq', '', '', '', 'd'].flatMap(
    (letters, width) => Array.from(letters, (letter): [string, number] => [letter, width]),
  ),
);

/** Width in bytes of an operand letter. */
export function operandWidth(letter: string): number {
  const width = WIDTHS.get(letter);
  mustHold(width !== undefined, 'opcodes');
  return width as number;
}

/** Reads an operand; jumps and Imm32 are signed. */
export function readOperand(bytes: Uint8Array, at: number, letter: string): number {
  const width = WIDTHS.get(letter);
  if (width === 1) return letter === 'j' ? (bytes[at] << 24) >> 24 : bytes[at];
  if (width === 2) return readU16(bytes, at);
  return letter === 'i' || letter === 'J' ? readI32(bytes, at) : readU32(bytes, at);
}

/** Writes what {@link readOperand} reads. */
export function writeOperand(bytes: Uint8Array, at: number, letter: string, value: number): void {
  const width = WIDTHS.get(letter);
  if (width === 1) bytes[at] = value;
  else if (width === 2) writeU16(bytes, at, value);
  else writeU32(bytes, at, value);
}

/** True when a reference fits the width of its operand. */
export function operandFits(letter: string, value: number): boolean {
  return value < 2 ** (8 * operandWidth(letter));
}
