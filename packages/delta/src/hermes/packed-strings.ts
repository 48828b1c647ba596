import { deltaError } from '../error.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import { type HermesFile, sectionBytes, type StringTable } from './parse-hermes.ts';
import { type PackedString, packStrings } from './string-packer.ts';
import type { CodedStrings } from './strings.ts';
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
  readonly inside?: { readonly container: SortedString; readonly at: number };
}

/** What the encoder knows: the strings of the target, sorted. */
export interface PackedPlan {
  readonly sorted: readonly SortedString[];
}

/** Bucket of an id. */
export function bucketOf(id: number): number {
  return id < 255 ? 0 : id < 65535 ? 1 : 2;
}

/** The text of string `i`. */
export function stringText(table: StringTable, storage: Uint8Array, i: number): string {
  const units: number[] = [];
  let text = '';
  const start = table.offset[i];
  for (let k = 0; k < table.length[i]; k++) {
    units.push(
      table.wide[i] === 1 ? storage[start + 2 * k] | (storage[start + 2 * k + 1] << 8) : storage[start + k],
    );
    if (units.length === 4096 || k === table.length[i] - 1) text += String.fromCharCode(...units.splice(0));
  }
  return text;
}

/** Order in which the compiler packs: by id width and kind, then by code units. */
export function compareStrings(a: SortedString, b: SortedString): number {
  return a.order - b.order || (a.text < b.text ? -1 : a.text > b.text ? 1 : a.wide - b.wide);
}

/** Strings of a file in packing order, with what lies in what. */
export function sortStrings(file: HermesFile, oldIdOf: (id: number) => number): SortedString[] {
  const { strings } = file;
  const storage = sectionBytes(file, 'stringStorage');
  type Draft = { -readonly [P in keyof SortedString]: SortedString[P] };
  const all: Draft[] = [];
  for (let i = 0; i < strings.count; i++) {
    all.push({
      oldId: oldIdOf(i),
      order: 2 * bucketOf(i) + strings.kind[i],
      text: stringText(strings, storage, i),
      wide: strings.wide[i],
    });
  }
  for (const wide of [0, 1]) {
    const ids = all.map((_, i) => i).filter((i) => strings.wide[i] === wide && strings.length[i] > 0);
    ids.sort(
      (a, b) => strings.offset[a] - strings.offset[b] || strings.length[b] - strings.length[a] || a - b,
    );
    let container = -1;
    let end = 0;
    for (const i of ids) {
      const stop = strings.offset[i] + strings.length[i] * (1 + wide);
      if (stop <= end) {
        all[i].inside = {
          at: (strings.offset[i] - strings.offset[container]) / (1 + wide),
          container: all[container],
        };
      } else {
        container = i;
        end = stop;
      }
    }
  }
  return all.sort(compareStrings);
}

interface Packing {
  readonly list: readonly SortedString[];
  readonly offsets: Int32Array;
  readonly length: number;
}

/** The table and storage that the compiler makes from sorted strings; undefined when something lies outside. */
export function* layOut(
  sorted: readonly SortedString[],
): Work<(Pick<CodedStrings, 'table' | 'storage'> & { readonly byId: readonly SortedString[] }) | undefined> {
  const places = new Map<SortedString, number>();
  const pack = function* (wide: number): Work<Packing> {
    const list = sorted.filter((one) => one.wide === wide);
    const numbers = new Map(list.map((one, i) => [one, i]));
    const packed = list.map(({ inside, text }): PackedString => {
      const container = inside === undefined ? undefined : numbers.get(inside.container);
      return inside === undefined || container === undefined
        ? { text }
        : { inside: { at: inside.at, container }, text };
    });
    return { list, ...(yield* packStrings(packed)) };
  };
  const narrow = yield* pack(0);
  const wide = yield* pack(1);
  yield 0.08;
  const wideStart = wide.length === 0 ? narrow.length : narrow.length + (narrow.length & 1);
  const storage = new Uint8Array(wideStart + 2 * wide.length);
  narrow.list.forEach((one, i) => places.set(one, narrow.offsets[i]));
  wide.list.forEach((one, i) => places.set(one, wideStart + 2 * wide.offsets[i]));
  const placeOf = (one: SortedString): number => places.get(one) as number;
  const byId = sorted
    .slice()
    .sort((a, b) => a.order - b.order || placeOf(a) - placeOf(b) || a.text.length - b.text.length);
  const count = byId.length;
  const table: StringTable = {
    count,
    kind: new Uint8Array(count),
    length: new Uint32Array(count),
    offset: new Uint32Array(count),
    wide: new Uint8Array(count),
  };
  for (let j = 0; j < count; j++) {
    if (j % 4096 === 0) yield 0.09;
    const one = byId[j];
    // The empty string lies at the beginning, whatever its width.
    const offset = one.text.length === 0 ? 0 : placeOf(one);
    if (!(offset >= 0 && offset + one.text.length * (1 + one.wide) <= storage.length)) return undefined;
    table.kind[j] = one.order & 1;
    table.length[j] = one.text.length;
    table.offset[j] = offset;
    table.wide[j] = one.wide;
    for (let k = 0; k < one.text.length; k++) {
      const unit = one.text.charCodeAt(k);
      if (one.wide === 1) {
        storage[offset + 2 * k] = unit;
        storage[offset + 2 * k + 1] = unit >>> 8;
      } else {
        storage[offset + k] = unit;
      }
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
  plan?: PackedPlan,
): Work<CodedStrings> {
  const before = sortStrings(old, (id) => id);
  yield 0.02;
  coder.section('string changes');
  const wantedById = new Map(plan?.sorted.filter(({ oldId }) => oldId >= 0).map((one) => [one.oldId, one]));
  const kept: SortedString[] = [];
  const moved = new Map<SortedString, SortedString>();
  const put = (one: SortedString): void => {
    kept.push(one);
  };
  const gone = codePlaces(
    coder,
    CONTEXT.stringGone,
    before,
    (one) => plan !== undefined && !wantedById.has(one.oldId),
  );
  const changed = codePlaces(coder, CONTEXT.stringChanged, before, (one) => {
    const after = wantedById.get(one.oldId);
    return after !== undefined && after.order !== one.order;
  });
  before.forEach((one, i) => {
    if (gone.has(i)) return;
    const order = changed.has(i)
      ? coder.number(CONTEXT.stringOrder, wantedById.get(one.oldId)?.order ?? 0)
      : one.order;
    const copy: SortedString = { oldId: one.oldId, order, text: one.text, wide: one.wide };
    moved.set(one, copy);
    put(copy);
  });

  coder.section('new strings');
  const fresh = plan?.sorted.filter(({ oldId }) => oldId < 0);
  const count = coder.number(CONTEXT.stringNew, fresh?.length ?? 0);
  if (count + kept.length > maxBytes / 4)
    throw deltaError('ERR_DELTA_CORRUPT', 'More strings than the target can hold');
  const text = createPrimedTextModel(coder, sectionBytes(old, 'stringStorage'));
  const bytes = new Uint8Array(maxBytes);
  let at = 0;
  let lastOrder = 0;
  for (let i = 0; i < count; i++) {
    const one = fresh?.[i];
    const wide = coder.flag(CONTEXT.stringWide, one?.wide === 1) ? 1 : 0;
    lastOrder += coder.number(CONTEXT.stringOrder, (one?.order ?? 0) - lastOrder);
    const length = coder.number(CONTEXT.stringLength, one?.text.length ?? 0);
    if (at + length * (1 + wide) + 1 > maxBytes)
      throw deltaError('ERR_DELTA_CORRUPT', 'More text than the target can hold');
    coder.section('string text');
    let value = '';
    for (let k = 0; k < length; k++) {
      const unit = one?.text.charCodeAt(k) ?? 0;
      bytes[at] = text(bytes, at, unit & 255);
      at++;
      if (wide === 1) {
        bytes[at] = text(bytes, at, unit >>> 8);
        at++;
      }
      value += String.fromCharCode(wide === 1 ? bytes[at - 2] | (bytes[at - 1] << 8) : bytes[at - 1]);
    }
    // A zero between: the end of a word says something about the next letters, too.
    at++;
    coder.section('new strings');
    put({ oldId: -1, order: lastOrder, text: value, wide });
  }

  yield 0.04;
  const sorted = kept.sort(compareStrings);
  yield 0.05;
  codeContainers(coder, before, moved, sorted, plan);
  yield 0.06;
  const result = yield* layOut(sorted);
  if (result === undefined || result.storage.length > maxBytes)
    throw deltaError('ERR_DELTA_CORRUPT', 'A string lies outside of the storage');
  const newIds = new Int32Array(old.strings.count).fill(-1);
  const freshIds: number[] = [];
  result.byId.forEach(({ oldId }, id) => {
    if (oldId >= 0) newIds[oldId] = id;
    else freshIds.push(id);
  });
  return {
    fresh: freshIds,
    kindRuns: runsOf(result.table),
    newIds,
    storage: result.storage,
    table: result.table,
  };
}

/** Which strings lie in others: as before, but for those that are named. */
function codeContainers(
  coder: Coder,
  before: readonly SortedString[],
  moved: ReadonlyMap<SortedString, SortedString>,
  sorted: readonly SortedString[],
  plan?: PackedPlan,
): void {
  coder.section('string containers');
  const expected = new Map<SortedString, SortedString['inside']>();
  for (const one of before) {
    const copy = moved.get(one);
    const container = one.inside === undefined ? undefined : moved.get(one.inside.container);
    if (copy !== undefined && one.inside !== undefined && container !== undefined) {
      expected.set(copy, { at: one.inside.at, container });
    }
  }
  const numbers = new Map(sorted.map((one, i) => [one, i]));
  const wantedNumbers = new Map(plan?.sorted.map((one, i) => [one, i]));
  const wantedInside = (i: number): readonly [number, number] | undefined => {
    const inside = plan?.sorted[i]?.inside;
    return inside === undefined ? undefined : [wantedNumbers.get(inside.container) as number, inside.at];
  };
  const different = codePlaces(coder, CONTEXT.stringInside, sorted, (one, i) => {
    if (plan === undefined) return false;
    const inside = expected.get(one);
    const wanted = wantedInside(i);
    return inside === undefined
      ? wanted !== undefined
      : wanted === undefined || wanted[0] !== numbers.get(inside.container) || wanted[1] !== inside.at;
  });
  sorted.forEach((one, i) => {
    let inside = expected.get(one);
    if (different.has(i)) {
      const wanted = wantedInside(i);
      inside = undefined;
      if (coder.flag(CONTEXT.stringIsInside, wanted !== undefined)) {
        const container = sorted[coder.number(CONTEXT.stringContainer, wanted?.[0] ?? 0)];
        const at = coder.number(CONTEXT.stringContainerAt, wanted?.[1] ?? 0);
        if (container === undefined || container === one)
          throw deltaError('ERR_DELTA_CORRUPT', 'A string lies in one that is not there');
        inside = { at, container };
      }
    }
    if (inside !== undefined) (one as { inside?: SortedString['inside'] }).inside = inside;
  });
}

/** Codes for which entries of a list something holds, as gaps. */
function codePlaces<T>(
  coder: Coder,
  context: number,
  list: readonly T[],
  holds: (one: T, i: number) => boolean,
): ReadonlySet<number> {
  const places: number[] = [];
  if (!coder.decoding) list.forEach((one, i) => holds(one, i) && places.push(i));
  const count = Math.min(coder.number(context, places.length), list.length);
  const result = new Set<number>();
  let at = -1;
  for (let i = 0; i < count; i++) {
    at += 1 + coder.number(context + 1, (places[i] ?? 0) - at - 1);
    if (at >= list.length) throw deltaError('ERR_DELTA_CORRUPT', 'A list of strings is too long');
    result.add(at);
  }
  return result;
}

function runsOf({ count, kind }: StringTable): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (let i = 0; i < count; i++) {
    const last = runs[runs.length - 1];
    if (last !== undefined && last[0] === kind[i]) last[1]++;
    else runs.push([kind[i], 1]);
  }
  return runs;
}
