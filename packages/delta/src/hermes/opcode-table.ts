import { deltaError } from '../error.ts';

/** What an operand refers to, as one letter without its width. */
export type OperandKind = string;

/** The instruction set of one bytecode version, as columns: no object per instruction. */
export interface OpcodeTable {
  readonly count: number;
  /** Bytes of an instruction, opcode included; 0 for a number that is no opcode. */
  readonly size: Uint8Array;
  /** Letters of the operands (`OPERANDS`), by opcode. */
  readonly operands: readonly string[];
  /** Byte offset of each operand from the opcode. */
  readonly offsets: readonly (readonly number[])[];
  /** Operand numbers that refer to tables of the file (strings, functions, literals …). */
  readonly references: readonly (readonly number[])[];
  /** Opcodes that differ only in the width of a reference, narrowest first; the opcode alone for all others. */
  readonly families: readonly (readonly number[])[];
  /** The narrowest opcode of the family: stands for all of it in contexts. */
  readonly family: Uint8Array;
  readonly writesFirst: Uint8Array;
  readonly isTry: Uint8Array;
  /** `LoadConstUInt8`, `LoadConstInt`: 1; `LoadConstZero`: 2. */
  readonly loadsInteger: Uint8Array;
}

/** Width in bytes of an operand letter. r, R: registers; b, h, w, i, d: immediates; all others refer to something. */
export function operandWidth(letter: string): number {
  if ('rbjscm'.includes(letter)) return 1;
  if ('hSfpvkog'.includes(letter)) return 2;
  if (letter === 'd') return 8;
  if ('RwiJTFPVKOGxtq'.includes(letter)) return 4;
  throw deltaError('ERR_DELTA_CORRUPT', `Unknown operand type ${letter} in an opcode table`);
}

/** The kind of an operand letter: `s` for every width of string id, and so on. */
export function operandKind(letter: string): OperandKind {
  switch (letter) {
    case 'S':
    case 'T':
      return 's';
    case 'F':
    case 'P':
    case 'V':
    case 'K':
    case 'O':
    case 'G':
    case 'J':
      return letter.toLowerCase();
    default:
      return letter;
  }
}

const MAPPED_KINDS = 'sfvkopx';

/**
 * Reads the notation of docs/spec/hermes-patch.md: an entry per opcode (traits as one hex digit, then a letter per operand),
 * separated by spaces; after `|` the families of opcodes that differ only in width.
 *
 * @throws ERR_DELTA_CORRUPT
 */
export function parseOpcodeTable(text: string): OpcodeTable {
  const [entryText = '', familyText = ''] = text.split('|');
  const entries = entryText.split(' ');
  const count = entries.length;
  if (count === 0 || count > 256)
    throw deltaError('ERR_DELTA_CORRUPT', `An opcode table of ${count} entries`);
  const size = new Uint8Array(256);
  const writesFirst = new Uint8Array(256);
  const isTry = new Uint8Array(256);
  const loadsInteger = new Uint8Array(256);
  const family = new Uint8Array(256);
  const operands: string[] = [];
  const offsets: number[][] = [];
  const references: number[][] = [];
  const families: (readonly number[])[] = [];
  for (let op = 0; op < count; op++) {
    const entry = entries[op] as string;
    const traits = Number.parseInt(entry.charAt(0), 16);
    const letters = entry.slice(1);
    if (!(traits >= 0) || letters.length > 8)
      throw deltaError('ERR_DELTA_CORRUPT', `Malformed opcode entry ${entry}`);
    let at = 1;
    const places: number[] = [];
    const refs: number[] = [];
    for (let i = 0; i < letters.length; i++) {
      const letter = letters.charAt(i);
      places.push(at);
      at += operandWidth(letter);
      if (MAPPED_KINDS.includes(operandKind(letter))) refs.push(i);
    }
    size[op] = at;
    writesFirst[op] = traits & 1;
    isTry[op] = (traits >> 1) & 1;
    loadsInteger[op] = traits >> 2;
    family[op] = op;
    operands.push(letters);
    offsets.push(places);
    references.push(refs);
    families.push([op]);
  }
  for (const group of familyText === '' ? [] : familyText.split(' ')) {
    const members = group.split('.').map(Number);
    for (const op of members) {
      if (!(op >= 0 && op < count) || operands[op]?.length !== operands[members[0] as number]?.length) {
        throw deltaError('ERR_DELTA_CORRUPT', `Malformed opcode family ${group}`);
      }
      family[op] = members[0] as number;
      families[op] = members;
    }
  }
  return { count, families, family, isTry, loadsInteger, offsets, operands, references, size, writesFirst };
}
