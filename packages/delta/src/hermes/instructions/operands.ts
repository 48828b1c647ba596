import { readI32, readU16, readU32, writeU16, writeU32 } from '../entropy/bits.ts';

/** Reads an operand; `width` in bytes, negative for signed ones. */
export function readOperand(bytes: Uint8Array, at: number, width: number): number {
  if (width === 1) return bytes[at];
  if (width === 2) return readU16(bytes, at);
  if (width === -1) return (bytes[at] << 24) >> 24;
  return width < 0 ? readI32(bytes, at) : readU32(bytes, at);
}

/** Writes what {@link readOperand} reads. */
export function writeOperand(bytes: Uint8Array, at: number, width: number, value: number): void {
  if (width * width === 1) bytes[at] = value;
  else if (width === 2) writeU16(bytes, at, value);
  else writeU32(bytes, at, value);
}

/** True when a reference fits the width of its operand. */
export function operandFits(width: number, value: number): boolean {
  return value < (width === 1 ? 256 : width === 2 ? 65536 : 4294967296);
}
