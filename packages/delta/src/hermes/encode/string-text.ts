import type { StringTable } from '../file/parse-hermes.ts';
import { readText } from '../strings/read-text.ts';

/** The text of string `i`. */
export function stringText({ length, offset, wide }: StringTable, storage: Uint8Array, i: number): string {
  return readText(storage.subarray(offset[i], offset[i] + length[i] * (1 + wide[i])), wide[i]);
}
