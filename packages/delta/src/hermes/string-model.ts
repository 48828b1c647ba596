import { mix, mix3 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';

/** Predicts references to strings: by what followed the last two, by new strings in order of their ids, by recency. */
export interface StringModel {
  /** `predicted`: the id that an aligned old place suggests, or -1. `context`: 0 to 15. */
  code(predicted: number, context: number): number;
  /** Learns a reference that was not coded. */
  note(id: number): void;
  /** Forgets the last two references: a new place begins. */
  restart(): void;
}

const RECENT = 64;
const MAX_SKIP = 255;
/** A hostile list of new strings may be long; a search in it may not. */
const MAX_SEARCH = 4096;

/** New strings that nothing refers to yet; code and literals take from the same list. */
export interface FreshStrings {
  /** How many there are. */
  unused(): number;
  /** Strikes `id` off, if it is one. */
  take(id: number): void;
  /** The unused new string `skip` places after the last one taken, going round; -1 when there is none. */
  at(skip: number): number;
  /** The opposite; more than any place for one that is not there. */
  skip(id: number): number;
}

export function createFreshStrings(ids: readonly number[]): FreshStrings {
  const places = new Map(ids.map((id, i) => [id, i]));
  const used = new Uint8Array(ids.length);
  let unused = ids.length;
  let cursor = 0;
  const at = (skip: number): number => {
    let rest = skip;
    for (let step = 0; step < ids.length && step < MAX_SEARCH; step++) {
      const place = (cursor + step) % ids.length;
      if (used[place] === 0 && rest-- === 0) return ids[place];
    }
    return -1;
  };
  const isUnused = (id: number): boolean => used[places.get(id) ?? -1] === 0;
  return {
    at,
    skip: (id) => {
      let skip = isUnused(id) ? 0 : MAX_SEARCH;
      while (skip <= MAX_SKIP && at(skip) !== id) skip++;
      return skip;
    },
    take: (id) => {
      if (!isUnused(id)) return;
      cursor = places.get(id) as number;
      used[cursor++] = 1;
      unused--;
    },
    unused: () => unused,
  };
}

export function createStringModel(
  coder: Coder,
  count: number,
  fresh: FreshStrings,
  lane: number,
): StringModel {
  const pairBits = Math.min(17, coder.tableBits);
  const afterTwo = new Int32Array(1 << pairBits).fill(-1);
  const afterOne = new Int32Array(count).fill(-1);
  const recent = new Int32Array(RECENT).fill(-1);
  const idBits = Math.max(1, 32 - Math.clz32(Math.max(count - 1, 1)));
  let last = -1;
  let before = -1;

  const pairSlot = (): number => Math.imul(mix(before, last), 0x9e3779b1) >>> (32 - pairBits);

  const note = (id: number): void => {
    fresh.take(id);
    if (last >= 0) {
      afterOne[last] = id;
      if (before >= 0) afterTwo[pairSlot()] = id;
    }
    before = last;
    last = id;
  };

  const guessed = (predicted: number, context: number): number => {
    const two = before >= 0 && last >= 0 ? afterTwo[pairSlot()] : -1;
    const one = last >= 0 ? afterOne[last] : -1;
    if (predicted >= 0 && coder.is(CONTEXT.stringPredicted + context, predicted)) return predicted;
    if (two >= 0 && two !== predicted && coder.is(CONTEXT.stringAfterTwo + context, two)) return two;
    return one >= 0 && one !== predicted && one !== two && coder.is(CONTEXT.stringAfterOne + context, one)
      ? one
      : -1;
  };

  const searched = (context: number): number => {
    if (
      fresh.unused() > 0 &&
      coder.flag(CONTEXT.stringIsFresh + context, (id) => fresh.skip(id) <= MAX_SKIP)
    ) {
      return fresh.at(Math.min(coder.number(CONTEXT.stringFreshSkip, fresh.skip), MAX_SKIP));
    }
    const place = (id: number): number => recent.indexOf(id);
    if (coder.flag(CONTEXT.stringIsRecent + context, (id) => recent.includes(id))) {
      return recent[
        coder.symbol(6, SET.stringRecent + lane, [mix(301, lane), mix3(302, lane, context)], place)
      ];
    }
    // Two halves, so that neighbours share what is learnt.
    const set = SET.stringId + 2 * lane;
    const high =
      idBits > 8
        ? coder.symbol(
            idBits - 8,
            set,
            [mix(303, lane), mix3(304, lane, context), mix3(305, lane, last)],
            (id) => id >>> 8,
          )
        : 0;
    return (
      (high << 8) |
      coder.symbol(
        Math.min(8, idBits),
        set + 1,
        [mix3(306, lane, high), mix3(307, context, high), mix3(308, last, high)],
        (id) => id & 255,
      )
    );
  };

  return {
    code: (predicted, context) => {
      let id = guessed(predicted, context);
      if (id < 0) {
        id = searched(context);
        coder.done();
      }
      if (id < 0 || id >= count) id = 0;
      const at = recent.indexOf(id);
      recent.copyWithin(1, 0, at < 0 ? RECENT - 1 : at);
      recent[0] = id;
      note(id);
      return id;
    },
    note,
    restart: () => {
      last = -1;
      before = -1;
    },
  };
}
