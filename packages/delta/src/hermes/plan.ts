import type { BodyPredictor } from './body-predictor.ts';
import type { FunctionCode, Instruction } from './function-code.ts';
import type { Modules } from './modules.ts';
import type { SortedString } from './packed-strings.ts';
import type { SectionName } from './parse-hermes.ts';

/**
 * The encoder's side of {@link codeHermes}: before something is asked for, the plan is told what is known so far, and lays the answers
 * ready for the coder. A decoder has none. Whatever it says costs bytes at worst; the decoder's result is compared in the end.
 */
export interface HermesPlan {
  start(): void;
  /** A byte section made of copies from `before`; `minLength`: shorter ones do not pay. */
  copies(name: SectionName, before: Uint8Array, minLength: number): void;
  kindRuns(): void;
  /** `moved`: new offset of each old text, or -1; `successor`: the next old string that is still there. */
  stringReferences(moved: Int32Array, kind: Uint8Array, successor: (previous: number) => number): void;
  stringEntry(j: number): void;
  /** `before`: the old strings in packing order. */
  packedStrings(before: readonly SortedString[]): void;
  /** `sorted`: the new ones, lying in each other as before. */
  containers(sorted: readonly SortedString[]): void;
  functionList(): void;
  modules(before: Modules, sources: Int32Array): void;
  literals(
    name: 'literalValues' | 'objectKeys' | 'objectValues',
    before: Uint8Array,
    remapped: Uint8Array,
  ): void;
  shapes(before: Uint32Array, keyMap: Int32Array): void;
  shape(j: number): void;
  overrides(kind: 'v' | 'k' | 'o' | 'p', map: Int32Array, length: number, sources: Int32Array): void;
  regExpsChange(): void;
  regExps(): void;
  regExp(j: number, fresh: boolean): void;
  functionSources(moved: Uint8Array): void;
  functionSource(j: number): void;
  switchesKept(): void;
  modified(sources: Int32Array, newStringIds: Int32Array, predictor: BodyPredictor): void;
  functionHeader(j: number): void;
  functionCode(before: FunctionCode | undefined): void;
  /** `prediction`: how the aligned instruction comes out, or one that is like it. */
  instruction(i: number, prediction: Instruction | undefined, aligned: boolean): void;
  functionEnd(): void;
  hashes(): void;
  headerWords(foreseen: Readonly<Record<string, number>>): void;
  /** `bytes`: the file as it is so far. */
  corrections(bytes: Uint8Array): void;
}
