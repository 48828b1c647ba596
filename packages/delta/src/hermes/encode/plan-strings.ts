import { kindRuns } from '../strings.ts';
import type { SortedString } from '../packed-strings.ts';
import type { HermesFile, StringTable } from '../parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import type { AnsweringCoder } from './answering-coder.ts';
import { tellSequence } from './tell.ts';

type StringPlan = Pick<
  HermesPlan,
  'start' | 'kindRuns' | 'stringReferences' | 'stringEntry' | 'packedStrings' | 'containers'
>;

/** What is said of strings. `packed`: the target's strings in packing order, when they are sent that way. */
export function planStrings(
  { section, tell }: AnsweringCoder,
  old: HermesFile,
  target: HermesFile,
  packed: readonly SortedString[] | undefined,
): StringPlan {
  const { strings } = target;
  const tellPlaces = (places: readonly number[]): void => {
    tell(places.length);
    places.forEach((place, i) => tell(place - (i > 0 ? places[i - 1] + 1 : 0)));
  };
  return {
    containers: (sorted) => {
      section('string containers');
      const wanted = packed as readonly SortedString[];
      const numbers = new Map(sorted.map((one, i) => [one, i]));
      const wantedNumbers = new Map(wanted.map((one, i) => [one, i]));
      const places = sorted.flatMap((one, i) => {
        const inside = wanted[i]?.inside;
        const same =
          one.inside === undefined || inside === undefined
            ? one.inside === inside
            : numbers.get(one.inside.container) === wantedNumbers.get(inside.container) &&
              one.inside.at === inside.at;
        return same ? [] : [i];
      });
      tellPlaces(places);
      for (const i of places) {
        const inside = wanted[i]?.inside;
        if (inside === undefined) tell(0);
        else tell(1, wantedNumbers.get(inside.container) as number, inside.at);
      }
    },
    kindRuns: () => {
      section('string table');
      const runs = kindRuns(strings.kind);
      tell(runs.length);
      for (const [kind, length] of runs) tell(kind, length);
    },
    packedStrings: (before) => {
      section('string changes');
      const wanted = packed as readonly SortedString[];
      const byId = new Map(wanted.map((one) => [one.oldId, one]));
      const changed = before.map(({ oldId, order }) => {
        const after = byId.get(oldId);
        return after !== undefined && after.order !== order;
      });
      tellPlaces(before.flatMap(({ oldId }, i) => (byId.has(oldId) ? [] : [i])));
      tellPlaces(changed.flatMap((is, i) => (is ? [i] : [])));
      before.forEach(({ oldId }, i) => {
        if (changed[i] === true) tell((byId.get(oldId) as SortedString).order);
      });
      const fresh = wanted.filter(({ oldId }) => oldId < 0);
      tell(fresh.length);
      let last = 0;
      for (const { order, text, wide } of fresh) {
        tell(wide, order - last, text.length);
        last = order;
        for (let k = 0; k < text.length; k++) {
          const unit = text.charCodeAt(k);
          tell(unit & 255);
          if (wide === 1) tell(unit >>> 8);
        }
      }
    },
    start: () => {
      section('string changes');
      tell(packed === undefined ? 0 : 1);
    },
    stringEntry: (j) => {
      section('new strings');
      tell(strings.wide[j], strings.offset[j], strings.length[j]);
    },
    stringReferences: (moved, kind, successor) => {
      section('string table');
      tellSequence(tell, matchEntries(old.strings, moved, kind, strings), old.strings.count, successor);
    },
  };
}

/** The old entry of each new one by place of the text, the same kind first. */
function matchEntries(
  strings: StringTable,
  moved: Int32Array,
  kind: Uint8Array,
  wanted: StringTable,
): Int32Array {
  const byPlace = new Map<string, number[]>();
  for (let i = 0; i < strings.count; i++) {
    if (moved[i] < 0) continue;
    const key = `${moved[i]} ${strings.length[i]} ${strings.wide[i]}`;
    const list = byPlace.get(key);
    if (list === undefined) byPlace.set(key, [i]);
    else list.push(i);
  }
  const matched = new Int32Array(wanted.count).fill(-1);
  for (let j = 0; j < wanted.count; j++) {
    const list = byPlace.get(`${wanted.offset[j]} ${wanted.length[j]} ${wanted.wide[j]}`);
    if (list === undefined || list.length === 0) continue;
    const same = list.findIndex((i) => strings.kind[i] === kind[j]);
    matched[j] = list.splice(Math.max(same, 0), 1)[0];
  }
  return matched;
}
