import { OFFSET, SIZE } from '../file/bytecode-layout.ts';
import type { HermesFile } from '../file/parse-hermes.ts';

/** A body with the first function that has it. */
export interface FunctionBody {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** Bodies in function order, each once: functions with the same code share it (same offset *and* size). */
export function functionBodies({ functions }: HermesFile): readonly FunctionBody[] {
  const offset = functions.fields[OFFSET];
  const size = functions.fields[SIZE];
  const seen = new Set<number>();
  const bodies: FunctionBody[] = [];
  for (let index = 0; index < functions.count; index++) {
    const key = bodyKey(offset[index], size[index]);
    if (seen.has(key)) continue;
    seen.add(key);
    bodies.push({ end: offset[index] + size[index], index, start: offset[index] });
  }
  return bodies;
}

/** Identity of a body. */
export function bodyKey(offset: number, size: number): number {
  return offset * 0x200000 + size;
}
