import { mix3 } from './bits.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';

/** Inline cache slots of one function: one per property name, in order of first use; 255 is shared by the late ones. */
export interface CacheModel {
  /** `side`: 0 for slots that are read, 1 for written ones. */
  predict(side: number, name: number): number;
  code(side: number, name: number): number;
  note(side: number, name: number, slot: number): void;
  /** Slots used so far, by side. */
  readonly next: readonly number[];
}

const SHARED = 255;

export function createCacheModel(coder: Coder): CacheModel {
  const slots = [new Map<number, number>(), new Map<number, number>()];
  const next = [0, 0];
  const predict = (side: number, name: number): number => (slots[side].get(name) ?? next[side]) & 255;
  const note = (side: number, name: number, slot: number): void => {
    slots[side].set(name, slot);
    if (slot >= next[side] && slot !== SHARED) next[side] = slot + 1;
  };
  return {
    code: (side, name) => {
      let slot = predict(side, name);
      if (!coder.is(CONTEXT.cacheSlotSame + side, slot)) {
        coder.contexts[0] = mix3(81, side, 0);
        coder.contexts[1] = mix3(82, slot, 0);
        slot = coder.symbol(8, SET.cacheSlot + side, 2);
      }
      note(side, name, slot);
      return slot;
    },
    next,
    note,
    predict,
  };
}
