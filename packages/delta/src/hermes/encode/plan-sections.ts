import { readU16, readU32, sameBytes } from '../bits.ts';
import { joined, words } from '../literal-sections.ts';
import { readModules } from '../modules.ts';
import type { OpcodeTable } from '../opcode-table.ts';
import { type HermesFile } from '../parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import { mapped } from '../reference-maps.ts';
import type { AnsweringCoder, Tell } from './answering-coder.ts';
import { findCopies } from './lz-copies.ts';
import { tellCopies, tellSequence } from './tell.ts';
import { type Votes, vote } from './vote.ts';

type SectionPlan = Pick<
  HermesPlan,
  | 'copies'
  | 'functionSource'
  | 'functionSources'
  | 'literals'
  | 'modules'
  | 'overrides'
  | 'regExp'
  | 'regExps'
  | 'regExpsChange'
  | 'shape'
  | 'shapes'
>;

/** Shorter copies of literals do not pay. */
const MIN_LITERAL_COPY = 10;
const NAMES: Readonly<Record<string, string>> = {
  bigIntStorage: 'big integers',
  bigIntTable: 'big integers',
  regExpStorage: 'regular expressions',
  stringStorage: 'string text',
};

/** What is said of sections that hold neither strings nor functions. */
export function planSections(
  { section, tell }: AnsweringCoder,
  old: HermesFile,
  target: HermesFile,
  table: OpcodeTable,
): SectionPlan {
  const regExpTable = target.sections.regExpTable;
  const sources = target.sections.functionSources;
  const shapes = words(target.sections.shapes);
  let votes: Votes | undefined;
  return {
    copies: (name, before, minLength) => {
      section(NAMES[name] ?? 'other sections');
      const wanted = target.sections[name];
      tellCopies(
        tell,
        before,
        wanted,
        () => findCopies(before, wanted, minLength),
        (from, to) => wanted.subarray(from, to).forEach((byte) => tell(byte)),
      );
    },
    functionSource: (j) => tell(readU32(sources, 8 * j), readU32(sources, 8 * j + 4)),
    functionSources: (moved) => {
      section('function sources');
      const unchanged = sameBytes(moved, sources);
      tell(unchanged ? 1 : 0);
      if (unchanged) return;
      const key = (bytes: Uint8Array, i: number): string => bytes.subarray(8 * i, 8 * i + 8).join();
      const index = new Map(Array.from({ length: moved.length / 8 }, (_, i) => [key(moved, i), i]));
      const count = sources.length / 8;
      const wanted = Int32Array.from({ length: count }, (_, j) => index.get(key(sources, j)) ?? -1);
      tell(count);
      tellSequence(tell, wanted, moved.length / 8);
    },
    literals: (name, before, remapped) => {
      section('literal copies');
      const wanted = target.sections[name];
      const appended =
        wanted.length >= before.length &&
        sameBytes(wanted.subarray(0, before.length), before) &&
        !sameBytes(remapped, before);
      if (remapped !== before) tell(appended ? 1 : 0);
      const dictionary = appended ? joined(remapped, before) : remapped;
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
      const after = readModules(target, table);
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
    regExp: (j, fresh) => {
      if (fresh) tell(readU32(regExpTable, 8 * j + 4));
      tell(readU32(regExpTable, 8 * j));
    },
    regExps: () => {
      const wanted = matchRegExps(old, target);
      tell(wanted.length);
      tellSequence(tell, wanted, old.header.regExpTable);
    },
    regExpsChange: () => {
      section('regular expressions');
      const same = (['regExpStorage', 'regExpTable'] as const).every((name) =>
        sameBytes(old.sections[name], target.sections[name]),
      );
      tell(same ? 1 : 0);
    },
    shape: (j) => tell(shapes[2 * j], shapes[2 * j + 1]),
    shapes: (before, keyMap) => {
      section('shapes');
      const index = new Map<number, number>();
      for (let i = 0; i < before.length; i += 2) {
        const place = mapped(keyMap, before[i]);
        index.set(place * 65536 + before[i + 1], i / 2);
      }
      const wanted = Int32Array.from(
        { length: shapes.length / 2 },
        (_, j) => index.get(shapes[2 * j] * 65536 + shapes[2 * j + 1]) ?? -1,
      );
      tell(wanted.length);
      tellSequence(tell, wanted, before.length / 2);
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

function matchRegExps(old: HermesFile, target: HermesFile): Int32Array {
  const key = (file: HermesFile, i: number): string => {
    const table = file.sections.regExpTable;
    const from = readU32(table, 8 * i);
    return file.sections.regExpStorage.subarray(from, from + readU32(table, 8 * i + 4)).join();
  };
  const places = new Map<string, number[]>();
  for (let i = 0; i < old.header.regExpTable; i++) {
    const k = key(old, i);
    places.set(k, [...(places.get(k) ?? []), i]);
  }
  return Int32Array.from(
    { length: target.header.regExpTable },
    (_, j) => places.get(key(target, j))?.shift() ?? -1,
  );
}
