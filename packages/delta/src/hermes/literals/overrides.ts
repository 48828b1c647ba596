import { SHAPES } from '../file/bytecode-layout.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import type { CodedLiterals } from './literal-sections.ts';
import { SECTION_OF } from './literals.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import { mapped } from '../functions/reference-maps.ts';

/** Sections of what moves when something is put before it, by the letter of operands that refer to it; in the order of their lanes. */
const MOVED = { ...SECTION_OF, p: SHAPES };

/** Corrects in `maps` where old literals and shapes went: said once here instead of at every place that refers to them. */
export function codeOverrides(
  coder: Coder,
  { sections }: HermesFile,
  { maps }: CodedLiterals,
  sources: Int32Array,
  plan?: HermesPlan,
): void {
  (Object.keys(MOVED) as (keyof typeof MOVED)[]).forEach((kind, lane) => {
    const { length } = sections[MOVED[kind]];
    if (length === 0) return;
    plan?.overrides(kind, maps[kind], length, sources);
    const count = coder.number(CONTEXT.overrideCount, length);
    // Nothing may have moved at all before this.
    if (count > 0 && maps[kind].length === 0) maps[kind] = new Int32Array(length).fill(-1);
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
