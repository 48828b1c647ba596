import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import type { HermesPlan } from './plan.ts';

const KINDS = ['v', 'k', 'o', 'p'] as const;

/** Corrects in `maps` where old literals and shapes went: said once here instead of at every place that refers to them. */
export function codeOverrides(
  coder: Coder,
  maps: Readonly<Record<(typeof KINDS)[number], Int32Array>>,
  sources: Int32Array,
  plan?: HermesPlan,
): void {
  coder.section('moved literals');
  const votes = plan?.vote(sources);
  KINDS.forEach((kind, lane) => {
    const map = maps[kind];
    if (map.length === 0) return;
    const wanted: [number, number][] = [];
    votes?.[kind].forEach((counts, from) => {
      let best = -1;
      let most = 0;
      counts.forEach((count, to) => {
        if (count > most) [best, most] = [to, count];
      });
      if (from < map.length && map[from] !== best && (counts.get(map[from]) ?? 0) < most)
        wanted.push([from, best]);
    });
    wanted.sort((a, b) => a[0] - b[0]);
    const count = Math.min(coder.number(CONTEXT.overrideCount, wanted.length), map.length);
    let from = 0;
    let shift = 0;
    for (let i = 0; i < count; i++) {
      from += coder.number(CONTEXT.overrideFrom + lane, (wanted[i]?.[0] ?? 0) - from);
      const known = map[from] >= 0;
      const expected = (known ? map[from] : from) + shift;
      const to =
        expected +
        coder.signed(CONTEXT.overrideTo + 2 * lane + (known ? 1 : 0), (wanted[i]?.[1] ?? 0) - expected);
      if (!known) shift = to - from;
      if (from < map.length) map[from] = to;
    }
  });
}
