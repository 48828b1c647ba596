import { mustHold } from '../error.ts';
import { readU16 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { type HermesFile, type StringTable } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { type PackedString, packStrings } from './string-packer.ts';
import { type CodedStrings, createStringTable } from './strings.ts';
import { createPrimedTextModel } from './text-model.ts';
import type { Work } from './work.ts';

/**
 * One string with all that its place follows from. `order`: twice the bucket of its id (the first 255, up to 65,535, the rest: as
 * wide as the operands that refer to it), plus its kind.
 */
export interface SortedString {
  readonly text: string;
  readonly wide: number;
  readonly order: number;
  /** Old id; -1 for a new string. */
  readonly oldId: number;
  /** The string that it lies in, and where; undefined for strings with a place of their own. */
  inside?: Inside | undefined;
}

/** A place in another string. */
export interface Inside {
  readonly container: SortedString;
  readonly at: number;
}

/** The text of string `i`. */
export function stringText({ length, offset, wide }: StringTable, storage: Uint8Array, i: number): string {
  const start = offset[i];
  const units =
    wide[i] === 0
      ? storage.subarray(start, start + length[i])
      : Uint16Array.from({ length: length[i] }, (_, k) => readU16(storage, start + 2 * k));
  let text = '';
  for (let from = 0; from < length[i]; from += 4096)
    text += String.fromCharCode(...units.subarray(from, from + 4096));
  return text;
}

/** Order in which the compiler packs: by id width and kind, then by code units. */
function compareStrings(a: SortedString, b: SortedString): number {
  return a.order - b.order || (a.text < b.text ? -1 : a.text > b.text ? 1 : a.wide - b.wide);
}

/** Strings of a file in packing order, with what lies in what. */
export function sortStrings(file: HermesFile, oldIdOf: (id: number) => number): SortedString[] {
  const { strings } = file;
  const { length, offset } = strings;
  const storage = file.sections.stringStorage;
  const all: SortedString[] = [];
  const ids: number[][] = [[], []];
  for (let i = 0; i < strings.count; i++) {
    all.push({
      oldId: oldIdOf(i),
      order: (i < 255 ? 0 : i < 65535 ? 2 : 4) + strings.kind[i],
      text: stringText(strings, storage, i),
      wide: strings.wide[i],
    });
    if (length[i] > 0) ids[strings.wide[i]].push(i);
  }
  ids.forEach((list, wide) => {
    let container = -1;
    let end = 0;
    for (const i of list.sort((a, b) => offset[a] - offset[b] || length[b] - length[a] || a - b)) {
      const stop = offset[i] + length[i] * (1 + wide);
      if (stop <= end) {
        all[i].inside = { at: (offset[i] - offset[container]) / (1 + wide), container: all[container] };
      } else {
        container = i;
        end = stop;
      }
    }
  });
  return all.sort(compareStrings);
}

/** The table and storage that the compiler makes from sorted strings; undefined when something lies outside. */
export function* layOut(
  sorted: readonly SortedString[],
): Work<(Pick<CodedStrings, 'table' | 'storage'> & { readonly byId: readonly SortedString[] }) | undefined> {
  const places = new Map<SortedString, number>();
  let end = 0;
  for (const wide of [0, 1]) {
    const list = sorted.filter((one) => one.wide === wide);
    const numbers = new Map(list.map((one, i) => [one, i]));
    const packing = yield* packStrings(
      list.map(({ inside, text }): PackedString => {
        const container = inside && numbers.get(inside.container);
        return inside === undefined || container === undefined
          ? { text }
          : { inside: { at: inside.at, container }, text };
      }),
    );
    // Wide text begins at an even place.
    if (packing.length > 0) end += wide & end;
    list.forEach((one, i) => places.set(one, end + packing.offsets[i] * (1 + wide)));
    end += packing.length * (1 + wide);
    yield 0.08;
  }
  const storage = new Uint8Array(end);
  const placeOf = (one: SortedString): number => places.get(one) as number;
  const byId = sorted
    .slice()
    .sort((a, b) => a.order - b.order || placeOf(a) - placeOf(b) || a.text.length - b.text.length);
  const table = createStringTable(Uint8Array.from(byId, ({ order }) => order & 1));
  for (let j = 0; j < byId.length; j++) {
    if (j % 1024 === 0) yield 0.09;
    const one = byId[j];
    const { text, wide } = one;
    // The empty string lies at the beginning, whatever its width.
    const offset = text.length === 0 ? 0 : placeOf(one);
    if (!(offset >= 0 && offset + text.length * (1 + wide) <= end)) return undefined;
    table.length[j] = text.length;
    table.offset[j] = offset;
    table.wide[j] = wide;
    for (let k = 0; k < text.length; k++) {
      const unit = text.charCodeAt(k);
      storage[offset + k * (1 + wide)] = unit;
      if (wide === 1) storage[offset + 2 * k + 1] = unit >>> 8;
    }
  }
  return { byId, storage, table };
}

/**
 * Strings of a file that the compiler packed in one go: only what was added, what went, what changed its kind and what lies in
 * something else now is said; order, overlaps and ids follow.
 */
export function* codePackedStrings(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  plan?: HermesPlan,
): Work<CodedStrings> {
  const before = sortStrings(old, (id) => id);
  yield 0.02;
  plan?.packedStrings(before);
  const moved = new Map<SortedString, SortedString>();
  const gone = codePlaces(coder, CONTEXT.stringGone, before.length);
  const changed = codePlaces(coder, CONTEXT.stringChanged, before.length);
  before.forEach((one, i) => {
    if (gone.has(i)) return;
    const { oldId, text, wide } = one;
    const order = changed.has(i) ? coder.number(CONTEXT.stringOrder) : one.order;
    moved.set(one, { oldId, order, text, wide });
  });
  const sorted = [...moved.values()];

  const count = coder.number(CONTEXT.stringNew);
  mustHold(count + sorted.length <= maxBytes / 4);
  const model = createPrimedTextModel(coder, old.sections.stringStorage);
  const bytes = new Uint8Array(maxBytes);
  let at = 0;
  let order = 0;
  for (let i = 0; i < count; i++) {
    const wide = coder.flag(CONTEXT.stringWide) ? 1 : 0;
    order += coder.number(CONTEXT.stringOrder);
    const length = coder.number(CONTEXT.stringLength);
    mustHold(at + length * (1 + wide) < maxBytes);
    let text = '';
    for (let k = 0; k < length; k++) {
      let unit = (bytes[at] = model(bytes, at));
      at++;
      if (wide === 1) {
        unit |= (bytes[at] = model(bytes, at)) << 8;
        at++;
      }
      text += String.fromCharCode(unit);
    }
    // A zero between: the end of a word says something about the next letters, too.
    at++;
    sorted.push({ oldId: -1, order, text, wide });
  }

  yield 0.04;
  sorted.sort(compareStrings);
  yield 0.05;
  codeContainers(coder, before, moved, sorted, plan);
  yield 0.06;
  const result = yield* layOut(sorted);
  if (result === undefined || result.storage.length > maxBytes) return mustHold(false) as never;
  const newIds = new Int32Array(old.strings.count).fill(-1);
  const fresh: number[] = [];
  result.byId.forEach(({ oldId }, id) => {
    if (oldId >= 0) newIds[oldId] = id;
    else fresh.push(id);
  });
  return { fresh, newIds, storage: result.storage, table: result.table };
}

/** Which strings lie in others: as before, but for those that are named. */
function codeContainers(
  coder: Coder,
  before: readonly SortedString[],
  moved: ReadonlyMap<SortedString, SortedString>,
  sorted: readonly SortedString[],
  plan?: HermesPlan,
): void {
  for (const one of before) {
    const copy = moved.get(one);
    const container = one.inside && moved.get(one.inside.container);
    if (copy !== undefined && one.inside !== undefined && container !== undefined)
      copy.inside = { at: one.inside.at, container };
  }
  plan?.containers(sorted);
  for (const i of codePlaces(coder, CONTEXT.stringInside, sorted.length)) {
    const one = sorted[i];
    one.inside = undefined;
    if (!coder.flag(CONTEXT.stringIsInside)) continue;
    const container = sorted[coder.number(CONTEXT.stringContainer)];
    mustHold(container !== undefined && container !== one);
    one.inside = { at: coder.number(CONTEXT.stringContainerAt), container };
  }
}

/** Codes for which entries of a list something holds, as gaps. */
function codePlaces(coder: Coder, context: number, length: number): ReadonlySet<number> {
  const count = Math.min(coder.number(context), length);
  const places = new Set<number>();
  let at = -1;
  for (let i = 0; i < count; i++) {
    at += 1 + coder.number(context + 1);
    mustHold(at < length);
    places.add(at);
  }
  return places;
}
