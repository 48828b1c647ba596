import { mustHold } from '../../error.ts';
import { align4, writeU32 } from '../entropy/bits.ts';
import {
  type BytecodeLayout,
  DEBUG_INFO,
  FILE_LENGTH,
  FLAGS,
  FUNCTION_NAME,
  HAS_DEBUG_INFO,
  HAS_EXCEPTIONS,
  INFO_OFFSET,
  IS_LARGE,
} from './bytecode-layout.ts';
import { ENTRY_BYTES, FOOTER_SIZE, HEADER_SIZE, HEADER_WORDS_AT } from './parse-hermes.ts';
import { inPieces, type Work } from '../work.ts';

/** Functions between two yields. */
const SLICE = 2048;

/** All functions as far as the end of the file needs them: a column per header field, as in {@link FunctionTable}. */
export interface WrittenFunctions {
  readonly count: number;
  readonly fields: readonly Uint32Array[];
  /** Exception handlers of the functions that have some. */
  readonly exceptions: ReadonlyMap<number, readonly (readonly number[])[]>;
  /** Words of debug offsets of a function. */
  debug(index: number): readonly number[];
}

/**
 * Writes a bytecode file in the order in which things become known: sections, bodies, then headers. Everything that follows from
 * something else (offsets, overflow bits, counts) is computed here.
 */
export interface FileWriter {
  readonly bytes: Uint8Array;
  /** Header words at their numbers; complete after {@link FileWriter.finish}. */
  readonly header: readonly number[];
  /** Appends a body and its jump tables; gives its offset. */
  body(code: Uint8Array, tables: Uint8Array): number;
  /** Headers, handlers, debug section. */
  finish(functions: WrittenFunctions, debugInfo: Uint8Array): Work<void>;
}

/** `words`: header words that do not follow from `parts`, the sections before the bodies. @throws ERR_DELTA_CORRUPT when it does not fit into `size` */
export function createFileWriter(
  layout: BytecodeLayout,
  words: readonly number[],
  parts: readonly Uint8Array[],
  size: number,
): FileWriter {
  const bytes = new Uint8Array(size);
  const header = words.slice();
  let at = HEADER_SIZE;
  let headers = 0;
  const room = (end: number): void => mustHold(end <= size - FOOTER_SIZE);
  ENTRY_BYTES.forEach((entryBytes, section) => {
    const part = parts[section];
    at = align4(at);
    if (entryBytes === 0) headers = at;
    room(at + part.length);
    bytes.set(part, at);
    at += part.length;
    header[section] = part.length / (entryBytes || layout.smallSize);
  });

  const numbers = layout.functionHeader.map(([field]) => field);
  const bits = layout.functionHeader.map(([, width]) => width);
  const widths = layout.functionHeader.map(([, , width]) => width);

  /** Gives every function its info place (0: none), and marks the large ones. */
  const placeInfos = ({ count, exceptions, fields }: WrittenFunctions): Int32Array => {
    const infos = new Int32Array(count);
    const flags = fields[FLAGS];
    const large = new Uint8Array(count);
    for (const [field, bits] of layout.functionHeader) {
      const column = fields[field];
      for (let j = 0; j < count; j++) if (column[j] >>> bits !== 0) large[j] = 1;
    }
    for (let j = 0; j < count; j++) {
      const attached = flags[j] & (HAS_EXCEPTIONS | HAS_DEBUG_INFO);
      if (layout.hasShapes) {
        if (large[j] === 0 && attached === 0) continue;
        at = align4(at);
        large[j] = 1;
      } else {
        at = align4(at);
        fields[INFO_OFFSET][j] = at;
        // The width of the info offset itself decides, too: 25 bits.
        if (at >>> 25 !== 0) large[j] = 1;
      }
      infos[j] = at;
      if (large[j] === 1) {
        at += layout.largeSize;
        flags[j] |= IS_LARGE;
      }
      if ((attached & HAS_EXCEPTIONS) !== 0) at = align4(at) + 4 + 12 * (exceptions.get(j)?.length ?? 0);
      if ((attached & HAS_DEBUG_INFO) !== 0) at = align4(at) + 4 * layout.debugWords;
      room(at);
    }
    return infos;
  };

  const writeInfo = (
    { debug, exceptions }: WrittenFunctions,
    columns: readonly Uint32Array[],
    j: number,
    info: number,
  ): void => {
    let place = info;
    const put = (word: number): void => {
      writeU32(bytes, place, word);
      place += 4;
    };
    const last = columns.length - 1;
    const flags = columns[last][j];
    if ((flags & IS_LARGE) !== 0) {
      for (let f = 0; f < last; f++) {
        writeU32(bytes, place, columns[f][j]);
        place += widths[f];
      }
      // The mark of a large header stands in the small one alone.
      bytes[place++] = flags & ~IS_LARGE;
    }
    place = align4(place);
    if ((flags & HAS_EXCEPTIONS) !== 0) {
      const entries = exceptions.get(j) ?? [];
      put(entries.length);
      entries.forEach((entry) => entry.forEach(put));
    }
    if ((flags & HAS_DEBUG_INFO) !== 0) debug(j).forEach(put);
  };

  /** The small form of a large header: where that is. */
  const pointer = numbers.map(() => [0]);
  const pointTo = (columns: readonly Uint32Array[], j: number, info: number): void => {
    // The older compiler fills the fields in order until the first that does not fit, then writes the pointer over them.
    let fits = !layout.hasShapes;
    for (let f = 0; f < numbers.length; f++) {
      fits &&= columns[f][j] < 2 ** bits[f];
      pointer[f][0] = fits ? columns[f][j] : 0;
    }
    const half = layout.hasShapes ? 24 : 16;
    pointer[0][0] = info & (2 ** half - 1);
    pointer[numbers.indexOf(layout.hasShapes ? FUNCTION_NAME : INFO_OFFSET)][0] = info >>> half;
    pointer[numbers.length - 1][0] = layout.hasShapes ? IS_LARGE : columns[numbers.length - 1][j];
  };

  return {
    body: (code, tables) => {
      const start = at;
      at += code.length;
      room(at);
      bytes.set(code, start);
      if (tables.length > 0) {
        at = align4(at);
        room(at + tables.length);
        bytes.set(tables, at);
        at += tables.length;
      }
      return start;
    },
    bytes,
    *finish(functions, debugInfo) {
      const infos = placeInfos(functions);
      const columns = numbers.map((field) => functions.fields[field]);
      const flags = functions.fields[FLAGS];
      const write = (from: number, to: number): void => {
        for (let j = from; j < to; j++) {
          const place = headers + j * layout.smallSize;
          if ((flags[j] & IS_LARGE) === 0) {
            writeBits(bytes, place, bits, columns, j);
          } else {
            pointTo(columns, j, infos[j]);
            writeBits(bytes, place, bits, pointer, 0);
          }
          if (infos[j] > 0) writeInfo(functions, columns, j, infos[j]);
        }
      };
      yield* inPieces(functions.count, SLICE, 0.97, write);
      at = align4(at);
      room(at + debugInfo.length);
      header[DEBUG_INFO] = at;
      bytes.set(debugInfo, at);
      header[FILE_LENGTH] = at + debugInfo.length + FOOTER_SIZE;
      layout.header.forEach((word, i) => writeU32(bytes, HEADER_WORDS_AT + 4 * i, header[word]));
    },
    header,
  };
}

/** Bit fields, lowest bits first. */
function writeBits(
  bytes: Uint8Array,
  at: number,
  widths: readonly number[],
  columns: readonly ArrayLike<number>[],
  j: number,
): void {
  let place = at;
  let pending = 0;
  let filled = 0;
  for (let f = 0; f < widths.length; f++) {
    // Below 8 bits are pending and no field has more than 25, so all stay in 32.
    pending |= columns[f][j] << filled;
    for (filled += widths[f]; filled >= 8; filled -= 8) {
      bytes[place++] = pending;
      pending >>>= 8;
    }
  }
}
