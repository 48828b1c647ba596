import { mustHold } from '../../error.ts';
import { align4, writeU32 } from '../entropy/bits.ts';
import {
  type BytecodeLayout,
  DEBUG_INFO,
  FILE_LENGTH,
  FUNCTION_NAME,
  HAS_DEBUG_INFO,
  HAS_EXCEPTIONS,
  INFO_OFFSET,
  IS_LARGE,
} from './bytecode-layout.ts';
import {
  ENTRY_BYTES,
  FOOTER_SIZE,
  HEADER_SIZE,
  HEADER_WORDS_AT,
  type HeaderColumns,
} from './parse-hermes.ts';
import { each, type Work } from '../work.ts';

/** All functions as far as the end of the file needs them: a column per header field, as in {@link FunctionTable}. */
export interface WrittenFunctions {
  readonly count: number;
  /** Where the bodies end. */
  readonly end: number;
  readonly fields: Readonly<HeaderColumns>;
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
  /** Where the bodies have to begin. */
  readonly start: number;
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

  const bits = layout.functionHeader.map(([, width]) => width);
  const widths = layout.functionHeader.map(([, , width]) => width);
  const last = bits.length - 1;
  const half = layout.hasShapes ? 24 : 16;
  const lowHalf = 2 ** half - 1;
  const put = (word: number): void => {
    room(at + 4);
    writeU32(bytes, at, word);
    at += 4;
  };
  const row: number[] = [];
  /** Writes {@link row} as a small header. */
  const writeSmall = (j: number): void => {
    let place = headers + j * layout.smallSize;
    let pending = 0;
    for (let f = 0, filled = 0; f <= last; f++) {
      pending |= row[f] << filled;
      filled += bits[f];
      // No field crosses the end of a word.
      if (filled < 32) continue;
      writeU32(bytes, place, pending);
      place += 4;
      pending = filled = 0;
    }
  };

  return {
    bytes,
    *finish({ count, debug, end, exceptions, fields }, debugInfo) {
      at = end;
      const columns = layout.functionHeader.map(([field]) => fields[field]);
      const pointer = columns.indexOf(fields[layout.hasShapes ? FUNCTION_NAME : INFO_OFFSET]);
      const write = (j: number): void => {
        const flags = columns[last][j];
        const attached = flags & (HAS_EXCEPTIONS | HAS_DEBUG_INFO);
        if (!layout.hasShapes) fields[INFO_OFFSET][j] = at = align4(at);
        let fits = true;
        for (let f = 0; f <= last; f++) {
          fits &&= columns[f][j] >>> bits[f] === 0;
          row[f] = fits ? columns[f][j] : 0;
        }
        const large = !fits || (layout.hasShapes && attached !== 0);
        if (large) {
          at = align4(at);
          // The small header says where the large one is. The older compiler fills its fields in order until the first that does not fit.
          if (layout.hasShapes) row.fill(0);
          row[0] = at & lowHalf;
          row[pointer] = at >>> half;
          row[last] = IS_LARGE | (layout.hasShapes ? 0 : flags);
        }
        writeSmall(j);
        if (large) {
          room(at + layout.largeSize);
          for (let f = 0; f <= last; f++) {
            const value = columns[f][j];
            bytes[at++] = value;
            if (widths[f] === 1) continue;
            bytes[at++] = value >>> 8;
            bytes[at++] = value >>> 16;
            bytes[at++] = value >>> 24;
          }
        }
        if (attached !== 0) at = align4(at);
        if ((attached & HAS_EXCEPTIONS) !== 0) {
          const entries = exceptions.get(j) ?? [];
          put(entries.length);
          entries.forEach((entry) => entry.forEach(put));
        }
        if ((attached & HAS_DEBUG_INFO) !== 0) {
          const words = debug(j);
          for (let k = 0; k < layout.debugWords; k++) put(words[k] ?? 0);
        }
      };
      yield* each(count, write);
      at = align4(at);
      room(at + debugInfo.length);
      header[DEBUG_INFO] = at;
      bytes.set(debugInfo, at);
      header[FILE_LENGTH] = at + debugInfo.length + FOOTER_SIZE;
      layout.header.forEach((word, i) => writeU32(bytes, HEADER_WORDS_AT + 4 * i, header[word]));
    },
    header,
    start: at,
  };
}
