import { deltaError } from '../error.ts';
import { align4, writeU32 } from './bits.ts';
import { type BytecodeLayout, HAS_DEBUG_INFO, HAS_EXCEPTIONS, IS_LARGE } from './bytecode-layout.ts';
import {
  FOOTER_SIZE,
  HEADER_SIZE,
  HEADER_WORDS_AT,
  type Section,
  type SectionName,
  sectionSizes,
  type StringTable,
} from './parse-hermes.ts';

/** All functions as far as the end of the file needs them: a column per header field, as in {@link FunctionTable}. */
export interface WrittenFunctions {
  readonly count: number;
  readonly fields: Readonly<Record<string, Uint32Array>>;
  /** Exception handlers and debug words of the functions that have some. */
  readonly exceptions: ReadonlyMap<number, readonly (readonly number[])[]>;
  readonly debug: ReadonlyMap<number, readonly number[]>;
}

/**
 * Writes a bytecode file in the order in which things become known: sections, bodies, then headers. Everything that follows from
 * something else (offsets, overflow bits, hashes, the footer) is computed here.
 */
export interface FileWriter {
  readonly bytes: Uint8Array;
  section(name: SectionName): Uint8Array;
  /** Appends a body and its jump tables; gives its offset. */
  body(code: Uint8Array, tables: Uint8Array): number;
  /** Headers, handlers, debug section. Gives where the file ends. */
  finish(functions: WrittenFunctions, debugInfo: Uint8Array): void;
}

/** `counts`: header words as far as sections follow from them. @throws ERR_DELTA_CORRUPT when it does not fit into `size` */
export function createFileWriter(
  layout: BytecodeLayout,
  counts: Record<string, number>,
  size: number,
): FileWriter {
  const bytes = new Uint8Array(size);
  const sections: Partial<Record<SectionName, Section>> = {};
  let at = HEADER_SIZE;
  const room = (end: number): void => {
    if (end > size - FOOTER_SIZE)
      throw deltaError('ERR_DELTA_CORRUPT', 'The new file is larger than declared');
  };
  for (const [name, length] of sectionSizes(layout, counts)) {
    at = align4(at);
    sections[name] = { offset: at, size: length };
    at += length;
    room(at);
  }

  const names = layout.functionHeader.map(([name]) => name);
  const largest = layout.functionHeader.map(([, bits]) => 2 ** bits - 1);

  /** Gives every function its info place (0: none), and marks the large ones. */
  const placeInfos = ({ count, debug, exceptions, fields }: WrittenFunctions): Int32Array => {
    const infos = new Int32Array(count);
    const columns = names.map((name) => fields[name]);
    const { flags, infoOffset } = fields;
    const large = new Uint8Array(count);
    for (let f = 0; f < columns.length; f++) {
      const column = columns[f];
      const max = largest[f];
      for (let j = 0; j < count; j++) if (column[j] > max) large[j] = 1;
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
        // The width of the info offset itself decides, too.
        if (at > largest[names.indexOf('infoOffset')]) large[j] = 1;
      }
      infos[j] = at;
      if (large[j] === 1) {
        at += layout.largeSize;
        flags[j] |= IS_LARGE;
      }
      if ((attached & HAS_EXCEPTIONS) !== 0) at = align4(at) + 4 + 12 * (exceptions.get(j)?.length ?? 0);
      if ((attached & HAS_DEBUG_INFO) !== 0) at = align4(at) + 4 * (debug.get(j)?.length ?? 0);
      room(at);
    }
    return infos;
  };

  const writeInfo = ({ debug, exceptions, fields }: WrittenFunctions, j: number, info: number): void => {
    let place = info;
    const flags = fields.flags[j];
    if ((flags & IS_LARGE) !== 0) {
      for (const [name, , width] of layout.functionHeader) {
        // The mark of a large header stands in the small one alone.
        const value = name === 'flags' ? flags & ~IS_LARGE : fields[name][j];
        if (width === 4) writeU32(bytes, place, value);
        else bytes[place] = value;
        place += width;
      }
    }
    if ((flags & HAS_EXCEPTIONS) !== 0) {
      const entries = exceptions.get(j) ?? [];
      place = align4(place);
      writeU32(bytes, place, entries.length);
      place += 4;
      for (const entry of entries) {
        for (const offset of entry) {
          writeU32(bytes, place, offset);
          place += 4;
        }
      }
    }
    if ((flags & HAS_DEBUG_INFO) !== 0) {
      place = align4(place);
      for (const word of debug.get(j) ?? []) {
        writeU32(bytes, place, word);
        place += 4;
      }
    }
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
      const headers = (sections.functionHeaders as Section).offset;
      const columns = names.map((name) => functions.fields[name]);
      const widths = layout.functionHeader.map(([, bits]) => bits);
      const { flags } = functions.fields;
      for (let j = 0; j < functions.count; j++) {
        const place = headers + j * layout.smallSize;
        if ((flags[j] & IS_LARGE) === 0) writeBits(bytes, place, widths, columns, j);
        else writePointer(layout, bytes, place, columns, j, infos[j]);
        if (infos[j] > 0) writeInfo(functions, j, infos[j]);
      }
      at = align4(at);
      room(at + debugInfo.length);
      counts.debugInfoOffset = at;
      bytes.set(debugInfo, at);
      counts.fileLength = at + debugInfo.length + FOOTER_SIZE;
      layout.header.forEach((name, i) => writeU32(bytes, HEADER_WORDS_AT + 4 * i, counts[name] ?? 0));
    },
    section: (name) => {
      const section = sections[name];
      return section === undefined
        ? new Uint8Array(0)
        : bytes.subarray(section.offset, section.offset + section.size);
    },
  };
}

/** The small form of a large header: where that is. */
function writePointer(
  layout: BytecodeLayout,
  bytes: Uint8Array,
  at: number,
  columns: readonly Uint32Array[],
  j: number,
  info: number,
): void {
  const widths = layout.functionHeader.map(([, bits]) => bits);
  let fits = true;
  const values = layout.functionHeader.map(([name, bits], f) => {
    if (layout.hasShapes) {
      return name === 'flags'
        ? IS_LARGE
        : name === 'offset'
          ? info & 0xffffff
          : name === 'functionName'
            ? info >>> 24
            : 0;
    }
    // The older compiler fills the fields in order until the first that does not fit, then writes the pointer over them.
    if (name === 'flags') return columns[f][j];
    fits &&= columns[f][j] <= 2 ** bits - 1;
    if (name === 'offset') return info & 0xffff;
    if (name === 'infoOffset') return info >>> 16;
    return fits ? columns[f][j] : 0;
  });
  writeBits(
    bytes,
    at,
    widths,
    values.map((value) => Uint32Array.of(value)),
    0,
  );
}

/** Bit fields, lowest bits first. */
function writeBits(
  bytes: Uint8Array,
  at: number,
  widths: readonly number[],
  columns: readonly Uint32Array[],
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

/** Table entries, overflow entries and hashes of all strings. */
export function writeStrings(writer: FileWriter, table: StringTable, storage: Uint8Array): void {
  const entries = writer.section('stringTable');
  const overflow = writer.section('overflowStrings');
  const hashes = writer.section('identifierHashes');
  let overflowing = 0;
  let identifiers = 0;
  for (let i = 0; i < table.count; i++) {
    const offset = table.offset[i];
    const length = table.length[i];
    if (table.kind[i] === 1)
      writeU32(hashes, 4 * identifiers++, hashString(storage, offset, length, table.wide[i] === 1));
    if (overflows(table, i)) {
      writeU32(entries, 4 * i, table.wide[i] | (overflowing << 1) | (255 << 24));
      writeU32(overflow, 8 * overflowing, offset);
      writeU32(overflow, 8 * overflowing + 4, length);
      overflowing++;
    } else {
      writeU32(entries, 4 * i, table.wide[i] | (offset << 1) | (length << 24));
    }
  }
}

/** True when a string does not fit into the small table. */
export function overflows(table: StringTable, i: number): boolean {
  return table.length[i] >= 255 || table.offset[i] >= 1 << 23;
}

/** Jenkins' one-at-a-time hash, as Hermes hashes identifiers; narrow characters are signed there. */
function hashString(storage: Uint8Array, offset: number, length: number, wide: boolean): number {
  let hash = 0;
  for (let i = 0; i < length; i++) {
    const unit = wide
      ? storage[offset + 2 * i] | (storage[offset + 2 * i + 1] << 8)
      : ((storage[offset + i] << 24) >> 24) & 0xffff;
    hash = (hash + unit) | 0;
    hash = (hash + (hash << 10)) | 0;
    hash ^= hash >>> 6;
  }
  return hash >>> 0;
}
