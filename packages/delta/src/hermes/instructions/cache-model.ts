import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';

/** Inline cache slots of one function: one per property name, in order of first use; 255 is shared by the late ones. */
export interface CacheModel {
  /** `side`: 0 for slots that are read, 1 for written ones. All give the slot. */
  predict(side: number, name: number): number;
  code(side: number, name: number): number;
  note(side: number, name: number, slot: number): number;
  /** Slots used so far, by side. */
  readonly next: readonly number[];
}

const SHARED = 255;

export function createCacheModel(coder: Coder): CacheModel {
  const slots = [new Map<number, number>(), new Map<number, number>()];
  const next = [0, 0];
  const predict = (side: number, name: number): number => (slots[side].get(name) ?? next[side]) & 255;
  const note = (side: number, name: number, slot: number): number => {
    slots[side].set(name, slot);
    if (slot >= next[side] && slot !== SHARED) next[side] = slot + 1;
    return slot;
  };
  return {
    code: (side, name) => {
      const slot = predict(side, name);
      return note(
        side,
        name,
        coder.is(CONTEXT.cacheSlotSame + side, slot)
          ? slot
          : coder.near(CONTEXT.cacheSlotNew + side, slot, SHARED),
      );
    },
    next,
    note,
    predict,
  };
}
