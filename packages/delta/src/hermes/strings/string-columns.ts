import type { StringTable } from '../file/parse-hermes.ts';

/** Strings with all that their places follow from, a row each: those of an old file at their ids, new ones behind. */
export interface StringColumns extends StringTable {
  /** Holds the texts; offsets are places in it. */
  pool: Uint8Array;
  /**
   * Twice the bucket of its id (the first 255, up to 65,535, the rest: as wide as the operands that refer to it), plus its kind; -1 for a
   * string that the new file does not have.
   */
  readonly order: Int8Array;
  /** The row of the string that it lies in, `at` units from its beginning; -1 for strings with a place of their own. */
  readonly inside: Int32Array;
  readonly at: Uint32Array;
}
