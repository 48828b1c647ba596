import { mustHold } from '../error.ts';
import { align4, writeU32 } from './bits.ts';
import { type BytecodeLayout, HAS_DEBUG_INFO, HAS_EXCEPTIONS, IS_LARGE } from './bytecode-layout.ts';
import { FOOTER_SIZE, HEADER_SIZE, HEADER_WORDS_AT, type SectionName, SECTIONS } from './parse-hermes.ts';

/** All functions as far as the end of the file needs them: a column per header field, as in {@link FunctionTable}. */
export interface WrittenFunctions {
  readonly count: number;
  readonly fields: Readonly<Record<string, Uint32Array>>;
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
  /** Header words by name; complete after {@link FileWriter.finish}. */
  readonly header: Readonly<Record<string, number>>;
  /** Appends a body and its jump tables; gives its offset. */
  body(code: Uint8Array, tables: Uint8Array): number;
  /** Headers, handlers, debug section. */
  finish(functions: WrittenFunctions, debugInfo: Uint8Array): void;
}

/** `words`: header words that do not follow from `parts`. @throws ERR_DELTA_CORRUPT when it does not fit into `size` */
export function createFileWriter(
  layout: BytecodeLayout,
  words: Readonly<Record<string, number>>,
  parts: Readonly<Record<Exclude<SectionName, 'debugInfo'>, Uint8Array>>,
  size: number,
): FileWriter {
  const bytes = new Uint8Array(size);
  const header = { ...words };
  let at = HEADER_SIZE;
  let headers = 0;
  const room = (end: number): void => mustHold(end <= size - FOOTER_SIZE);
  for (const [name, entryBytes] of SECTIONS) {
    const part = parts[name];
    at = align4(at);
    if (entryBytes === 0) headers = at;
    room(at + part.length);
    bytes.set(part, at);
    at += part.length;
    header[name] = part.length / (entryBytes || layout.smallSize);
  }

  const names = layout.functionHeader.map(([name]) => name);
  const widths = layout.functionHeader.map(([, bits]) => bits);

  /** Gives every function its info place (0: none), and marks the large ones. */
  const placeInfos = ({ count, exceptions, fields }: WrittenFunctions): Int32Array => {
    const infos = new Int32Array(count);
    const { flags, infoOffset } = fields;
    const large = new Uint8Array(count);
    for (const [name, bits] of layout.functionHeader) {
      const column = fields[name];
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
        infoOffset[j] = at;
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

  const writeInfo = ({ debug, exceptions, fields }: WrittenFunctions, j: number, info: number): void => {
    let place = info;
    const put = (word: number): void => {
      writeU32(bytes, place, word);
      place += 4;
    };
    const flags = fields.flags[j];
    if ((flags & IS_LARGE) !== 0) {
      for (const [name, , width] of layout.functionHeader) {
        // The mark of a large header stands in the small one alone.
        const value = name === 'flags' ? flags & ~IS_LARGE : fields[name][j];
        if (width === 4) put(value);
        else bytes[place++] = value;
      }
    }
    place = align4(place);
    if ((flags & HAS_EXCEPTIONS) !== 0) {
      const entries = exceptions.get(j) ?? [];
      put(entries.length);
      entries.forEach((entry) => entry.forEach(put));
    }
    if ((flags & HAS_DEBUG_INFO) !== 0) debug(j).forEach(put);
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
    finish: (functions, debugInfo) => {
      const infos = placeInfos(functions);
      const columns = names.map((name) => functions.fields[name]);
      const { flags } = functions.fields;
      for (let j = 0; j < functions.count; j++) {
        const place = headers + j * layout.smallSize;
        if ((flags[j] & IS_LARGE) === 0) writeBits(bytes, place, widths, columns, j);
        else writePointer(layout, bytes, place, columns, j, infos[j]);
        if (infos[j] > 0) writeInfo(functions, j, infos[j]);
      }
      at = align4(at);
      room(at + debugInfo.length);
      header.debugInfo = at;
      bytes.set(debugInfo, at);
      header.fileLength = at + debugInfo.length + FOOTER_SIZE;
      layout.header.forEach((name, i) => writeU32(bytes, HEADER_WORDS_AT + 4 * i, header[name]));
    },
    header,
  };
}

/** The small form of a large header: where that is. */
function writePointer(
  { functionHeader, hasShapes }: BytecodeLayout,
  bytes: Uint8Array,
  at: number,
  columns: readonly Uint32Array[],
  j: number,
  info: number,
): void {
  let fits = true;
  const values = functionHeader.map(([name, bits], f) => {
    if (hasShapes) {
      if (name === 'offset') return [info & 0xffffff];
      return [name === 'flags' ? IS_LARGE : name === 'functionName' ? info >>> 24 : 0];
    }
    // The older compiler fills the fields in order until the first that does not fit, then writes the pointer over them.
    const value = columns[f][j];
    if (name === 'flags') return [value];
    fits &&= value < 2 ** bits;
    if (name === 'offset') return [info & 0xffff];
    if (name === 'infoOffset') return [info >>> 16];
    return [fits ? value : 0];
  });
  writeBits(
    bytes,
    at,
    functionHeader.map(([, bits]) => bits),
    values,
    0,
  );
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
