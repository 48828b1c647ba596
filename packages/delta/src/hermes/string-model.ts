import { mix, mix3 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';

/** Predicts references to strings: by what followed the last two, by new strings in order of their ids, by recency. */
export interface StringModel {
  /** `predicted`: the id that an aligned old place suggests, or -1. `context`: 0 to 15. */
  code(id: number, predicted: number, context: number): number;
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
  readonly ids: Int32Array;
  readonly used: Uint8Array;
  readonly place: Map<number, number>;
  unused: number;
  cursor: number;
}

export function createFreshStrings(fresh: readonly number[]): FreshStrings {
  return {
    cursor: 0,
    ids: Int32Array.from(fresh),
    place: new Map(fresh.map((id, i) => [id, i])),
    unused: fresh.length,
    used: new Uint8Array(fresh.length),
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
  const { contexts } = coder;
  let last = -1;
  let before = -1;

  const pairSlot = (): number => Math.imul(mix(before, last), 0x9e3779b1) >>> (32 - pairBits);

  const take = (id: number): void => {
    const place = fresh.place.get(id);
    if (place === undefined || fresh.used[place] === 1) return;
    fresh.used[place] = 1;
    fresh.unused--;
    fresh.cursor = place + 1;
  };

  const learn = (id: number): void => {
    if (last >= 0) {
      afterOne[last] = id;
      if (before >= 0) afterTwo[pairSlot()] = id;
    }
    before = last;
    last = id;
  };

  const touch = (id: number): void => {
    let at = recent.indexOf(id);
    if (at < 0) at = RECENT - 1;
    for (; at > 0; at--) recent[at] = recent[at - 1];
    recent[0] = id;
  };

  /** The unused new string `skip` places after the last one used, going round; -1 when there is none. */
  const freshAt = (skip: number): number => {
    let rest = skip;
    for (let step = 0, at = fresh.cursor; step < Math.min(fresh.ids.length, MAX_SEARCH); step++, at++) {
      const place = at % fresh.ids.length;
      if (fresh.used[place] === 0 && rest-- === 0) return fresh.ids[place];
    }
    return -1;
  };

  const freshSkip = (id: number): number => {
    const wanted = fresh.place.get(id);
    if (wanted === undefined || fresh.used[wanted] === 1) return -1;
    let skip = 0;
    for (let at = fresh.cursor; skip <= MAX_SKIP && at < fresh.cursor + MAX_SEARCH; at++) {
      const place = at % fresh.ids.length;
      if (place === wanted) return skip;
      if (fresh.used[place] === 0) skip++;
    }
    return -1;
  };

  const guessed = (id: number, predicted: number, context: number): number => {
    const two = before >= 0 && last >= 0 ? afterTwo[pairSlot()] : -1;
    const one = last >= 0 ? afterOne[last] : -1;
    if (predicted >= 0 && coder.flag(CONTEXT.stringPredicted + context, id === predicted)) return predicted;
    if (two >= 0 && two !== predicted && coder.flag(CONTEXT.stringAfterTwo + context, id === two)) return two;
    if (
      one >= 0 &&
      one !== predicted &&
      one !== two &&
      coder.flag(CONTEXT.stringAfterOne + context, id === one)
    )
      return one;
    return -1;
  };

  const searched = (id: number, context: number): number => {
    if (fresh.unused > 0) {
      const skip = coder.decoding ? 0 : freshSkip(id);
      if (coder.flag(CONTEXT.stringIsFresh + context, skip >= 0)) {
        return freshAt(Math.min(coder.number(CONTEXT.stringFreshSkip, Math.max(skip, 0)), MAX_SKIP));
      }
    }
    const place = coder.decoding ? 0 : recent.indexOf(id);
    if (coder.flag(CONTEXT.stringIsRecent + context, place >= 0)) {
      contexts[0] = mix(301, lane);
      contexts[1] = mix3(302, lane, context);
      return recent[coder.symbol(6, SET.stringRecent + lane, 2, place)];
    }
    // Two halves, so that neighbours share what is learnt.
    const lowBits = Math.min(8, idBits);
    contexts[0] = mix(303, lane);
    contexts[1] = mix3(304, lane, context);
    contexts[2] = mix3(305, lane, last);
    const high = idBits > 8 ? coder.symbol(idBits - 8, SET.stringId + 2 * lane, 3, id >>> 8) : 0;
    contexts[0] = mix3(306, lane, high);
    contexts[1] = mix3(307, context, high);
    contexts[2] = mix3(308, last, high);
    return (high << 8) | coder.symbol(lowBits, SET.stringId + 2 * lane + 1, 3, id & 255);
  };

  return {
    code: (id, predicted, context) => {
      let result = guessed(id, predicted, context);
      if (result < 0) result = searched(id, context);
      if (result < 0 || result >= count) result = 0;
      take(result);
      touch(result);
      learn(result);
      return result;
    },
    note: (id) => {
      take(id);
      learn(id);
    },
    restart: () => {
      last = -1;
      before = -1;
    },
  };
}
