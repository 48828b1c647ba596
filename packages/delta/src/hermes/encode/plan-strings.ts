import type { SortedString } from '../strings/sorted-string.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import type { AnsweringCoder } from './answering-coder.ts';
import { tellPairs } from './tell.ts';

type StringPlan = Pick<HermesPlan, 'start' | 'table' | 'kind' | 'strings' | 'inside'>;

/** What is said of strings. `packed`: the target's strings in packing order, when they are sent that way. */
export function planStrings(
  { section, tell }: AnsweringCoder,
  old: HermesFile,
  target: HermesFile,
  packed: readonly SortedString[] = [],
): StringPlan {
  const { strings } = target;
  const sizeOf = (j: number): number => strings.length[j] * (1 + strings.wide[j]);
  /** Tells places as gaps, and after each what there is to say about it. */
  const tellPlaces = (places: readonly number[], more: (place: number) => readonly number[]): void => {
    tell(places.length);
    places.forEach((place, i) => tell(place - (i > 0 ? places[i - 1] + 1 : 0), ...more(place)));
  };
  return {
    inside: (sorted) => {
      section('string containers');
      const numbers = new Map(sorted.map((one, i) => [one, i]));
      const wanted = new Map(packed.map((one, i) => [one, i]));
      const containerOf = (list: readonly SortedString[], by: Map<SortedString, number>, i: number): number =>
        list[i].inside === undefined ? -1 : (by.get(list[i].inside as SortedString) as number);
      const places = sorted.flatMap(({ at }, i) => {
        const container = containerOf(packed, wanted, i);
        const same = container === containerOf(sorted, numbers, i) && (container < 0 || packed[i].at === at);
        return same ? [] : [i];
      });
      tellPlaces(places, (i) => {
        const container = containerOf(packed, wanted, i);
        return container < 0 ? [0] : [1, container, packed[i].at];
      });
    },
    strings: (before) => {
      section('string changes');
      const byId = new Map(packed.map((one) => [one.oldId, one]));
      const order = (i: number): number => byId.get(before[i].oldId)?.order ?? -1;
      const numbers = Array.from(before.keys());
      tellPlaces(
        numbers.filter((i) => order(i) < 0),
        () => [],
      );
      tellPlaces(
        numbers.filter((i) => order(i) >= 0 && order(i) !== before[i].order),
        (i) => [order(i)],
      );
      const fresh = packed.filter(({ oldId }) => oldId < 0);
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
      tell(packed.length === 0 ? 0 : 1);
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
