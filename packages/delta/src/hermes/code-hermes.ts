import { mustHold } from '../error.ts';
import { writeU32 } from './bits.ts';
import { codeFunctions } from './functions.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';
import { createFileWriter, type FileWriter } from './file-writer.ts';
import { wordBytes } from './function-code.ts';
import { codeLiteralSections } from './literal-sections.ts';
import { codeModules, readModules } from './modules.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { codeOverrides } from './overrides.ts';
import { codePackedStrings } from './packed-strings.ts';
import { FOOTER_SIZE, HEADER_WORDS_AT, type HermesFile, type SectionName } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { mapped } from './reference-maps.ts';
import { codeSequence } from './sequence.ts';
import { codeFunctionSources, codePlainSection, codeRegExps } from './small-sections.ts';
import { createFreshStrings, createStringModel } from './string-model.ts';
import { stringSections } from './string-sections.ts';
import { codeStrings } from './strings.ts';
import type { Work } from './work.ts';

/** Lanes. */
const FUNCTIONS = 1;
const [BIGINT_TABLE, BIGINT_STORAGE, DEBUG_INFO, CJS_MODULES] = [4, 5, 7, 7] as const;

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
    : codeStrings(coder, old, targetSizeBytes, plan);
  const { newIds } = strings;

  yield 0.1;
  plan?.functionList();
  const oldCount = old.functions.count;
  const count = coder.near(CONTEXT.countChange, oldCount);
  mustHold(count >= 0 && count <= targetSizeBytes / layout.smallSize);
  const sources = codeSequence(coder, FUNCTIONS, count, oldCount);
  const functionIds = new Int32Array(oldCount).fill(-1);
  for (let j = count - 1; j >= 0; j--) if (sources[j] >= 0) functionIds[sources[j]] = j;

  const before = readModules(old, table);
  const modules = codeModules(coder, before, count, sources, plan);
  yield 0.12;
  const fresh = createFreshStrings(strings.fresh);
  const references = createStringModel(coder, strings.table.count, fresh, 1);
  const literals = codeLiteralSections(
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
  yield 0.15;
  codeOverrides(coder, old, literals.maps, sources, plan);
  const plain = (name: SectionName, lane: number): Uint8Array =>
    codePlainSection(coder, lane, name, old.sections[name], targetSizeBytes, plan);
  const bigIntTable = plain('bigIntTable', BIGINT_TABLE);
  const bigIntStorage = plain('bigIntStorage', BIGINT_STORAGE);
  const regExps = codeRegExps(coder, old, targetSizeBytes, plan);
  const functionSources = codeFunctionSources(coder, old, targetSizeBytes, functionIds, newIds, plan);
  const cjsModules = plain('cjsModules', CJS_MODULES);
  const debugInfo = plain('debugInfo', DEBUG_INFO);
  yield 0.2;

  const { buffers, shapes } = literals;
  const writer = createFileWriter(
    layout,
    { ...old.header, globalCodeIndex: mapped(functionIds, old.header.globalCodeIndex) },
    {
      ...stringSections(strings.table, strings.storage),
      bigIntStorage,
      bigIntTable,
      cjsModules,
      functionHeaders: new Uint8Array(count * layout.smallSize),
      functionSources,
      literalValues: buffers.v,
      objectKeys: buffers.k,
      objectValues: buffers.o,
      regExpStorage: regExps.storage,
      regExpTable: regExps.table,
      shapes: wordBytes(shapes),
    },
    targetSizeBytes,
  );
  const maps = { ...literals.maps, f: functionIds, modules, s: newIds, x: regExps.newIds };
  const stringModel = createStringModel(coder, strings.table.count, fresh, 0);
  const functions = yield* codeFunctions(
    coder,
    old,
    table,
    sources,
    maps,
    stringModel,
    literals,
    writer,
    plan,
  );
  yield 0.95;
  yield* writer.finish(functions, debugInfo);
  yield 0.97;
  finishFile(coder, old, writer, plan);
  return writer.bytes;
}

/** Words that are in no section, what the predictions missed, and the footer: a SHA-1 that would take longer to compute than the rest. */
function finishFile(coder: Coder, old: HermesFile, { bytes, header }: FileWriter, plan?: HermesPlan): void {
  const words = old.layout.header;
  const end = bytes.length - FOOTER_SIZE;
  bytes.set(old.bytes.subarray(0, HEADER_WORDS_AT));
  // With no context at all each bit costs one bit: nothing predicts a hash, unless it is the old one.
  const codeHash = (from: number): void => {
    for (let at = from; at < from + 20; at++) bytes[at] = coder.symbol(8, SET.fix + 1, []);
  };
  plan?.hashes();
  if (!coder.flag(CONTEXT.sourceHashSame)) codeHash(12);
  codeHash(end);
  const optionsAt = HEADER_WORDS_AT + 4 * words.length;
  bytes[optionsAt] = old.options;
  plan?.headerWords(header);
  if (!coder.flag(CONTEXT.headerUnchanged)) {
    words.forEach((name, i) =>
      writeU32(bytes, HEADER_WORDS_AT + 4 * i, coder.near(CONTEXT.headerWord, header[name])),
    );
    bytes[optionsAt] = coder.number(CONTEXT.options);
  }
  plan?.corrections(bytes);
  const corrections = coder.number(CONTEXT.fixCount);
  let at = 0;
  for (let i = 0; i < corrections; i++) {
    at += coder.number(CONTEXT.fixGap);
    mustHold(at < end);
    bytes[at] = coder.symbol(8, SET.fix, [99]);
  }
}
