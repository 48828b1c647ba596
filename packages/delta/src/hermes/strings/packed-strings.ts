import { mustHold } from '../../error.ts';
import { readU16 } from '../entropy/bits.ts';
import { STRING_STORAGE } from '../file/bytecode-layout.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import { type HermesFile, type StringTable } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import type { SortedString } from './sorted-string.ts';
import { packStrings } from './string-packer.ts';
import { type CodedStrings, createStringTable } from './strings.ts';
import { createTextModel } from './text-model.ts';
import { inPieces, type Work } from '../work.ts';

const MAX_ORDER = 5;
/** Strings between two yields. */
const SLICE = 1024;

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

/** Sorts by class of order, and within one by `compare`. */
function* sortByOrder(
  strings: readonly SortedString[],
  compare: (a: SortedString, b: SortedString) => number,
): Work<SortedString[]> {
  let sorted: SortedString[] = [];
  for (let class_ = 0; class_ <= MAX_ORDER; class_++) {
    sorted = sorted.concat(strings.filter(({ order }) => order === class_).sort(compare));
    yield 0.05;
  }
  return sorted;
}

/** In the order in which the compiler packs: by id width and kind, then by code units. */
function sortToPack(strings: readonly SortedString[]): Work<SortedString[]> {
  return sortByOrder(strings, (a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.wide - b.wide));
}

/** Strings of a file in packing order, with what lies in what. */
export function* sortStrings(
  { sections, strings }: HermesFile,
  oldIdOf: (id: number, text: string) => number,
): Work<SortedString[]> {
  const { kind, length, offset, wide } = strings;
  const all: SortedString[] = [];
  const ids: number[][] = [[], []];
  yield* inPieces(strings.count, SLICE, 0.02, (from, to) => {
    for (let i = from; i < to; i++) {
      const text = stringText(strings, sections[STRING_STORAGE], i);
      all.push({
        at: 0,
        oldId: oldIdOf(i, text),
        order: (i < 255 ? 0 : i < 65535 ? 2 : 4) + kind[i],
        text,
        wide: wide[i],
      });
      if (length[i] > 0) ids[wide[i]].push(i);
    }
  });
  ids.forEach((list, isWide) => {
    let container = -1;
    let end = 0;
    for (const i of list.sort((a, b) => offset[a] - offset[b] || length[b] - length[a] || a - b)) {
      const stop = offset[i] + length[i] * (1 + isWide);
      if (stop <= end) {
        all[i].inside = all[container];
        all[i].at = (offset[i] - offset[container]) / (1 + isWide);
      } else {
        container = i;
        end = stop;
      }
    }
  });
  return yield* sortToPack(all);
}

/** The table and storage that the compiler makes from sorted strings, and these in the order of their ids. */
export function* layOut(
  sorted: readonly SortedString[],
): Work<Pick<CodedStrings, 'table' | 'storage'> & { readonly byId: readonly SortedString[] }> {
  let end = 0;
  for (const wide of [0, 1]) {
    const list = sorted.filter((one) => one.wide === wide);
    const units = yield* packStrings(list);
    // Wide text begins at an even place.
    if (units > 0) end += wide & end;
    // The empty string lies at the beginning, whatever its width.
    for (const one of list) one.place = one.text.length === 0 ? 0 : end + (one.place as number) * (1 + wide);
    end += units * (1 + wide);
    yield 0.08;
  }
  const storage = new Uint8Array(end);
  const byId = yield* sortByOrder(
    sorted,
    (a, b) => (a.place as number) - (b.place as number) || a.text.length - b.text.length,
  );
  const table = createStringTable(byId.length);
  yield* inPieces(byId.length, SLICE, 0.09, (from, to) => {
    for (let j = from; j < to; j++) {
      const { order, place = -1, text, wide } = byId[j];
      mustHold(place >= 0 && place + text.length * (1 + wide) <= end);
      table.kind[j] = order & 1;
      table.length[j] = text.length;
      table.offset[j] = place;
      table.wide[j] = wide;
      for (let k = 0; k < text.length; k++) {
        const unit = text.charCodeAt(k);
        storage[place + k * (1 + wide)] = unit;
        if (wide === 1) storage[place + 2 * k + 1] = unit >>> 8;
      }
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
  plan?.packedStrings(before);
  const gone = new Set<SortedString>();
  codePlaces(coder, CONTEXT.stringGone, before, (one) => gone.add(one));
  codePlaces(coder, CONTEXT.stringChanged, before, (one) => {
    one.order = coder.number(CONTEXT.stringOrder, MAX_ORDER);
  });
  let sorted = before.filter((one) => !gone.has(one));
  for (const one of sorted) if (one.inside && gone.has(one.inside)) one.inside = undefined;

  const count = coder.number(CONTEXT.stringNew, maxBytes / 4);
  const model = createTextModel(coder, old.sections[STRING_STORAGE]);
  const bytes = new Uint8Array(maxBytes);
  let at = 0;
  let order = 0;
  for (let i = 0; i < count; i++) {
    const wide = coder.flag(CONTEXT.stringWide) ? 1 : 0;
    order += coder.number(CONTEXT.stringOrder, MAX_ORDER - order);
    const length = coder.number(CONTEXT.stringLength, (maxBytes - at) / (1 + wide));
    let text = '';
    for (let k = 0; k < length; k++) {
      let unit = (bytes[at] = model(bytes, at));
      at++;
      if (wide === 1) {
        unit |= (bytes[at] = model(bytes, at)) << 8;
        at++;
      }
      text += String.fromCharCode(unit);
      if (k % SLICE === 0) yield 0.04;
    }
    // A zero between: the end of a word says something about the next letters, too.
    at++;
    sorted.push({ at: 0, oldId: -1, order, text, wide });
  }
  sorted = yield* sortToPack(sorted);

  // Which strings lie in others: as before, but for those that are named.
  plan?.containers(sorted);
  codePlaces(coder, CONTEXT.stringInside, sorted, (one) => {
    one.inside = undefined;
    if (!coder.flag(CONTEXT.stringIsInside)) return;
    one.inside = sorted[coder.number(CONTEXT.stringContainer, sorted.length - 1)];
    one.at = coder.number(CONTEXT.stringContainerAt, maxBytes);
    mustHold(one.inside.wide === one.wide);
  });
  yield 0.06;
  const { byId, storage, table } = yield* layOut(sorted);
  mustHold(storage.length <= maxBytes);
  const newIds = new Int32Array(old.strings.count).fill(-1);
  byId.forEach(({ oldId }, id) => {
    if (oldId >= 0) newIds[oldId] = id;
  });
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
