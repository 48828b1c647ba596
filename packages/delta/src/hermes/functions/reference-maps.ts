/** Old index → new index by kind of reference; -1 where the old one has no successor. */
export interface ReferenceMaps {
  /** Strings. */
  readonly s: Int32Array;
  /** Functions. */
  readonly f: Int32Array;
  /** Literal values, object keys, object values: by offset. */
  readonly v: Int32Array;
  readonly k: Int32Array;
  readonly o: Int32Array;
  /** Shapes. */
  readonly p: Int32Array;
  /** Regular expressions. */
  readonly x: Int32Array;
  /** Metro's module ids. */
  readonly modules: Int32Array;
}

/** Kinds of {@link ReferenceMaps} that operands have. */
export type MappedKind = 's' | 'f' | 'v' | 'k' | 'o' | 'p' | 'x';

/** The new index, or the old one where nothing is known. */
export function mapped(map: Int32Array, index: number): number {
  const to = map[index];
  return to >= 0 ? to : index;
}

/** True when no reference changes: then code is copied without looking at it. */
export function isIdentity(map: Int32Array): boolean {
  for (let i = 0; i < map.length; i++) if (map[i] >= 0 && map[i] !== i) return false;
  return true;
}
