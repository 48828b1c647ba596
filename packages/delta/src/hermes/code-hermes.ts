import { writeU32 } from './entropy/bits.ts';
import {
  BIGINT_STORAGE,
  BIGINT_TABLE,
  CJS_MODULES,
  DEBUG_INFO,
  FUNCTION_HEADERS,
  FUNCTION_SOURCES,
  GLOBAL_CODE,
  LITERAL_VALUES,
  OBJECT_KEYS,
  OBJECT_VALUES,
  REGEXP_STORAGE,
  REGEXP_TABLE,
  SHAPES,
} from './file/bytecode-layout.ts';
import { codeFunctions } from './functions/functions.ts';
import type { Coder } from './entropy/coder.ts';
import * as CONTEXT from './entropy/contexts.ts';
import * as SET from './entropy/weight-sets.ts';
import { type Copies, placesAfter } from './file/copies.ts';
import { createFileWriter, type FileWriter } from './file/file-writer.ts';
import { wordBytes } from './instructions/function-code.ts';
import { codeLiteralSections } from './literals/literal-sections.ts';
import { readModules } from './functions/metro-modules.ts';
import { codeModules } from './functions/modules.ts';
import type { OpcodeTable } from './instructions/opcode-table.ts';
import { codeOverrides } from './literals/overrides.ts';
import { codePackedStrings } from './strings/packed-strings.ts';
import { FOOTER_SIZE, HEADER_WORDS_AT, type HermesFile } from './file/parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { mapped } from './functions/reference-maps.ts';
import { codeSequence } from './file/sequence.ts';
import { codePairSection, codePlainSection } from './file/small-sections.ts';
import { createStringModel } from './strings/string-model.ts';
import { stringSections } from './strings/string-sections.ts';
import { codeStrings } from './strings/strings.ts';
import type { Work } from './work.ts';

/** Lanes. */
const FUNCTIONS = 1;

/**
 * The new file out of the old one: the one routine that decoder and encoder share (docs/spec/hermes-patch.md). It asks `coder`, and
 * knows nothing of the new file; `plan`, in the encoder, is told what will be asked next, so that the coder can answer. The bytes it
 * gives are the decoder's result in both cases.
 *
 * It yields the share that is done, every few milliseconds of work.
 *
 * @throws ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT, ERR_DELTA_FORMAT
 */
export function* codeHermes(
  coder: Coder,
  old: HermesFile,
  table: OpcodeTable,
  targetSizeBytes: number,
  plan?: HermesPlan,
): Work<Uint8Array> {
  const { layout } = old;
  plan?.start();
  const strings = coder.flag(CONTEXT.stringsPacked)
    ? yield* codePackedStrings(coder, old, targetSizeBytes, plan)
    : yield* codeStrings(coder, old, targetSizeBytes, plan);
  const { newIds } = strings;

  yield 0.1;
  plan?.functions();
  const oldCount = old.functions.count;
  const count = coder.near(CONTEXT.countChange, oldCount, targetSizeBytes / layout.smallSize);
  const sources = codeSequence(coder, FUNCTIONS, count, oldCount);
  const functionIds = new Int32Array(oldCount).fill(-1);
  for (let j = count - 1; j >= 0; j--) if (sources[j] >= 0) functionIds[sources[j]] = j;

  const before = yield* readModules(old, table);
  const modules = codeModules(coder, before, count, sources, plan);
  yield 0.2;
  const references = createStringModel(coder, newIds, strings.table.count, 1);
  const literals = yield* codeLiteralSections(
    coder,
    old,
    table,
    before.lists,
    targetSizeBytes,
    references,
    newIds,
    modules,
    plan,
  );
  yield 0.2;
  codeOverrides(coder, old, literals, sources, plan);
  const sections: Uint8Array[] = [];
  const plain = function* (section: number): Work<Copies> {
    const { bytes, copies } = yield* codePlainSection(
      coder,
      section,
      old.sections[section],
      targetSizeBytes,
      plan,
    );
    sections[section] = bytes;
    return copies;
  };
  const pairs = function* (
    section: number,
    move: (first: number, second: number) => readonly [number, number],
  ): Work<Int32Array> {
    const { newIds, words } = yield* codePairSection(
      coder,
      section,
      old.sections[section],
      targetSizeBytes,
      move,
      plan,
    );
    sections[section] = wordBytes(words);
    return newIds;
  };
  yield* plain(BIGINT_TABLE);
  yield* plain(BIGINT_STORAGE);
  const places = placesAfter(yield* plain(REGEXP_STORAGE), old.sections[REGEXP_STORAGE].length);
  const regExpIds = yield* pairs(REGEXP_TABLE, (offset, length) => [mapped(places, offset), length]);
  yield* pairs(FUNCTION_SOURCES, (id, text) => [mapped(functionIds, id), mapped(newIds, text)]);
  yield* plain(CJS_MODULES);
  yield* plain(DEBUG_INFO);
  yield 0.2;

  const { buffers, shapes } = literals;
  Object.assign(sections, yield* stringSections(strings.table, strings.storage));
  sections[FUNCTION_HEADERS] = new Uint8Array(count * layout.smallSize);
  sections[LITERAL_VALUES] = buffers.v;
  sections[OBJECT_KEYS] = buffers.k;
  sections[SHAPES] = wordBytes(shapes);
  sections[OBJECT_VALUES] = buffers.o;
  const header = old.header.slice();
  header[GLOBAL_CODE] = mapped(functionIds, header[GLOBAL_CODE]);
  const writer = createFileWriter(layout, header, sections, targetSizeBytes);
  const maps = { ...literals.maps, f: functionIds, modules, s: newIds, x: regExpIds };
  const model = createStringModel(coder, newIds, strings.table.count, 0);
  const functions = yield* codeFunctions(coder, old, table, sources, maps, model, literals, writer, plan);
  yield 0.9;
  yield* writer.finish(functions, sections[DEBUG_INFO]);
  yield 0.9;
  finishFile(coder, old, writer, plan);
  return writer.bytes;
}

/** Words that are in no section, what the predictions missed, and the footer: a SHA-1 that would take longer to compute than the rest. */
function finishFile(coder: Coder, old: HermesFile, { bytes, header }: FileWriter, plan?: HermesPlan): void {
  const words = old.layout.header;
  const end = bytes.length - FOOTER_SIZE;
  bytes.set(old.bytes.subarray(0, HEADER_WORDS_AT));
  const optionsAt = HEADER_WORDS_AT + 4 * words.length;
  bytes[optionsAt] = old.options;
  plan?.header(header);
  if (!coder.flag(CONTEXT.headerUnchanged)) {
    words.forEach((word, i) =>
      writeU32(bytes, HEADER_WORDS_AT + 4 * i, coder.near(CONTEXT.headerWord, header[word])),
    );
    bytes[optionsAt] = coder.number(CONTEXT.options);
  }
  // With no context at all each bit costs one bit: nothing predicts a hash, unless it is the old one.
  const codeHash = (from: number): void => {
    for (let at = from; at < from + 20; at++) bytes[at] = coder.symbol(8, SET.fix + 1, []);
  };
  if (!coder.flag(CONTEXT.sourceHashSame)) codeHash(12);
  codeHash(end);
  plan?.corrections(bytes);
  const corrections = coder.number(CONTEXT.fixCount);
  let at = 0;
  for (let i = 0; i < corrections; i++) {
    at += coder.number(CONTEXT.fixGap, end - at - 1);
    bytes[at] = coder.symbol(8, SET.fix, [99]);
  }
}
