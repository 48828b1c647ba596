import type { PackedString } from './string-packer.ts';

/**
 * One string with all that its place follows from. `order`: twice the bucket of its id (the first 255, up to 65,535, the rest: as
 * wide as the operands that refer to it), plus its kind.
 */
export interface SortedString extends PackedString {
  readonly wide: number;
  order: number;
  /** Old id; -1 for a new string. */
  readonly oldId: number;
  /** The string that it lies in, `at` units from its beginning; undefined for strings with a place of their own. */
  inside: SortedString | undefined;
}
