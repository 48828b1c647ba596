import { mustHold } from '../error.ts';
import { operandWidth } from './operands.ts';

/** The instruction set of one bytecode version, as columns: no object per instruction. */
export interface OpcodeTable {
  readonly count: number;
  /** Bytes of an instruction, opcode included; 0 for a number that is no opcode. */
  readonly size: Uint8Array;
  /** Letters of the operands, by opcode; none for a number that is no opcode. */
  readonly operands: readonly string[];
  /** The same without widths: `s` for every string id, and so on. */
  readonly kinds: readonly string[];
  /** Byte offset of each operand from the opcode. */
  readonly offsets: readonly (readonly number[])[];
  /** Operand numbers that refer to tables of the file (strings, functions, literals …). */
  readonly references: readonly (readonly number[])[];
  /** Opcodes that differ only in the width of a reference, narrowest first; the opcode alone for all others. */
  readonly families: readonly (readonly number[])[];
  /** The narrowest opcode of the family: stands for all of it in contexts. */
  readonly family: Uint8Array;
  /** Operand that holds a string id, or -1. */
  readonly stringOperand: Int8Array;
  readonly writesFirst: Uint8Array;
  readonly isTry: Uint8Array;
  /** `LoadConstUInt8`, `LoadConstInt`: 1; `LoadConstZero`: 2. */
  readonly loadsInteger: Uint8Array;
}

/** The letter without its width. A wide register is a kind of its own: it is coded as a plain number. */
export function operandKind(letter: string): string {
  return letter === 'T' ? 's' : letter === 'R' ? letter : letter.toLowerCase();
}

const MAPPED_KINDS = 'sfvkopx';

/**
 * Reads the notation of docs/spec/hermes-patch.md: an entry per opcode (traits as one hex digit, then a letter per operand),
 * separated by spaces; after `|` the families of opcodes that differ only in width.
 *
 * @throws ERR_DELTA_CORRUPT
 */
export function parseOpcodeTable(text: string): OpcodeTable {
  const [entryText, familyText] = text.split('|');
  const entries = entryText.split(' ');
  const count = entries.length;
  mustHold(count <= 256, 'opcodes');
  const size = new Uint8Array(256);
  const writesFirst = new Uint8Array(256);
  const isTry = new Uint8Array(256);
  const loadsInteger = new Uint8Array(256);
  const family = new Uint8Array(256);
  const stringOperand = new Int8Array(256).fill(-1);
  const operands: string[] = Array.from({ length: 256 }, () => '');
  const kinds = operands.slice();
  const offsets: number[][] = [];
  const references: number[][] = [];
  const families: (readonly number[])[] = [];
  entries.forEach((entry, op) => {
    const traits = Number.parseInt(entry[0], 16);
    const letters = Array.from(entry).slice(1);
    mustHold(traits >= 0 && letters.length <= 8, 'opcodes');
    let at = 1;
    const kind = letters.map(operandKind);
    offsets[op] = letters.map((letter) => (at += operandWidth(letter)) - operandWidth(letter));
    references[op] = letters.map((_, i) => i).filter((i) => MAPPED_KINDS.includes(kind[i]));
    size[op] = at;
    writesFirst[op] = traits & 1;
    isTry[op] = (traits >> 1) & 1;
    loadsInteger[op] = traits >> 2;
    family[op] = op;
    stringOperand[op] = kind.indexOf('s');
    operands[op] = entry.slice(1);
    kinds[op] = kind.join('');
    families[op] = [op];
  });
  for (const group of familyText ? familyText.split(' ') : []) {
    const members = group.split('.').map(Number);
    for (const op of members) {
      mustHold(op >= 0 && op < count && operands[op].length === operands[members[0]].length, 'opcodes');
      family[op] = members[0];
      families[op] = members;
    }
  }
  return {
    count,
    families,
    family,
    isTry,
    kinds,
    loadsInteger,
    offsets,
    operands,
    references,
    size,
    stringOperand,
    writesFirst,
  };
}
