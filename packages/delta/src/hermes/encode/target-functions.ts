import { align4, readI32, sameBytes, writeU32 } from '../entropy/bits.ts';
import type { BodyPredictor } from '../functions/body-predictor.ts';
import {
  FLAGS,
  FUNCTION_NAME,
  IS_LARGE,
  OFFSET,
  READ_CACHE,
  SIZE,
  WRITE_CACHE,
} from '../file/bytecode-layout.ts';
import {
  type FunctionCode,
  readFunctionInfo,
  readInstruction,
  switchSize,
  takeApart,
} from '../instructions/function-code.ts';
import { plainFields } from '../functions/function-coder.ts';
import { assemble } from '../instructions/assembler.ts';
import type { OpcodeTable } from '../instructions/opcode-table.ts';
import type { HermesFile } from '../file/parse-hermes.ts';
import { finish } from '../work.ts';
import { mapped } from '../functions/reference-maps.ts';

/** The body of function `j` as it has to come out. */
export function targetCode(target: HermesFile, table: OpcodeTable, j: number): FunctionCode {
  return finish(
    takeApart(
      target,
      table,
      j,
      (at) => readInstruction(table, target.bytes, at),
      (id) => id,
    ),
  );
}

/** 1 for each matched function that comes out as it has to when it is predicted. */
export function unmodifiedFunctions(
  old: HermesFile,
  target: HermesFile,
  table: OpcodeTable,
  sources: Int32Array,
  newStringIds: Int32Array,
  predictor: BodyPredictor,
  switchesKept: boolean,
): Uint8Array {
  const unmodified = new Uint8Array(sources.length);
  const before = old.functions.fields;
  const after = target.functions.fields;
  const compared = [READ_CACHE, WRITE_CACHE, ...plainFields(old.layout)];
  // Room for any body.
  const out = new Uint8Array(target.bytes.length + old.bytes.length);
  const firstWithBody = new Map<number, number>();
  for (let j = 0; j < sources.length; j++) {
    const i = sources[j];
    if (i < 0) continue;
    const first = firstWithBody.get(old.functions.owner[i]);
    const sameHeader =
      mapped(newStringIds, before[FUNCTION_NAME][i]) === after[FUNCTION_NAME][j] &&
      (before[FLAGS][i] & ~IS_LARGE) === (after[FLAGS][j] & ~IS_LARGE) &&
      compared.every((field) => before[field][i] === after[field][j]);
    if (!sameHeader) continue;
    if (first !== undefined) {
      if (target.functions.owner[j] === target.functions.owner[first]) unmodified[j] = 1;
      continue;
    }
    if (target.functions.owner[j] !== j || !comesOut(target, table, j, predictor, i, switchesKept, out))
      continue;
    unmodified[j] = 1;
    firstWithBody.set(old.functions.owner[i], j);
  }
  return unmodified;
}

function comesOut(
  target: HermesFile,
  table: OpcodeTable,
  j: number,
  predictor: BodyPredictor,
  i: number,
  switchesKept: boolean,
  out: Uint8Array,
): boolean {
  const start = target.functions.fields[OFFSET][j];
  // As it would come to lie: at the same distance from a multiple of four.
  const at = start & 3;
  const predicted =
    predictor.predict(i, out, at) ?? finish(assemble(table, finish(predictor.takeApart(i)), out, at));
  const end = start + target.functions.fields[SIZE][j];
  let code = target.bytes.subarray(start, end);
  if (!switchesKept && predicted.stringSwitches.length > 0) {
    // They are numbered anew, in order.
    code = code.slice();
    for (const place of predicted.stringSwitches) writeU32(code, place - at, readI32(out, place));
  }
  const stop = at + predicted.size;
  if (!sameBytes(out.subarray(at, stop), code)) return false;
  const tables = align4(end);
  if (
    !sameBytes(
      out.subarray(align4(stop), align4(stop) + predicted.tableBytes),
      target.bytes.subarray(tables, tables + tableBytes(target, table, start, end)),
    )
  )
    return false;
  const { exceptions } = readFunctionInfo(target, j);
  return (
    exceptions.length === predicted.exceptions.length &&
    exceptions.every((entry, k) => entry.every((offset, n) => offset === predicted.exceptions[k][n]))
  );
}

/** Bytes of jump tables behind a body. */
function tableBytes({ bytes }: HermesFile, table: OpcodeTable, start: number, end: number): number {
  let size = 0;
  for (let at = start; at < end && table.size[bytes[at]] > 0; at += table.size[bytes[at]]) {
    const op = bytes[at];
    if (!table.kinds[op].includes('t')) continue;
    const keyed = table.kinds[op].includes('q');
    size += (keyed ? 8 : 4) * switchSize(keyed, readInstruction(table, bytes, at).values);
  }
  return size;
}
