import { readU16, readU32, sameBytes } from '../entropy/bits.ts';
import {
  BIGINT_STORAGE,
  BIGINT_TABLE,
  FUNCTION_SOURCES,
  REGEXP_STORAGE,
  REGEXP_TABLE,
  SHAPES,
  STRING_STORAGE,
} from '../file/bytecode-layout.ts';
import { readModules } from '../functions/metro-modules.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import { type HermesFile } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import { mapped } from '../functions/reference-maps.ts';
import { finish } from '../work.ts';
import type { AnsweringCoder, Tell } from './answering-coder.ts';
import { findCopies } from './lz-copies.ts';
import { tellCopies, tellPairs, tellSequence } from './tell.ts';
import { type Votes, vote } from './vote.ts';

type SectionPlan = Pick<HermesPlan, 'copies' | 'literals' | 'modules' | 'overrides' | 'pairs'>;

/** Shorter copies of literals do not pay. */
const MIN_LITERAL_COPY = 10;
const NAMES: Readonly<Record<number, string>> = {
  [BIGINT_STORAGE]: 'big integers',
  [BIGINT_TABLE]: 'big integers',
  [FUNCTION_SOURCES]: 'function sources',
  [REGEXP_STORAGE]: 'regular expressions',
  [REGEXP_TABLE]: 'regular expressions',
  [SHAPES]: 'shapes',
  [STRING_STORAGE]: 'string text',
};

/** What is said of sections that hold neither strings nor functions. */
export function planSections(
  { section, tell, tellAll }: AnsweringCoder,
  old: HermesFile,
  target: HermesFile,
  table: OpcodeTable,
): SectionPlan {
  let votes: Votes | undefined;
  return {
    copies: (number, before, minLength) => {
      section(NAMES[number] ?? 'other sections');
      const wanted = target.sections[number];
      tellCopies(
        tell,
        before,
        wanted,
        () => findCopies(before, wanted, minLength),
        (from, to) => tellAll(wanted.subarray(from, to)),
      );
    },
    literals: (number, before, remapped) => {
      section('literal copies');
      const wanted = target.sections[number];
      const appended =
        wanted.length >= before.length &&
        sameBytes(wanted.subarray(0, before.length), before) &&
        !sameBytes(remapped, before);
      if (remapped !== before) tell(appended ? 1 : 0);
      const dictionary = appended ? before : remapped;
      tellCopies(
        tell,
        dictionary,
        wanted,
        () => findCopies(dictionary, wanted, MIN_LITERAL_COPY),
        (from, to) => tellLiterals(tell, target.layout.literalSizes, wanted, from, to),
      );
    },
    modules: (before, functionSources) => {
      section('modules');
      const idOf = new Map(before.ids);
      const after = finish(readModules(target, table));
      const wanted = new Int32Array(after.count).fill(-1);
      for (const [closure, id] of after.ids) wanted[id] = idOf.get(functionSources[closure] ?? -1) ?? -1;
      tell(wanted.length);
      tellSequence(tell, wanted, before.count);
    },
    overrides: (kind, map, length, functionSources) => {
      section('moved literals');
      votes ??= vote(old, target, table, functionSources);
      const wanted: [number, number][] = [];
      votes[kind].forEach((counts, from) => {
        let best = -1;
        let most = 0;
        counts.forEach((count, to) => {
          if (count > most) [best, most] = [to, count];
        });
        const to = mapped(map, from);
        if (from < length && to !== best && (counts.get(to) ?? 0) < most) wanted.push([from, best]);
      });
      wanted.sort((a, b) => a[0] - b[0]);
      tell(wanted.length);
      let last = 0;
      for (const [from, to] of wanted) {
        tell(from - last, to);
        last = from;
      }
    },
    pairs: (number, moved) => {
      section(NAMES[number]);
      const bytes = target.sections[number];
      tellPairs(
        tell,
        moved,
        Uint32Array.from({ length: bytes.length >> 2 }, (_, i) => readU32(bytes, 4 * i)),
      );
    },
  };
}

/** Tells what `createLiteralCoder` asks for: tags and bytes, string ids as a whole, numbers from their last byte. */
function tellLiterals(
  tell: Tell,
  sizes: readonly number[],
  wanted: Uint8Array,
  from: number,
  to: number,
): void {
  let left = 0;
  let type = 0;
  for (let at = from; at < to;) {
    if (left === 0) {
      const tag = wanted[at++];
      tell(tag);
      left = tag & 15;
      type = (tag >> 4) & 7;
      if (tag > 127 && at < to) {
        tell(wanted[at]);
        left = (left << 8) | wanted[at++];
      }
      if (sizes[type] === 0) left = 0;
      continue;
    }
    const size = sizes[type];
    if (size === 2 && at + 2 <= to) tell(readU16(wanted, at));
    else tell(...wanted.slice(at, Math.min(at + size, to)).reverse());
    at += size;
    left--;
  }
}
