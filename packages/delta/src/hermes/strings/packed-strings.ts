import { mustHold } from '../../error.ts';
import { readU16 } from '../entropy/bits.ts';
import { STRING_STORAGE } from '../file/bytecode-layout.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import type { HermesFile, StringTable } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import { readText } from './read-text.ts';
import { sortByKey } from './sort-by-key.ts';
import type { StringColumns } from './string-columns.ts';
import { packStrings } from './string-packer.ts';
import { type CodedStrings, createStringTable } from './strings.ts';
import { createTextModel } from './text-model.ts';
import { each, type Work } from '../work.ts';

const MAX_ORDER = 5;
/** Bytes of new text between two yields. */
const SLICE = 32;

/** Unit `k` of a string; 0 behind its end. */
export function unitAt({ length, offset, pool, wide }: StringColumns, row: number, k: number): number {
  if (k >= length[row]) return 0;
  return wide[row] === 0 ? pool[offset[row] + k] : readU16(pool, offset[row] + 2 * k);
}

/** Where the text of a string ends. */
function endOf({ length, offset, wide }: StringTable, row: number): number {
  return offset[row] + length[row] * (1 + wide[row]);
}

/** Columns of the strings of a file, with room for `more`. */
function createColumns({ sections, strings }: HermesFile, more: number): StringColumns {
  const count = strings.count + more;
  const columns = {
    ...createStringTable(count),
    at: new Uint32Array(count),
    inside: new Int32Array(count).fill(-1),
    order: new Int8Array(count),
    pool: sections[STRING_STORAGE],
  };
  columns.length.set(strings.length);
  columns.offset.set(strings.offset);
  columns.order.set(strings.kind.map((kind, id) => (id < 255 ? 0 : id < 65535 ? 2 : 4) + kind));
  columns.wide.set(strings.wide);
  return columns;
}

/**
 * Finds what lies in what among the first `count`, which are a file's: the longest string that begins somewhere holds what ends before it does, of the
 * same width. Gives rows in the order in which the compiler packs: by id width and kind, then by code units.
 */
function* sortToPack(strings: StringColumns, count: number): Work<Int32Array> {
  const { at, inside, length, offset, order, pool, wide } = strings;
  const byPlace = yield* sortByKey(
    count,
    (row) => offset[row],
    (row) => -length[row],
  );
  const holders = [-1, -1];
  yield* each(count, (k) => {
    const row = byPlace[k];
    const holder = holders[wide[row]];
    if (length[row] === 0) return;
    if (holder >= 0 && endOf(strings, row) <= endOf(strings, holder)) {
      if (order[holder] >= 0) inside[row] = holder;
      at[row] = (offset[row] - offset[holder]) / (1 + wide[row]);
    } else {
      holders[wide[row]] = row;
    }
  });
  const narrow = readText(pool, 0);
  return yield* sortByKey(
    strings.count,
    (row) => {
      // Three units, as far as they are below 255: what comes behind a higher one decides nothing.
      let key = order[row];
      for (let k = 0; k < 3; k++)
        key = key * 256 + (k > 0 && key % 256 === 255 ? 255 : Math.min(unitAt(strings, row, k), 255));
      return key;
    },
    (row) =>
      wide[row] === 0
        ? narrow.slice(offset[row], endOf(strings, row))
        : readText(pool.subarray(offset[row], endOf(strings, row)), 1),
  );
}

/** Strings of a file, and their rows in packing order. */
export function* sortStrings(
  file: HermesFile,
): Work<{ readonly strings: StringColumns; readonly sorted: Int32Array }> {
  const strings = createColumns(file, 0);
  return { sorted: yield* sortToPack(strings, strings.count), strings };
}

/** The table and storage that the compiler makes from sorted strings, and their rows in the order of their ids. */
export function* layOut(
  strings: StringColumns,
  sorted: Int32Array,
): Work<Pick<CodedStrings, 'table' | 'storage'> & { readonly byId: Int32Array }> {
  const { at, inside, length, offset, order, pool, wide } = strings;
  const place = new Uint32Array(strings.count);
  let size = 0;
  for (const width of [0, 1]) {
    const rows = sorted.filter((row) => wide[row] === width);
    const packing = yield* packStrings(strings, rows);
    // Wide text begins at an even place.
    if (packing.length > 0) size += width & size;
    for (let i = 0; i < rows.length; i++) place[rows[i]] = size + packing.places[i] * (1 + width);
    size += packing.length * (1 + width);
    yield 0.1;
  }
  const storage = new Uint8Array(size);
  yield* each(sorted.length, (k) => {
    const row = sorted[k];
    const holder = inside[row];
    if (holder < 0) storage.set(pool.subarray(offset[row], endOf(strings, row)), place[row]);
    // A container has a place of its own; a list that says otherwise gives a wrong one, at worst outside, which is refused.
    else place[row] = place[holder] + at[row] * (1 + wide[row]);
    // The empty string lies at the beginning, whatever its width.
    if (length[row] === 0) place[row] = 0;
  });
  const byId = yield* sortByKey(
    strings.count,
    (row) => order[row] * 2 ** 26 + place[row],
    (row) => length[row],
  );
  const table = createStringTable(byId.length);
  yield* each(byId.length, (j) => {
    const row = byId[j];
    table.kind[j] = order[row] & 1;
    table.length[j] = length[row];
    table.offset[j] = place[row];
    table.wide[j] = wide[row];
    mustHold(endOf(table, j) <= size);
  });
  return { byId, storage, table };
}

/**
 * Strings of a file that the compiler packed in one go: only what went, what changed its kind, what was added and what lies in
 * something else now is said; order, overlaps and ids follow.
 */
export function* codePackedStrings(
  coder: Coder,
  old: HermesFile,
  maxBytes: number,
  plan?: HermesPlan,
): Work<CodedStrings> {
  const oldCount = old.strings.count;
  const strings = createColumns(old, coder.number(CONTEXT.stringNew, maxBytes / 4));
  const { order } = strings;
  plan?.strings(order);
  codePlaces(coder, CONTEXT.stringGone, oldCount, (id) => {
    order[id] = -1;
  });
  codePlaces(coder, CONTEXT.stringChanged, oldCount, (id) => {
    order[id] = coder.number(CONTEXT.stringOrder, MAX_ORDER);
  });
  yield* codeNewStrings(coder, strings, oldCount, maxBytes);
  const sorted = yield* sortToPack(strings, oldCount);

  // Which strings lie in others: as before, but for those that are named.
  plan?.inside(strings, sorted);
  codePlaces(coder, CONTEXT.stringInside, sorted.length, (i) => {
    const row = sorted[i];
    strings.inside[row] = -1;
    if (!coder.flag(CONTEXT.stringIsInside)) return;
    const holder = (strings.inside[row] = sorted[coder.number(CONTEXT.stringContainer, sorted.length - 1)]);
    strings.at[row] = coder.number(CONTEXT.stringContainerAt, maxBytes);
    mustHold(strings.wide[holder] === strings.wide[row]);
  });
  yield 0.1;
  const { byId, storage, table } = yield* layOut(strings, sorted);
  mustHold(storage.length <= maxBytes);
  const newIds = new Int32Array(oldCount).fill(-1);
  for (let id = 0; id < byId.length; id++) if (byId[id] < oldCount) newIds[byId[id]] = id;
  return { newIds, storage, table };
}

/** Codes the strings from row `from` on; their text goes to the end of the pool. */
function* codeNewStrings(coder: Coder, strings: StringColumns, from: number, maxBytes: number): Work<void> {
  const { length, offset, order, pool, wide } = strings;
  const model = createTextModel(coder, pool);
  const bytes: number[] = [];
  let last = 0;
  for (let row = from; row < strings.count; row++) {
    wide[row] = coder.flag(CONTEXT.stringWide) ? 1 : 0;
    order[row] = last += coder.number(CONTEXT.stringOrder, MAX_ORDER - last);
    // Units are whole words of the pool.
    if ((wide[row] & (pool.length + bytes.length)) === 1) bytes.push(0);
    offset[row] = pool.length + bytes.length;
    length[row] = coder.number(CONTEXT.stringLength, (maxBytes - bytes.length) / (1 + wide[row]));
    yield* each(length[row] * (1 + wide[row]), () => bytes.push(model(bytes, bytes.length)), SLICE);
    // A zero between: the end of a word says something about the next letters, too.
    bytes.push(0);
  }
  strings.pool = new Uint8Array(pool.length + bytes.length);
  strings.pool.set(pool);
  strings.pool.set(bytes, pool.length);
}

/** Codes for which of `count` entries something holds, as gaps. */
function codePlaces(coder: Coder, context: number, count: number, visit: (i: number) => void): void {
  const places = coder.number(context, count);
  let at = -1;
  for (let i = 0; i < places; i++) {
    at += 1 + coder.number(context + 1, count - at - 2);
    visit(at);
  }
}
