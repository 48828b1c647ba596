import { readI32, readU16, readU32, writeU16, writeU32 } from './bits.ts';

/** Reads an operand; jumps and Imm32 are signed. */
export function readOperand(bytes: Uint8Array, at: number, letter: string): number {
  switch (letter) {
    case 'r':
    case 'b':
    case 's':
    case 'c':
    case 'm':
      return bytes[at];
    case 'j':
      return (bytes[at] << 24) >> 24;
    case 'h':
    case 'S':
    case 'f':
    case 'p':
    case 'v':
    case 'k':
    case 'o':
    case 'g':
      return readU16(bytes, at);
    case 'i':
    case 'J':
      return readI32(bytes, at);
    default:
      return readU32(bytes, at);
  }
}

/** Writes what {@link readOperand} reads. */
export function writeOperand(bytes: Uint8Array, at: number, letter: string, value: number): void {
  switch (letter) {
    case 'r':
    case 'b':
    case 's':
    case 'c':
    case 'm':
    case 'j':
      bytes[at] = value;
      return;
    case 'h':
    case 'S':
    case 'f':
    case 'p':
    case 'v':
    case 'k':
    case 'o':
    case 'g':
      writeU16(bytes, at, value);
      return;
    default:
      writeU32(bytes, at, value);
  }
}

/** True when a reference fits the width of its operand. */
export function operandFits(letter: string, value: number): boolean {
  switch (letter) {
    case 's':
    case 'c':
    case 'm':
    case 'r':
    case 'b':
      return value < 256;
    case 'S':
    case 'f':
    case 'p':
    case 'v':
    case 'k':
    case 'o':
    case 'g':
    case 'h':
      return value < 65536;
    default:
      return true;
  }
}
