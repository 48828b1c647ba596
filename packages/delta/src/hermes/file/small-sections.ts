import { readU32 } from '../entropy/bits.ts';
import type { Coder } from '../entropy/coder.ts';
import { codeCopiedBytes, type CopiedBytes } from './copies.ts';
import { type CodedPairs, codePairs } from './pairs.ts';
import type { HermesPlan } from '../plan.ts';
import { createTextModel, textRegion } from '../strings/text-model.ts';
import type { Work } from '../work.ts';

const MIN_COPY = 12;
/** Lane of `codeCopiedBytes`. */
const PLAIN = 4;

/** A byte section about whose inside nothing is known. */
export function codePlainSection(
  coder: Coder,
  section: number,
  before: Uint8Array,
  maxBytes: number,
  plan?: HermesPlan,
): Work<CopiedBytes> {
  plan?.copies(section, before, MIN_COPY);
  return codeCopiedBytes(coder, PLAIN, before, maxBytes, textRegion(createTextModel(coder, before)));
}

/** A section that is a table of pairs; `move` changes the old words of an entry to what they are expected to be now. */
export function codePairSection(
  coder: Coder,
  section: number,
  before: Uint8Array,
  maxBytes: number,
  move: (first: number, second: number) => readonly [number, number],
  plan?: HermesPlan,
): Work<CodedPairs> {
  const moved = new Uint32Array(before.length >> 2);
  for (let i = 0; i < moved.length; i += 2)
    moved.set(move(readU32(before, 4 * i), readU32(before, 4 * i + 4)), i);
  plan?.pairs(section, moved);
  return codePairs(coder, section >> 1, moved, maxBytes);
}
