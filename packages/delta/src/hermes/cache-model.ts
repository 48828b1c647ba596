import { mix3 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';

/** Inline cache slots of one function: one per property name, in order of first use; 255 is shared by the late ones. */
export interface CacheModel {
  predict(writes: boolean, name: number): number;
  code(writes: boolean, name: number, slot: number): number;
  note(writes: boolean, name: number, slot: number): void;
  /** Slots used so far. */
  size(writes: boolean): number;
}

const SHARED = 255;

export function createCacheModel(coder: Coder): CacheModel {
  const slots = [new Map<number, number>(), new Map<number, number>()];
  const next = [0, 0];
  const predict = (writes: boolean, name: number): number =>
    slots[writes ? 1 : 0].get(name) ?? next[writes ? 1 : 0];
  const note = (writes: boolean, name: number, slot: number): void => {
    const side = writes ? 1 : 0;
    slots[side].set(name, slot);
    if (slot >= next[side] && slot !== SHARED) next[side] = slot + 1;
  };
  return {
    code: (writes, name, slot) => {
      const expected = predict(writes, name) & 255;
      let result = expected;
      if (!coder.flag(CONTEXT.cacheSlotSame + (writes ? 1 : 0), slot === expected)) {
        coder.contexts[0] = mix3(81, writes ? 1 : 0, 0);
        coder.contexts[1] = mix3(82, expected, 0);
        result = coder.symbol(8, SET.cacheSlot + (writes ? 1 : 0), 2, slot);
      }
      note(writes, name, result);
      return result;
    },
    note,
    predict,
    size: (writes) => next[writes ? 1 : 0],
  };
}
