import { SHAPES } from '../file/bytecode-layout.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import { codeCopiedBytes, placesAfter } from '../file/copies.ts';
import { createLiteralCoder } from './literal-coder.ts';
import { type LiteralKind, type LiteralUse, remapLiterals, SECTION_OF } from './literals.ts';
import { isIdentity, mapped } from '../functions/reference-maps.ts';
import { type HermesFile } from '../file/parse-hermes.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import type { HermesPlan } from '../plan.ts';
import { codePairSection } from '../file/small-sections.ts';
import type { StringModel } from '../strings/string-model.ts';
import type { LiteralSections } from './literal-model.ts';
import type { Work } from '../work.ts';

/** The new literal sections, and where old literals and shapes went. */
export interface CodedLiterals extends LiteralSections {
  readonly maps: Record<'v' | 'k' | 'o' | 'p', Int32Array>;
}

/** Codes literal buffers and shapes. `moduleLists`: literals whose integers are Metro's module ids. */
export function* codeLiteralSections(
  coder: Coder,
  old: HermesFile,
  table: OpcodeTable,
  moduleLists: readonly LiteralUse[],
  maxBytes: number,
  strings: StringModel,
  newStringIds: Int32Array,
  newModuleIds: Int32Array,
  plan?: HermesPlan,
): Work<CodedLiterals> {
  const { hasShapes, literalSizes } = old.layout;
  const none = new Int32Array(0);
  const buffers = {} as Record<LiteralKind, Uint8Array>;
  const fresh = {} as Record<LiteralKind | 'p', readonly number[]>;
  const maps: Record<'v' | 'k' | 'o' | 'p', Int32Array> = { k: none, o: none, p: none, v: none };
  const renumbered =
    isIdentity(newStringIds) && isIdentity(newModuleIds)
      ? undefined
      : yield* remapLiterals(old, table, newStringIds, moduleLists, newModuleIds);
  for (const [lane, kind] of (['v', 'k', 'o'] as const).entries()) {
    const section = SECTION_OF[kind];
    const before = old.sections[section];
    buffers[kind] = before;
    const regions: number[] = (fresh[kind] = []);
    if (kind === 'o' && hasShapes) continue;
    const remapped = renumbered?.[kind] ?? before;
    plan?.literals(section, before, remapped);
    // A compiler that is given the last release keeps its buffer as it was and appends; then old bytes are the better dictionary.
    const dictionary = renumbered && coder.flag(CONTEXT.literalVerbatim + lane) ? before : remapped;
    const region = createLiteralCoder(coder, literalSizes, kind, strings);
    const { bytes, copies } = yield* codeCopiedBytes(
      coder,
      1 + lane,
      dictionary,
      maxBytes,
      (out, from, to) => {
        regions.push(from, to);
        return region(out, from, to);
      },
    );
    buffers[kind] = bytes;
    if (copies.length === 3 && copies[0] === copies[1] && copies[2] === before.length) continue;
    maps[kind] = placesAfter(copies, before.length);
  }
  const shapes = yield* codePairSection(
    coder,
    SHAPES,
    old.sections[SHAPES],
    maxBytes,
    (keys, count) => [mapped(maps.k, keys), count],
    plan,
  );
  fresh.p = shapes.fresh;
  maps.p = shapes.newIds;
  return { buffers, fresh, maps, shapes: shapes.words };
}
