import type { SlotReading } from './text-record.ts';

/** One slot file as it was found. `locked`: there, but not readable now (before the first unlock, or an I/O error). */
export type SlotState<R> = SlotReading<R> | { readonly kind: 'absent' } | { readonly kind: 'locked' };

/** Both slots of a record. */
export type SlotPair<R> = readonly [SlotState<R>, SlotState<R>];

/** The newest valid record of two slots, and the slot that may be written. */
export interface SelectedSlot<R> {
  readonly record?: R;
  /** Never the one that holds `record`. */
  readonly writeSlot: 0 | 1;
}

/**
 * The newest valid record of two slots. The next write goes to the other slot, so that whatever happens to that
 * write, this record stays.
 */
export function selectSlot<R extends { readonly sequence: number }>([
  first,
  second,
]: SlotPair<R>): SelectedSlot<R> {
  const a = first.kind === 'record' ? first.record : undefined;
  const b = second.kind === 'record' ? second.record : undefined;
  if (a !== undefined && (b === undefined || a.sequence > b.sequence)) return { record: a, writeSlot: 1 };
  return b === undefined ? { writeSlot: 0 } : { record: b, writeSlot: 0 };
}
