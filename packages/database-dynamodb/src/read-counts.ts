import type { AdoptionHour, MarkCount } from '@kivyx-ota/database';
import { integerOf, type Item } from './items.ts';

const PREFIX = 'mark:';

/** Adds up the shards: by rising hour, then mark. */
export function adoptionOf(items: readonly Item[]): readonly AdoptionHour[] {
  const sums = new Map<string, AdoptionHour>();
  for (const item of items) {
    const hour = Number(/^hour#([0-9]{16})/.exec(String(item['sk']))?.[1] ?? 0);
    for (const [mark, devices] of marksOf(item)) {
      const id = JSON.stringify([hour, mark]);
      sums.set(id, { devices: devices + (sums.get(id)?.devices ?? 0), hourStartSeconds: hour, mark });
    }
  }
  return [...sums.values()].sort(
    (a, b) => a.hourStartSeconds - b.hourStartSeconds || (a.mark < b.mark ? -1 : 1),
  );
}

export function countsOf(items: readonly Item[]): readonly MarkCount[] {
  const sums = new Map<string, number>();
  for (const item of items)
    for (const [mark, devices] of marksOf(item)) sums.set(mark, devices + (sums.get(mark) ?? 0));
  return [...sums].map(([mark, devices]) => ({ devices, mark })).sort((a, b) => (a.mark < b.mark ? -1 : 1));
}

function marksOf(item: Item): readonly (readonly [mark: string, devices: number])[] {
  return Object.keys(item).flatMap((name) =>
    name.startsWith(PREFIX) ? [[name.slice(PREFIX.length), integerOf(item, name)] as const] : [],
  );
}
