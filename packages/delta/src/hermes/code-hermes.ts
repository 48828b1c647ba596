import { deltaError } from '../error.ts';
import { writeU32 } from './bits.ts';
import { createBodyPredictor } from './body-predictor.ts';
import { HAS_DEBUG_INFO, IS_LARGE } from './bytecode-layout.ts';
import { type CodeHistory, readCodeHistory } from './code-history.ts';
import type { Coder } from './coder.ts';
import * as CONTEXT from './contexts.ts';
import * as SET from './weight-sets.ts';
import { createFileWriter, overflows, writeStrings, type WrittenFunctions } from './file-writer.ts';
import { bodyKey } from './function-bodies.ts';
import { type AssembledCode, assemble, readFunctionInfo } from './function-code.ts';
import { createFunctionCoder, type FunctionHeader, type FunctionParts } from './function-coder.ts';
import { createLiteralModel } from './literal-model.ts';
import { codeLiteralSections } from './literal-sections.ts';
import { findLiteralUses } from './literals.ts';
import { codeModules } from './modules.ts';
import type { OpcodeTable } from './opcode-table.ts';
import { codeOverrides } from './overrides.ts';
import { codePackedStrings } from './packed-strings.ts';
import { FOOTER_SIZE, HEADER_WORDS_AT, type HermesFile, sectionBytes } from './parse-hermes.ts';
import type { HermesPlan } from './plan.ts';
import { mapped, type ReferenceMaps } from './reference-maps.ts';
import { codeSequence, successorBelow } from './sequence.ts';
import { codeFunctionSources, codePlainSection, codeRegExps } from './small-sections.ts';
import { createFreshStrings, createStringModel } from './string-model.ts';
import { codeStrings } from './strings.ts';
import type { Work } from './work.ts';

const FUNCTIONS = 1;
const [BIGINT_TABLE, BIGINT_STORAGE, DEBUG_INFO, CJS_MODULES] = [4, 5, 7, 7] as const;

/**
 * The new file out of the old one: the one routine that encoder and decoder share (docs/spec/hermes-patch.md). Without `plan` it
 * decodes; with it, it writes what it decodes to the coder. The bytes it gives are the decoder's result in both cases.
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
  const target = plan?.target;
  coder.section('string changes');
  const strings = coder.flag(CONTEXT.stringsPacked, plan?.packed !== undefined)
    ? yield* codePackedStrings(coder, old, targetSizeBytes, plan?.packed)
    : codeStrings(coder, old, targetSizeBytes, plan === undefined ? undefined : stringPlan(plan));

  yield 0.1;
  coder.section('function list');
  const oldCount = old.functions.count;
  const count = oldCount + coder.signed(CONTEXT.countChange, (target?.functions.count ?? 0) - oldCount);
  if (!(count >= 0 && count <= targetSizeBytes / layout.smallSize)) {
    throw deltaError('ERR_DELTA_CORRUPT', 'More functions than the target can hold');
  }
  const sources = codeSequence(
    coder,
    FUNCTIONS,
    count,
    oldCount,
    successorBelow(oldCount),
    plan?.matchFunctions(),
  );
  const functionIds = new Int32Array(oldCount).fill(-1);
  for (let j = 0; j < count; j++)
    if (sources[j] >= 0 && functionIds[sources[j]] < 0) functionIds[sources[j]] = j;

  const moduleIds = codeModules(coder, old, table, count, sources, target);
  yield 0.12;
  const uses = findLiteralUses(old, table);
  yield 0.13;
  const freshStrings = createFreshStrings(strings.fresh);
  const literals = codeLiteralSections(
    coder,
    old,
    uses,
    targetSizeBytes,
    createStringModel(coder, strings.table.count, freshStrings, 1),
    strings.newIds,
    moduleIds,
    plan,
  );
  yield 0.15;
  codeOverrides(coder, literals.maps, sources, plan);
  coder.section('big integers');
  const bigInts = (['bigIntTable', 'bigIntStorage'] as const).map((name, i) =>
    codePlainSection(
      coder,
      [BIGINT_TABLE, BIGINT_STORAGE][i],
      sectionBytes(old, name),
      targetSizeBytes,
      plan,
      target === undefined ? undefined : sectionBytes(target, name),
    ),
  );
  const regExps = codeRegExps(coder, old, targetSizeBytes, plan);
  const functionSources = codeFunctionSources(
    coder,
    old,
    targetSizeBytes,
    functionIds,
    strings.newIds,
    target,
  );
  coder.section('other sections');
  const cjsModules = codePlainSection(
    coder,
    CJS_MODULES,
    sectionBytes(old, 'cjsModules'),
    targetSizeBytes,
    plan,
    target === undefined ? undefined : sectionBytes(target, 'cjsModules'),
  );
  const debugInfo = codePlainSection(
    coder,
    DEBUG_INFO,
    debugSection(old),
    targetSizeBytes,
    plan,
    target === undefined ? undefined : debugSection(target),
  );

  const maps: ReferenceMaps = {
    ...literals.maps,
    f: functionIds,
    modules: moduleIds,
    s: strings.newIds,
    x: regExps.newIds,
  };
  const counts: Record<string, number> = {
    ...old.header,
    bigIntCount: bigInts[0].length / 8,
    bigIntStorageSize: bigInts[1].length,
    cjsModuleCount: cjsModules.length / 8,
    functionCount: count,
    functionSourceCount: functionSources.length / 8,
    globalCodeIndex: mapped(functionIds, old.header.globalCodeIndex),
    identifierCount: strings.table.kind.reduce((sum, kind) => sum + kind, 0),
    objKeyBufferSize: literals.buffers.k.length,
    overflowStringCount: countOverflowing(strings.table),
    regExpCount: regExps.table.length / 8,
    regExpStorageSize: regExps.storage.length,
    stringCount: strings.table.count,
    stringKindCount: strings.kindRuns.length,
    stringStorageSize: strings.storage.length,
    ...(layout.hasShapes
      ? { literalValueBufferSize: literals.buffers.v.length, objShapeTableCount: literals.shapes.length / 2 }
      : { arrayBufferSize: literals.buffers.v.length, objValueBufferSize: literals.buffers.o.length }),
  };
  yield 0.2;
  const writer = createFileWriter(layout, counts, targetSizeBytes);
  writeStrings(writer, strings.table, strings.storage);
  strings.kindRuns.forEach(([kind, length], i) =>
    writeU32(writer.section('stringKinds'), 4 * i, ((kind << 31) | length) >>> 0),
  );
  writer.section('stringStorage').set(strings.storage);
  writer.section('literalValues').set(literals.buffers.v);
  writer.section('objectKeys').set(literals.buffers.k);
  writer.section('objectValues').set(literals.buffers.o);
  literals.shapes.forEach((word, i) => writeU32(writer.section('shapes'), 4 * i, word));
  writer.section('bigIntTable').set(bigInts[0]);
  writer.section('bigIntStorage').set(bigInts[1]);
  writer.section('regExpTable').set(regExps.table);
  writer.section('regExpStorage').set(regExps.storage);
  writer.section('cjsModules').set(cjsModules);
  writer.section('functionSources').set(functionSources);

  yield 0.2;
  const functions = yield* codeFunctions();
  yield 0.95;
  coder.section('debug offsets');
  writer.finish({ ...functions, debug: codeDebugOffsets(functions) }, debugInfo);
  yield 0.97;
  finishFile();
  return writer.bytes;

  function stringPlan({ findCopies, target: file }: HermesPlan): Parameters<typeof codeStrings>[3] {
    const storageCopies = findCopies(
      sectionBytes(old, 'stringStorage'),
      sectionBytes(file, 'stringStorage'),
      10,
    );
    return { storageCopies, target: file };
  }

  function* codeFunctions(): Work<WrittenFunctions> {
    coder.section('function list');
    const stringModel = createStringModel(coder, strings.table.count, freshStrings, 0);
    const literalModel = createLiteralModel(coder, table, layout, literals);
    const kept = coder.flag(CONTEXT.switchesKept, plan !== undefined && switchesKept(plan));
    const predictor = createBodyPredictor(old, table, maps, kept);
    const modified = codeModified(coder, sources, plan?.findUnmodified(sources, maps.s, predictor, kept));
    yield 0.25;
    // Nothing to predict, no need to read all of the old code.
    const history: CodeHistory | undefined =
      modified.includes(1) || sources.includes(-1)
        ? yield* readCodeHistory(old, table, strings.newIds, predictor, stringModel, coder.tableBits)
        : undefined;
    const names = layout.functionHeader.map(([name]) => name);
    const fields: Record<string, Uint32Array> = {};
    for (const name of names) fields[name] = new Uint32Array(count);
    const { offset, size } = fields;
    const exceptions = new Map<number, readonly (readonly number[])[]>();
    const firstWithBody = new Map<number, number>();
    const functionCoder = createFunctionCoder(
      coder,
      layout,
      table,
      stringModel,
      literalModel,
      history,
      (number) => headerAt(fields, number),
      plan,
    );
    let switches = 0;
    let lastCoded = -2;
    const place = (body: AssembledCode): number => {
      for (const at of body.stringSwitches) {
        if (!kept) writeU32(body.code, at, switches);
        switches++;
      }
      return writer.body(body.code, body.tables);
    };
    for (let j = 0; j < count; j++) {
      if (j % 128 === 0) yield 0.4 + (0.5 * j) / count;
      const source = sources[j];
      if (source >= 0 && modified[j] === 0) {
        for (const name of names) fields[name][j] = old.functions.fields[name][source];
        fields.functionName[j] = mapped(strings.newIds, fields.functionName[j]);
        fields.flags[j] &= ~IS_LARGE;
        const key = bodyKey(offset[j], size[j]);
        const first = firstWithBody.get(key);
        if (first === undefined) {
          firstWithBody.set(key, j);
          const body = predictor.predict(source);
          size[j] = body.code.length;
          offset[j] = place(body);
          if (body.exceptions.length > 0) exceptions.set(j, body.exceptions);
        } else {
          shareBody(j, first);
        }
        continue;
      }
      if (j !== lastCoded + 1) resumeLiterals(j);
      lastCoded = j;
      const before: FunctionParts | undefined =
        source < 0 ? undefined : { code: () => predictor.takeApart(source), header: oldHeader(source) };
      const coded = functionCoder.code(j, before, plan?.wantedFunction(j));
      for (const name of names) fields[name][j] = coded.header[name] ?? 0;
      if (coded.sharesBodyOf !== undefined) {
        shareBody(j, coded.sharesBodyOf);
      } else if (coded.code !== undefined) {
        const body = assemble(table, coded.code);
        size[j] = body.code.length;
        offset[j] = place(body);
        if (body.exceptions.length > 0) exceptions.set(j, body.exceptions);
      }
    }
    return { count, debug: new Map(), exceptions, fields };

    function shareBody(j: number, first: number): void {
      size[j] = size[first];
      offset[j] = offset[first];
      const handlers = exceptions.get(first);
      if (handlers !== undefined) exceptions.set(j, handlers);
    }

    function resumeLiterals(j: number): void {
      for (let i = j - 1; i >= 0 && i > j - 200; i--) {
        if (literalModel.resume(writer.bytes.subarray(offset[i], offset[i] + size[i]))) return;
      }
    }
  }

  /** Header of an old function, with what is mapped mapped. */
  function oldHeader(index: number): FunctionHeader {
    const header = headerAt(old.functions.fields, index);
    header.functionName = mapped(strings.newIds, header.functionName);
    header.flags &= ~IS_LARGE;
    return header;
  }

  function headerAt(fields: Readonly<Record<string, Uint32Array>>, index: number): FunctionHeader {
    const header: FunctionHeader = {};
    for (const [name] of layout.functionHeader) header[name] = fields[name][index];
    return header;
  }

  function codeDebugOffsets({ fields }: WrittenFunctions): ReadonlyMap<number, readonly number[]> {
    const debug = new Map<number, readonly number[]>();
    const shift = new Int32Array(layout.debugWords);
    const last = new Int32Array(layout.debugWords);
    for (let j = 0; j < count; j++) {
      if ((fields.flags[j] & HAS_DEBUG_INFO) === 0) continue;
      const before = sources[j] < 0 ? [] : readFunctionInfo(old, sources[j]).debug;
      const wanted = target === undefined ? [] : readFunctionInfo(target, j).debug;
      const words: number[] = [];
      for (let k = 0; k < layout.debugWords; k++) {
        const known = k < before.length;
        const expected = known ? (before[k] + shift[k]) | 0 : last[k];
        const word =
          (expected +
            coder.signed(
              CONTEXT.debugOffset + 2 * k + (known ? 1 : 0),
              wanted.length === 0 ? 0 : ((wanted[k] | 0) - expected) | 0,
            )) |
          0;
        if (known) shift[k] = word - before[k];
        last[k] = word;
        words.push(word >>> 0);
      }
      debug.set(j, words);
    }
    return debug;
  }

  /** Words that are in no section, what the predictions missed, and the footer: a SHA-1 that would take longer to compute than the rest. */
  function finishFile(): void {
    const { bytes } = writer;
    bytes.set(old.bytes.subarray(0, HEADER_WORDS_AT));
    coder.section('hashes');
    const end = bytes.length - FOOTER_SIZE;
    codeHash(12, HEADER_WORDS_AT, (at) => old.bytes[at]);
    codeHash(end, bytes.length, () => -1);
    coder.section('header');
    const optionsAt = HEADER_WORDS_AT + 4 * layout.header.length;
    const foreseen =
      target !== undefined &&
      target.options === old.options &&
      layout.header.every((name) => target.header[name] === (counts[name] ?? 0));
    bytes[optionsAt] = old.options;
    if (!coder.flag(CONTEXT.headerUnchanged, foreseen)) {
      layout.header.forEach((name, i) => {
        const change = coder.signed(
          CONTEXT.headerWord,
          target === undefined ? 0 : (target.header[name] - (counts[name] ?? 0)) | 0,
        );
        if (change !== 0) writeU32(bytes, HEADER_WORDS_AT + 4 * i, (counts[name] ?? 0) + change);
      });
      bytes[optionsAt] = coder.number(CONTEXT.options, target?.options ?? 0);
    }
    coder.section('corrections');
    const wrong: number[] = [];
    if (target !== undefined) for (let i = 0; i < end; i++) if (bytes[i] !== target.bytes[i]) wrong.push(i);
    const corrections = coder.number(CONTEXT.fixCount, wrong.length);
    let at = 0;
    for (let i = 0; i < corrections; i++) {
      at += coder.number(CONTEXT.fixGap, (wrong[i] ?? 0) - at);
      if (!(at < end)) throw deltaError('ERR_DELTA_CORRUPT', 'A correction lies outside of the file');
      coder.contexts[0] = 99;
      bytes[at] = coder.symbol(8, SET.fix, 1, target?.bytes[at] ?? 0);
    }
  }

  /** Nothing predicts a hash, unless it is the old one. */
  function codeHash(from: number, to: number, before: (at: number) => number): void {
    const { bytes } = writer;
    let same = target !== undefined;
    if (target !== undefined) for (let at = from; at < to; at++) same &&= target.bytes[at] === before(at);
    if (from < HEADER_WORDS_AT && coder.flag(CONTEXT.sourceHashSame, same)) return;
    // With no context at all each bit costs one bit.
    for (let at = from; at < to; at++) bytes[at] = coder.symbol(8, SET.fix + 1, 0, target?.bytes[at] ?? 0);
  }

  function switchesKept({ target: file }: HermesPlan): boolean {
    return file.header.numStringSwitchImms === old.header.numStringSwitchImms;
  }
}

/** Which matched functions are not as predicted, in runs. */
function codeModified(coder: Coder, sources: Int32Array, unmodified?: Uint8Array): Uint8Array {
  const matched: number[] = [];
  for (let j = 0; j < sources.length; j++) if (sources[j] >= 0) matched.push(j);
  const modified = new Uint8Array(sources.length);
  for (let i = 0; i < matched.length;) {
    let run = 0;
    if (unmodified !== undefined)
      while (i + run < matched.length && unmodified[matched[i + run]] === 1) run++;
    i += coder.number(CONTEXT.unmodifiedRun, run);
    if (i >= matched.length) break;
    let more = 0;
    if (unmodified !== undefined)
      while (i + 1 + more < matched.length && unmodified[matched[i + 1 + more]] === 0) more++;
    more = coder.number(CONTEXT.modifiedRun, more);
    for (let k = 0; k <= more && i < matched.length; k++) modified[matched[i++]] = 1;
  }
  return modified;
}

function debugSection({ bytes, header }: HermesFile): Uint8Array {
  return bytes.subarray(header.debugInfoOffset, Math.max(header.debugInfoOffset, bytes.length - FOOTER_SIZE));
}

function countOverflowing(table: Parameters<typeof overflows>[0]): number {
  let count = 0;
  for (let i = 0; i < table.count; i++) if (overflows(table, i)) count++;
  return count;
}
