import * as CONTEXT from '../entropy/contexts.ts';
import * as SET from '../entropy/weight-sets.ts';

type Names = readonly (readonly [first: number, name: string | undefined])[];

// From a number on, what is coded with it; undefined: something that several parts of the file have.
const OF_CONTEXT: Names = [
  [0, undefined],
  [CONTEXT.stringPredicted, 'string references'],
  [CONTEXT.fieldSame, 'function headers'],
  [CONTEXT.instructionCount, 'alignment'],
  [CONTEXT.instructionExact, 'exact instructions'],
  [CONTEXT.functionSame, 'closures'],
  [CONTEXT.literalSame, 'literal references'],
  [CONTEXT.jumpSame, 'jumps'],
  [CONTEXT.cacheSlotSame, 'caches'],
  [CONTEXT.registerSame, 'registers'],
  [CONTEXT.switchSame, 'switches'],
  [CONTEXT.exceptionCount, 'exception tables'],
  [CONTEXT.slotSame, 'immediates'],
  [CONTEXT.cacheSlotNew, 'caches'],
  [CONTEXT.copyUnchanged, undefined],
];
const OF_SET: Names = [
  [0, undefined],
  [SET.literalTag, 'literal tags'],
  [SET.literalByte, 'literal numbers'],
  [SET.stringRecent, 'string references'],
  [SET.opcode, 'opcodes'],
  [SET.register, 'registers'],
  [SET.immediate, 'immediates'],
];

/** Name for the report of what is coded in a context of flags and numbers; undefined: that of the part of the file. */
export function detailOfContext(context: number): string | undefined {
  return nameOf(OF_CONTEXT, context);
}

/** The same for what is coded with a set of weights. */
export function detailOfSet(set: number): string | undefined {
  return nameOf(OF_SET, set);
}

function nameOf(names: Names, number: number): string | undefined {
  let found: string | undefined;
  for (const [first, name] of names) if (first <= number) found = name;
  return found;
}
