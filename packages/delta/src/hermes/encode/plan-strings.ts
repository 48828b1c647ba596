import type { StringColumns } from '../strings/string-columns.ts';
import { unitAt } from '../strings/packed-strings.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import type { AnsweringCoder } from './answering-coder.ts';
import type { Packed } from './find-packing.ts';
import { tellPairs } from './tell.ts';

type StringPlan = Pick<HermesPlan, 'start' | 'table' | 'kind' | 'strings' | 'inside'>;

/** What is said of strings. `packed`: the target's, when they are sent in packing order. */
export function planStrings(
  { section, tell }: AnsweringCoder,
  old: HermesFile,
  target: HermesFile,
  packed?: Packed,
): StringPlan {
  const { strings } = target;
  const sizeOf = (j: number): number => strings.length[j] * (1 + strings.wide[j]);
  /** Tells places as gaps, and after each what there is to say about it. */
  const tellPlaces = (places: readonly number[], more: (place: number) => readonly number[]): void => {
    tell(places.length);
    places.forEach((place, i) => tell(place - (i > 0 ? places[i - 1] + 1 : 0), ...more(place)));
  };
  return {
    inside: (strings, sorted) => {
      if (packed === undefined) return;
      section('string containers');
      const wanted = containersOf(packed.strings, packed.sorted);
      const known = containersOf(strings, sorted);
      const wantedAt = (i: number): number => packed.strings.at[packed.sorted[i]];
      tellPlaces(
        Array.from(wanted.keys()).filter(
          (i) => wanted[i] !== known[i] || (wanted[i] >= 0 && wantedAt(i) !== strings.at[sorted[i]]),
        ),
        (i) => (wanted[i] < 0 ? [0] : [1, wanted[i], wantedAt(i)]),
      );
    },
    strings: (order) => {
      if (packed === undefined) return;
      section('string changes');
      const { oldIds, sorted, strings } = packed;
      const wanted = new Int32Array(old.strings.count).fill(-1);
      oldIds.forEach((id, row) => {
        if (id >= 0) wanted[id] = strings.order[row];
      });
      const ids = Array.from(wanted.keys());
      tellPlaces(
        ids.filter((id) => wanted[id] < 0),
        () => [],
      );
      tellPlaces(
        ids.filter((id) => wanted[id] >= 0 && wanted[id] !== order[id]),
        (id) => [wanted[id]],
      );
      const fresh = sorted.filter((row) => oldIds[row] < 0);
      let last = 0;
      for (const row of fresh) {
        tell(strings.wide[row], strings.order[row] - last, strings.length[row]);
        last = strings.order[row];
        for (let k = 0; k < strings.length[row]; k++) {
          const unit = unitAt(strings, row, k);
          tell(unit & 255);
          if (strings.wide[row] === 1) tell(unit >>> 8);
        }
      }
    },
    start: () => {
      section('string changes');
      if (packed === undefined) tell(0);
      else tell(1, packed.oldIds.filter((id) => id < 0).length);
    },
    kind: (j) => {
      section('new strings');
      tell(strings.kind[j], strings.wide[j]);
    },
    table: (moved) => {
      section('string table');
      const key = (offset: number, size: number, kind: number, wide: number): string =>
        `${offset} ${size} ${kind} ${wide}`;
      tellPairs(
        tell,
        moved,
        Uint32Array.from({ length: 2 * strings.count }, (_, n) =>
          n % 2 === 0 ? strings.offset[n / 2] : sizeOf((n - 1) / 2),
        ),
        (i) => key(moved[2 * i], moved[2 * i + 1], old.strings.kind[i], old.strings.wide[i]),
        (j) => key(strings.offset[j], sizeOf(j), strings.kind[j], strings.wide[j]),
      );
    },
  };
}

/** In packing order: the place in it of the string that each lies in, or -1. */
function containersOf({ inside }: StringColumns, sorted: Int32Array): Int32Array {
  const places = new Int32Array(inside.length);
  sorted.forEach((row, i) => (places[row] = i));
  return sorted.map((row) => (inside[row] < 0 ? -1 : places[inside[row]]));
}
