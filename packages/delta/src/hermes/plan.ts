import type { BodyPredictor } from './functions/body-predictor.ts';
import type { FunctionCode, Instruction } from './instructions/function-code.ts';
import type { Modules } from './functions/metro-modules.ts';
import type { StringColumns } from './strings/string-columns.ts';

/**
 * The encoder's side of {@link codeHermes}: before something is asked for, the plan is told what is known so far, and lays the answers
 * ready for the coder. A decoder has none. Whatever it says costs bytes at worst; the decoder's result is compared in the end.
 * Names are those of other properties where they can be: they stay in a minified bundle.
 */
export interface HermesPlan {
  start(): void;
  /** A byte section made of copies from `before`; `minLength`: shorter ones do not pay. */
  copies(section: number, before: Uint8Array, minLength: number): void;
  /** The table of strings. `moved`: new offset and size of each old text, as `codePairs` takes them. */
  table(moved: Uint32Array): void;
  /** Kind and width of the new string `j`. */
  kind(j: number): void;
  /** `order` of the old strings, as in {@link StringColumns}. */
  strings(order: Int8Array): void;
  /** Which strings lie in which. `sorted`: the rows of the new ones in packing order, lying in each other as before. */
  inside(strings: StringColumns, sorted: Int32Array): void;
  /** Which old function each new one was. */
  functions(): void;
  modules(before: Modules, sources: Int32Array): void;
  literals(section: number, before: Uint8Array, remapped: Uint8Array): void;
  /** A table of pairs, the old one moved. */
  pairs(section: number, moved: Uint32Array): void;
  overrides(kind: 'v' | 'k' | 'o' | 'p', map: Int32Array, length: number, sources: Int32Array): void;
  /** Whether string switches keep their numbers, and which matched functions are not as predicted. */
  modified(sources: Int32Array, newStringIds: Int32Array, predictor: BodyPredictor): void;
  functionHeader(j: number): void;
  code(before: FunctionCode | undefined): void;
  /** `expected`: how the aligned instruction comes out. After the last one what follows the instructions. */
  instruction(i: number, expected: Instruction | undefined): void;
  /** Header words, and hashes. */
  header(foreseen: readonly number[]): void;
  /** `bytes`: the file as it is so far. */
  corrections(bytes: Uint8Array): void;
}
