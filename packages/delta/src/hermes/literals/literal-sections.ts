import { LITERAL_VALUES, OBJECT_KEYS, OBJECT_VALUES, SHAPES } from '../file/bytecode-layout.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import { codeCopiedBytes, placesAfter } from '../file/copies.ts';
import { createLiteralCoder } from './literal-coder.ts';
import { findLiteralUses, type LiteralKind, type LiteralUse, remapLiterals } from './literals.ts';
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

/** Sections of literals by the letter of operands that refer to them, in the order of their lanes. */
const SECTION_OF = { v: LITERAL_VALUES, k: OBJECT_KEYS, o: OBJECT_VALUES } as const;

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
  const freshBytes = {} as Record<LiteralKind, readonly number[]>;
  const maps: Record<'v' | 'k' | 'o' | 'p', Int32Array> = { k: none, o: none, p: none, v: none };
  const stringsMoved = !isIdentity(newStringIds);
  const uses = stringsMoved ? yield* findLiteralUses(old, table) : undefined;
  const renumbered = stringsMoved || !isIdentity(newModuleIds);
  for (const [lane, kind] of (['v', 'k', 'o'] as const).entries()) {
    const section = SECTION_OF[kind];
    const before = old.sections[section];
    buffers[kind] = before;
    const fresh: number[] = [];
    freshBytes[kind] = fresh;
    if (kind === 'o' && hasShapes) continue;
    const lists = kind === 'v' ? moduleLists : [];
    const remapped = renumbered
      ? yield* remapLiterals(literalSizes, before, uses?.[kind], newStringIds, lists, newModuleIds)
      : before;
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
        fresh.push(from, to);
        return region(out, from, to);
      },
    );
    buffers[kind] = bytes;
    if (copies.length === 3 && copies[0] === copies[1] && copies[2] === before.length) continue;
    maps[kind] = placesAfter(copies, before.length);
  }
  const { fresh, newIds, words } = codePairSection(
    coder,
    SHAPES,
    old.sections[SHAPES],
    maxBytes,
    (keys, count) => [mapped(maps.k, keys), count],
    plan,
  );
  return { buffers, freshBytes, freshShapes: fresh, maps: { ...maps, p: newIds }, shapes: words };
}
