import { mustHold } from '../../error.ts';

/** The instruction set of one bytecode version, as columns: no object per instruction. */
export interface OpcodeTable {
  /** Bytes of an instruction, opcode included; 0 for a number that is no opcode. */
  readonly size: Uint8Array;
  /** What the operands are, one letter each, without their widths: `s` for every string id, and so on. */
  readonly kinds: readonly string[];
  /** Width of each operand in bytes; negative where it is signed. */
  readonly widths: readonly (readonly number[])[];
  /** Byte offset of each operand from the opcode. */
  readonly offsets: readonly (readonly number[])[];
  /** Operand numbers that refer to tables of the file (strings, functions, literals …). */
  readonly references: readonly (readonly number[])[];
  /** Opcodes that differ only in the width of a reference, narrowest first (it stands for all in contexts); the opcode alone for all others. */
  readonly families: readonly (readonly number[])[];
  /** Sum of {@link WRITES_FIRST}, … */
  readonly traits: Uint8Array;
}

/** Traits: the first register is written; `Try…`; `LoadConstUInt8` and `LoadConstInt`; `LoadConstZero`. */
export const WRITES_FIRST = 1;
export const IS_TRY = 2;
export const LOADS_INTEGER = 4;
export const LOADS_ZERO = 8;

/** Letters of operands by width. */
const LETTERS = ['', 'rbjscmen', 'hSfpvkogEN', '', 'RwiJTFPVKOGxtq'];

/**
 * Reads the notation of docs/spec/hermes-patch.md: an entry per opcode, separated by spaces. Sum of the traits, where it is not 1; a
 * letter per operand, then, for an opcode that differs from another one only in the width of a reference, how far back that is.
 *
 * @throws ERR_DELTA_CORRUPT
 */
export function parseOpcodeTable(text: string): OpcodeTable {
  const size = new Uint8Array(256);
  const traits = new Uint8Array(256);
  const kinds: string[] = [];
  const widths: number[][] = [];
  const offsets: number[][] = [];
  const references: number[][] = [];
  const families: number[][] = [];
  text.split(' ').forEach((entry, op) => {
    const [, trait, letters, back] = /^(\d?)(\D{0,8})(\d?)$/.exec(entry) as unknown as string[];
    let at = 1;
    offsets[op] = [];
    widths[op] = [];
    references[op] = [];
    kinds[op] = '';
    Array.from(letters, (letter, i) => {
      const width = LETTERS.findIndex((list) => list.includes(letter));
      // A wide register is a kind of its own: it is coded as a plain number.
      const kind = letter === 'T' ? 's' : letter === 'R' ? letter : letter.toLowerCase();
      mustHold(width > 0);
      kinds[op] += kind;
      widths[op].push('jJi'.includes(letter) ? -width : width);
      offsets[op].push(at);
      if ('sfvkopx'.includes(kind)) references[op].push(i);
      at += width;
    });
    traits[op] = Number(trait || WRITES_FIRST);
    size[op] = at;
    families[op] = (back && families[op - Number(back)]) || [];
    families[op].push(op);
    mustHold(op < 256 && kinds[op].length === kinds[families[op][0]].length);
  });
  return { families, kinds, offsets, references, size, traits, widths };
}
