import { mustHold } from '../../error.ts';
import { writeU16 } from '../entropy/bits.ts';
import { STRING_STORAGE } from '../file/bytecode-layout.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import type { SortedString } from './sorted-string.ts';
import { readText } from './read-text.ts';
import { sortByKey } from './sort-by-key.ts';
import { packStrings } from './string-packer.ts';
import { type CodedStrings, createStringTable } from './strings.ts';
import { createTextModel } from './text-model.ts';
import { inPieces, type Work } from '../work.ts';

const MAX_ORDER = 5;
const GONE = -1;
/** Strings, and bytes of new text, between two yields. */
const SLICE = 1024;
const NEW_TEXT = 32;

/** In the order in which the compiler packs: by id width and kind, then by code units. */
function sortToPack(strings: readonly SortedString[]): Work<SortedString[]> {
  return sortByKey(
    strings,
    ({ order, text }) => {
      // Three units, as far as they are below 255: what comes behind a higher one decides nothing.
      let key = order;
      for (let k = 0; k < 3; k++)
        key = key * 256 + (k > 0 && key % 256 === 255 ? 255 : Math.min(text.charCodeAt(k) || 0, 255));
      return key;
    },
    (a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.wide - b.wide),
  );
}

/** A string as {@link SortedString}, not placed yet. */
function sortable(oldId: number, order: number, wide: number, text: string, start = 0): SortedString {
  return { at: 0, inside: undefined, number: 0, oldId, order, place: start, text, wide };
}

/** Where the text of a string ends. */
function endOf({ place, text, wide }: SortedString): number {
  return place + text.length * (1 + wide);
}

/** Strings of a file in packing order, with what lies in what. */
export function* sortStrings(
  { sections, strings }: HermesFile,
  oldIdOf: (id: number, text: string) => number,
): Work<SortedString[]> {
  const { count, kind, length, offset, wide } = strings;
  const storage = sections[STRING_STORAGE];
  const narrow = readText(storage, 0);
  yield 0.1;
  const all: SortedString[] = [];
  yield* inPieces(count, SLICE, 0.1, (from, to) => {
    for (let i = from; i < to; i++) {
      const start = offset[i];
      const text =
        wide[i] === 0
          ? narrow.slice(start, start + length[i])
          : readText(storage.subarray(start, start + 2 * length[i]), 1);
      const order = (i < 255 ? 0 : i < 65535 ? 2 : 4) + kind[i];
      all.push(sortable(oldIdOf(i, text), order, wide[i], text, start));
    }
  });
  // The longest one that begins somewhere holds what ends before it does, of the same width.
  const holders: SortedString[] = [];
  const byPlace = yield* sortByKey(
    all,
    ({ place }) => place,
    (a, b) => b.text.length - a.text.length,
  );
  yield* inPieces(count, SLICE, 0.1, (from, to) => {
    for (let k = from; k < to; k++) {
      const one = byPlace[k];
      const holder = holders[one.wide];
      if (one.text.length === 0) continue;
      if (holder !== undefined && endOf(one) <= endOf(holder)) {
        one.inside = holder;
        one.at = (one.place - holder.place) / (1 + one.wide);
      } else {
        holders[one.wide] = one;
      }
    }
  });
  return yield* sortToPack(all);
}

/** The table and storage that the compiler makes from sorted strings, and these in the order of their ids. */
export function* layOut(
  sorted: readonly SortedString[],
): Work<Pick<CodedStrings, 'table' | 'storage'> & { readonly byId: readonly SortedString[] }> {
  let storage = new Uint8Array(0);
  for (const wide of [0, 1]) {
    const list = sorted.filter((one) => one.wide === wide);
    const units = yield* packStrings(list);
    // Wide text begins at an even place.
    const base = storage.length + (units.length > 0 ? wide & storage.length : 0);
    // The empty string lies at the beginning, whatever its width.
    list.forEach((one) => (one.place = one.text.length === 0 ? 0 : base + one.place * (1 + wide)));
    const grown = new Uint8Array(base + units.length * (1 + wide));
    grown.set(storage);
    if (wide === 0) grown.set(units);
    else units.forEach((unit, k) => writeU16(grown, base + 2 * k, unit));
    storage = grown;
    yield 0.1;
  }
  const byId = yield* sortByKey(
    sorted,
    ({ order, place }) => order * 2 ** 26 + place,
    (a, b) => a.text.length - b.text.length,
  );
  const table = createStringTable(byId.length);
  yield* inPieces(byId.length, SLICE, 0.1, (from, to) => {
    for (let j = from; j < to; j++) {
      const { order, place, text, wide } = byId[j];
      mustHold(place >= 0 && endOf(byId[j]) <= storage.length);
      table.kind[j] = order & 1;
      table.length[j] = text.length;
      table.offset[j] = place;
      table.wide[j] = wide;
    }
  });
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
  const before = yield* sortStrings(old, (id) => id);
  plan?.strings(before);
  codePlaces(coder, CONTEXT.stringGone, before, (one) => {
    one.order = GONE;
  });
  codePlaces(coder, CONTEXT.stringChanged, before, (one) => {
    one.order = coder.number(CONTEXT.stringOrder, MAX_ORDER);
  });
  let sorted = before.filter(({ order }) => order !== GONE);
  sorted.forEach((one) => {
    if (one.inside?.order === GONE) one.inside = undefined;
  });

  const count = coder.number(CONTEXT.stringNew, maxBytes / 4);
  const model = createTextModel(coder, old.sections[STRING_STORAGE]);
  const bytes: number[] = [];
  const codeText = (from: number, to: number): void => {
    for (let k = from; k < to; k++) bytes.push(model(bytes, bytes.length));
  };
  for (let i = 0, order = 0; i < count; i++) {
    const wide = coder.flag(CONTEXT.stringWide) ? 1 : 0;
    order += coder.number(CONTEXT.stringOrder, MAX_ORDER - order);
    const start = bytes.length;
    const length = coder.number(CONTEXT.stringLength, (maxBytes - start) / (1 + wide));
    yield* inPieces(length * (1 + wide), NEW_TEXT, 0.1, codeText);
    sorted.push(sortable(-1, order, wide, readText(Uint8Array.from(bytes.slice(start)), wide)));
    // A zero between: the end of a word says something about the next letters, too.
    bytes.push(0);
  }
  sorted = yield* sortToPack(sorted);

  // Which strings lie in others: as before, but for those that are named.
  plan?.inside(sorted);
  codePlaces(coder, CONTEXT.stringInside, sorted, (one) => {
    one.inside = undefined;
    if (!coder.flag(CONTEXT.stringIsInside)) return;
    one.inside = sorted[coder.number(CONTEXT.stringContainer, sorted.length - 1)];
    one.at = coder.number(CONTEXT.stringContainerAt, maxBytes);
    mustHold(one.inside.wide === one.wide);
  });
  yield 0.1;
  const { byId, storage, table } = yield* layOut(sorted);
  mustHold(storage.length <= maxBytes);
  const newIds = new Int32Array(old.strings.count).fill(-1);
  for (let id = 0; id < byId.length; id++) if (byId[id].oldId >= 0) newIds[byId[id].oldId] = id;
  return { newIds, storage, table };
}

/** Codes for which entries of a list something holds, as gaps. */
function codePlaces(
  coder: Coder,
  context: number,
  list: readonly SortedString[],
  visit: (one: SortedString) => void,
): void {
  const count = coder.number(context, list.length);
  let at = -1;
  for (let i = 0; i < count; i++) {
    at += 1 + coder.number(context + 1, list.length - at - 2);
    visit(list[at]);
  }
}
