import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import type { HermesPlan } from './plan.ts';
import type { MappedKind } from './reference-maps.ts';

/** What code refers to by a number that moves when something is put before it: literals and shapes, in the order of their lanes. */
export const MOVED_KINDS: readonly ['v', 'k', 'o', 'p'] = ['v', 'k', 'o', 'p'];

/** Corrects in `maps` where old literals and shapes went: said once here instead of at every place that refers to them. */
export function codeOverrides(
  coder: Coder,
  maps: Readonly<Record<Extract<MappedKind, 'v' | 'k' | 'o' | 'p'>, Int32Array>>,
  sources: Int32Array,
  plan?: HermesPlan,
): void {
  MOVED_KINDS.forEach((kind, lane) => {
    const map = maps[kind];
    if (map.length === 0) return;
    plan?.overrides(kind, map, sources);
    const count = Math.min(coder.number(CONTEXT.overrideCount), map.length);
    let from = 0;
    let shift = 0;
    for (let i = 0; i < count; i++) {
      from += coder.number(CONTEXT.overrideFrom + lane);
      const before = map[from];
      const to =
        before >= 0
          ? coder.near(CONTEXT.overrideTo + 2 * lane + 1, before + shift)
          : coder.near(CONTEXT.overrideTo + 2 * lane, from + shift);
      if (!(before >= 0)) shift = to - from;
      if (from < map.length) map[from] = to;
    }
  });
}
