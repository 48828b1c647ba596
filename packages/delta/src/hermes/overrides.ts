import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import type { HermesFile } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { mapped } from './reference-maps.ts';

/** Sections of what moves when something is put before it, by the letter of operands that refer to it; in the order of their lanes. */
const MOVED = { v: 'literalValues', k: 'objectKeys', o: 'objectValues', p: 'shapes' } as const;

/** Corrects in `maps` where old literals and shapes went: said once here instead of at every place that refers to them. */
export function codeOverrides(
  coder: Coder,
  { sections }: HermesFile,
  maps: Record<keyof typeof MOVED, Int32Array>,
  sources: Int32Array,
  plan?: HermesPlan,
): void {
  (Object.keys(MOVED) as (keyof typeof MOVED)[]).forEach((kind, lane) => {
    const { length } = sections[MOVED[kind]];
    if (length === 0) return;
    plan?.overrides(kind, maps[kind], length, sources);
    const count = Math.min(coder.number(CONTEXT.overrideCount), length);
    // Before this nothing may have moved at all.
    if (count > 0) maps[kind] = Int32Array.from({ length }, (_, i) => mapped(maps[kind], i));
    let from = 0;
    let shift = 0;
    for (let i = 0; i < count; i++) {
      from += coder.number(CONTEXT.overrideFrom + lane);
      const to = coder.near(CONTEXT.overrideTo + lane, mapped(maps[kind], from) + shift);
      shift = to - mapped(maps[kind], from);
      if (from < length) maps[kind][from] = to;
    }
  });
}
