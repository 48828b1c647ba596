import type { Copies } from './copies.ts';
import type { FunctionCode } from './function-code.ts';
import type { HermesFile } from './parse-hermes.ts';
import type { BodyPredictor } from './body-predictor.ts';
import type { FunctionParts } from './function-coder.ts';
import type { PackedPlan } from './packed-strings.ts';
import type { MappedKind } from './reference-maps.ts';

/** For each old reference how often code that was matched refers to which new one. */
export type ReferenceVotes = ReadonlyMap<number, ReadonlyMap<number, number>>;

/**
 * What the encoder knows and the decoder does not: the target, and everything that has to be searched for. Whatever it says costs
 * bytes at worst; the decoder's result is compared in the end.
 */
export interface HermesPlan {
  readonly target: HermesFile;
  /** Copies that make `wanted` from `old`; `minLength`: shorter ones do not pay. */
  findCopies(old: Uint8Array, wanted: Uint8Array, minLength: number): Copies;
  /** How the compiler packed the strings; undefined when they are no single packing, or when that costs more. */
  readonly packed?: PackedPlan;
  /** The old function of each new one, or -1. */
  matchFunctions(): Int32Array;
  /** How matched functions refer to literals and shapes. */
  vote(sources: Int32Array): Readonly<Record<Extract<MappedKind, 'v' | 'k' | 'o' | 'p'>, ReferenceVotes>>;
  /** The old instruction of each new one, or -1; ascending. */
  align(before: FunctionCode, after: FunctionCode): Int32Array;
  /** Function `number` as it has to come out; `sharedWith`: the earlier function with the same body. */
  wantedFunction(number: number): FunctionParts & { readonly sharedWith?: number };
  /** 1 for each matched function that comes out as it has to when it is predicted. */
  findUnmodified(
    sources: Int32Array,
    newStringIds: Int32Array,
    predictor: BodyPredictor,
    switchesKept: boolean,
  ): Uint8Array;
}
