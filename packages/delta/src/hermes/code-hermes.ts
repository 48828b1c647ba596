import { mustHold } from '../error.ts';
import { writeU32 } from './bits.ts';
import { HAS_DEBUG_INFO } from './bytecode-layout.ts';
import { codeFunctions } from './functions.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';
import { createFileWriter, type FileWriter, type WrittenFunctions } from './file-writer.ts';
import { readFunctionInfo } from './function-code.ts';
import { codeLiteralSections } from './literal-sections.ts';
import { findLiteralUses } from './literals.ts';
import { codeModules } from './modules.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { codeOverrides } from './overrides.ts';
import { codePackedStrings } from './packed-strings.ts';
import { debugSection, FOOTER_SIZE, HEADER_WORDS_AT, type HermesFile, sectionBytes } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { mapped } from './reference-maps.ts';
import { codeSequence } from './sequence.ts';
import { codeFunctionSources, codePlainSection, codeRegExps } from './small-sections.ts';
import { createFreshStrings, createStringModel } from './string-model.ts';
import { stringSections, wordBytes } from './string-sections.ts';
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
  mustHold(count >= 0 && count <= targetSizeBytes / layout.smallSize, 'functions');
  const sources = codeSequence(coder, FUNCTIONS, count, oldCount);
  const functionIds = new Int32Array(oldCount).fill(-1);
  for (let j = count - 1; j >= 0; j--) if (sources[j] >= 0) functionIds[sources[j]] = j;

  const modules = codeModules(coder, old, table, count, sources, plan);
  yield 0.12;
  const uses = findLiteralUses(old, table);
  yield 0.13;
  const fresh = createFreshStrings(strings.fresh);
  const references = createStringModel(coder, strings.table.count, fresh, 1);
  const literals = codeLiteralSections(coder, old, uses, targetSizeBytes, references, newIds, modules, plan);
  yield 0.15;
  codeOverrides(coder, literals.maps, sources, plan);
  const plain = (name: Parameters<typeof codePlainSection>[2], lane: number): Uint8Array => {
    const before = name === 'debugInfo' ? debugSection(old) : sectionBytes(old, name);
    return codePlainSection(coder, lane, name, before, targetSizeBytes, plan);
  };
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
  const debug = codeDebugOffsets(coder, old, sources, functions, plan);
  yield 0.96;
  writer.finish({ ...functions, debug }, debugInfo);
  yield 0.97;
  finishFile(coder, old, writer, plan);
  return writer.bytes;
}

function codeDebugOffsets(
  coder: Coder,
  old: HermesFile,
  sources: Int32Array,
  { count, fields }: WrittenFunctions,
  plan?: HermesPlan,
): ReadonlyMap<number, readonly number[]> {
  const debug = new Map<number, readonly number[]>();
  const words = old.layout.debugWords;
  const shift = new Int32Array(words);
  let last = new Int32Array(words);
  for (let j = 0; j < count; j++) {
    if ((fields.flags[j] & HAS_DEBUG_INFO) === 0) continue;
    plan?.debugOffsets(j);
    const before = sources[j] < 0 ? [] : readFunctionInfo(old, sources[j]).debug;
    last = last.map((previous, k) => {
      const known = before[k];
      const word =
        known === undefined
          ? coder.near(CONTEXT.debugOffset + 2 * k, previous)
          : coder.near(CONTEXT.debugOffset + 2 * k + 1, (known + shift[k]) | 0);
      if (known !== undefined) shift[k] = word - known;
      return word;
    });
    debug.set(j, Array.from(last));
  }
  return debug;
}

/** Words that are in no section, what the predictions missed, and the footer: a SHA-1 that would take longer to compute than the rest. */
function finishFile(coder: Coder, old: HermesFile, { bytes, header }: FileWriter, plan?: HermesPlan): void {
  const words = old.layout.header;
  const end = bytes.length - FOOTER_SIZE;
  bytes.set(old.bytes.subarray(0, HEADER_WORDS_AT));
  // With no context at all each bit costs one bit: nothing predicts a hash, unless it is the old one.
  const codeHash = (from: number): void => {
    for (let at = from; at < from + 20; at++) bytes[at] = coder.symbol(8, SET.fix + 1, 0);
  };
  plan?.hashes();
  if (!coder.flag(CONTEXT.sourceHashSame)) codeHash(12);
  codeHash(end);
  const optionsAt = HEADER_WORDS_AT + 4 * words.length;
  bytes[optionsAt] = old.options;
  plan?.headerWords(header);
  if (!coder.flag(CONTEXT.headerUnchanged)) {
    words.forEach((name, i) => {
      writeU32(bytes, HEADER_WORDS_AT + 4 * i, coder.near(CONTEXT.headerWord, header[name]));
    });
    bytes[optionsAt] = coder.number(CONTEXT.options);
  }
  plan?.corrections(bytes);
  const corrections = coder.number(CONTEXT.fixCount);
  let at = 0;
  for (let i = 0; i < corrections; i++) {
    at += coder.number(CONTEXT.fixGap);
    mustHold(at < end, 'corrections');
    coder.contexts[0] = 99;
    bytes[at] = coder.symbol(8, SET.fix, 1);
  }
}
