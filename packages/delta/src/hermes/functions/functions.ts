import { align4, writeU32 } from '../entropy/bits.ts';
import { createBodyPredictor } from './body-predictor.ts';
import { FLAGS, FUNCTION_NAME, IS_LARGE, OFFSET, SIZE } from '../file/bytecode-layout.ts';
import type { Coder } from '../entropy/coder.ts';
import * as CONTEXT from '../entropy/contexts.ts';
import type { FileWriter, WrittenFunctions } from '../file/file-writer.ts';
import { assemble, type WrittenBody } from '../instructions/assembler.ts';
import { readFunctionInfo } from '../instructions/function-code.ts';
import { createFunctionCoder, type FunctionHeader } from './function-coder.ts';
import { createLiteralModel, type LiteralSections } from '../literals/literal-model.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import { createColumns, type HermesFile } from '../file/parse-hermes.ts';
import type { HermesPlan } from '../plan.ts';
import { mapped, type ReferenceMaps } from './reference-maps.ts';
import type { StringModel } from '../strings/string-model.ts';
import type { Work } from '../work.ts';

/** Functions between two yields. */
const SLICE = 128;

/** Writes all bodies, predicted or coded, and gives the headers. `sources`: the old function of each new one, or -1. */
export function* codeFunctions(
  coder: Coder,
  old: HermesFile,
  table: OpcodeTable,
  sources: Int32Array,
  maps: ReferenceMaps,
  strings: StringModel,
  literalSections: LiteralSections,
  writer: FileWriter,
  plan?: HermesPlan,
): Work<WrittenFunctions> {
  const { layout } = old;
  const { bytes } = writer;
  const literals = createLiteralModel(coder, table, layout.literalSizes, literalSections);
  const predictor = createBodyPredictor(old, table, maps);
  plan?.modified(sources, maps.s, predictor);
  const kept = coder.flag(CONTEXT.switchesKept);
  const modified = codeModified(coder, sources);
  yield 0.2;
  const count = sources.length;
  const fields = createColumns(layout.functionHeader, count);
  const flags = fields[FLAGS];
  const functionName = fields[FUNCTION_NAME];
  const offset = fields[OFFSET];
  const size = fields[SIZE];
  const copyHeaders = (): void => {
    // In bulk: most functions are as they were.
    for (let j = 0, run = 1; j < count; j += run, run = 1) {
      const source = sources[j];
      if (source < 0) continue;
      while (sources[j + run] === source + run) run++;
      fields.forEach((column, field) =>
        column.set(old.functions.fields[field].subarray(source, source + run), j),
      );
    }
    for (let j = 0; j < count; j++) {
      functionName[j] = mapped(maps.s, functionName[j]);
      flags[j] &= ~IS_LARGE;
    }
  };
  copyHeaders();
  const exceptions = new Map<number, readonly (readonly number[])[]>();
  /** By the owner of an old body the first function that got it as it was predicted. */
  const bodies = new Int32Array(old.functions.count).fill(-1);
  const codeFunction = createFunctionCoder(
    coder,
    layout,
    table,
    strings,
    literals,
    headerAt,
    predictor,
    plan,
  );
  let switches = 0;
  /** Where the next body begins. */
  let end = writer.start;
  /** Takes in what was written at the end. `shared`: the function whose body it is, where it has none of its own. */
  const take = (j: number, body: WrittenBody | undefined, shared: number): void => {
    if (body !== undefined) {
      body.stringSwitches.forEach((at) => {
        if (!kept) writeU32(bytes, at, switches);
        switches++;
      });
      size[j] = body.size;
      offset[j] = end;
      end += body.size;
      if (body.tableBytes > 0) end = align4(end) + body.tableBytes;
      if (body.exceptions.length > 0) exceptions.set(j, body.exceptions);
    } else {
      size[j] = size[shared];
      offset[j] = offset[shared];
      const handlers = exceptions.get(shared);
      if (handlers !== undefined) exceptions.set(j, handlers);
    }
  };
  /** Writes functions as they are predicted until one is not, or the slice ends; gives that one's number. */
  const writePredicted = (from: number, to: number): number => {
    let j = from;
    for (; j < to && sources[j] >= 0 && modified[j] === 0; j++) {
      const owner = old.functions.owner[sources[j]];
      const shared = bodies[owner];
      if (shared < 0) bodies[owner] = j;
      const body = shared < 0 ? predictor.predict(sources[j], bytes, end) : undefined;
      if (shared < 0 && body === undefined) break;
      take(j, body, shared);
    }
    return j;
  };
  for (let j = 0; j < count;) {
    yield 0.2 + (0.7 * j) / count;
    const stop = Math.min(j + SLICE, count);
    j = writePredicted(j, stop);
    if (j === stop) continue;
    const source = sources[j];
    if (source >= 0 && modified[j] === 0) {
      const code = yield* predictor.takeApart(source);
      take(j, yield* assemble(table, code, bytes, end), -1);
      j++;
      continue;
    }
    const coded = yield* codeFunction(j, bytes, end, source);
    fields.forEach((column, field) => (column[j] = coded.header[field]));
    take(j, coded.body, coded.owner ?? -1);
    j++;
  }
  // Nobody ships debug information, and nothing is spent on predicting it.
  const debug = (j: number): readonly number[] =>
    sources[j] < 0 ? [] : readFunctionInfo(old, sources[j]).debug;
  return { count, debug, end, exceptions, fields };

  function headerAt(j: number): FunctionHeader {
    return fields.map((column) => column[j]);
  }
}

/** Which matched functions are not as predicted, in runs; mostly none are. */
function codeModified(coder: Coder, sources: Int32Array): Uint8Array {
  const modified = new Uint8Array(sources.length);
  if (coder.flag(CONTEXT.noneModified)) return modified;
  const matched: number[] = [];
  for (let j = 0; j < sources.length; j++) if (sources[j] >= 0) matched.push(j);
  for (let i = 0; i < matched.length;) {
    i += coder.number(CONTEXT.unmodifiedRun);
    if (i >= matched.length) break;
    const more = coder.number(CONTEXT.modifiedRun);
    for (let k = 0; k <= more && i < matched.length; k++) modified[matched[i++]] = 1;
  }
  return modified;
}
