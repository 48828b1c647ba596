import { deltaError } from '../error.ts';
import { align4, writeU32 } from './bits.ts';
import {
  type BytecodeLayout,
  HAS_DEBUG_INFO,
  HAS_EXCEPTIONS,
  type HeaderField,
  IS_LARGE,
} from './bytecode-layout.ts';
import {
  FOOTER_SIZE,
  HEADER_SIZE,
  HEADER_WORDS_AT,
  type Section,
  type SectionName,
  sectionSizes,
  type StringTable,
} from './parse-hermes.ts';
import { sha1 } from './sha1.ts';

/** A function as far as the end of the file needs it. */
export interface WrittenFunction {
  readonly header: Record<string, number>;
  readonly exceptions: readonly (readonly number[])[];
  readonly debug: readonly number[];
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
  finish(functions: readonly WrittenFunction[], debugInfo: Uint8Array): void;
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

  const needsLarge = ({ header }: WrittenFunction): boolean =>
    (layout.hasShapes && (header.flags & (HAS_EXCEPTIONS | HAS_DEBUG_INFO)) !== 0) ||
    layout.functionHeader.some(([name, bits]) => header[name] > 2 ** bits - 1);

  const placeInfos = (functions: readonly WrittenFunction[]): Int32Array => {
    const infos = new Int32Array(functions.length);
    functions.forEach((one, i) => {
      const { debug, exceptions, header } = one;
      const large = needsLarge(one);
      if (large || !layout.hasShapes) {
        at = align4(at);
        infos[i] = at;
        if (!layout.hasShapes) header.infoOffset = at;
      }
      // In layouts with an info offset the width of that offset itself decides, too.
      const isLarge = large || needsLarge(one);
      header.flags = isLarge ? header.flags | IS_LARGE : header.flags & ~IS_LARGE;
      if (isLarge) at += layout.largeSize;
      if ((header.flags & HAS_EXCEPTIONS) !== 0) at = align4(at) + 4 + 12 * exceptions.length;
      if ((header.flags & HAS_DEBUG_INFO) !== 0) at = align4(at) + 4 * debug.length;
      room(at);
    });
    return infos;
  };

  const writeInfo = ({ debug, exceptions, header }: WrittenFunction, info: number): void => {
    let place = info;
    if ((header.flags & IS_LARGE) !== 0) {
      for (const [name, , width] of layout.functionHeader) {
        // The mark of a large header stands in the small one alone.
        const value = name === 'flags' ? header.flags & ~IS_LARGE : header[name];
        if (width === 4) writeU32(bytes, place, value);
        else bytes[place] = value;
        place += width;
      }
    }
    if ((header.flags & HAS_EXCEPTIONS) !== 0) {
      place = align4(place);
      writeU32(bytes, place, exceptions.length);
      place += 4;
      for (const entry of exceptions) {
        for (const offset of entry) {
          writeU32(bytes, place, offset);
          place += 4;
        }
      }
    }
    if ((header.flags & HAS_DEBUG_INFO) !== 0) {
      place = align4(place);
      for (const word of debug) {
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
      functions.forEach((one, i) => {
        writeSmall(layout, bytes, headers + i * layout.smallSize, one.header, infos[i]);
        if (infos[i] > 0) writeInfo(one, infos[i]);
      });
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

/** Writes the footer. */
export function writeFooter(bytes: Uint8Array): void {
  const length = bytes.length - FOOTER_SIZE;
  bytes.set(sha1(bytes, length), length);
}

/** The small form: the header itself, or where the large one is. */
function writeSmall(
  layout: BytecodeLayout,
  bytes: Uint8Array,
  at: number,
  header: Record<string, number>,
  info: number,
): void {
  if ((header.flags & IS_LARGE) === 0) {
    writeBits(bytes, at, layout.functionHeader, (name) => header[name]);
    return;
  }
  if (layout.hasShapes) {
    const pointer: Record<string, number> = {
      flags: IS_LARGE,
      functionName: info >>> 24,
      offset: info & 0xffffff,
    };
    writeBits(bytes, at, layout.functionHeader, (name) => pointer[name] ?? 0);
    return;
  }
  // The older compiler fills the fields in order until the first that does not fit, then writes the pointer over them.
  let fits = true;
  writeBits(bytes, at, layout.functionHeader, (name, bits) => {
    if (name === 'flags') return header.flags;
    fits &&= header[name] <= 2 ** bits - 1;
    if (name === 'offset') return info & 0xffff;
    if (name === 'infoOffset') return info >>> 16;
    return fits ? header[name] : 0;
  });
}

function writeBits(
  bytes: Uint8Array,
  at: number,
  fields: readonly HeaderField[],
  value: (name: string, bits: number) => number,
): void {
  let bit = at * 8;
  for (const [name, bits] of fields) {
    let rest = value(name, bits);
    let left = bits;
    while (left > 0) {
      const shift = bit & 7;
      const take = Math.min(8 - shift, left);
      bytes[bit >>> 3] |= (rest & (2 ** take - 1)) << shift;
      rest >>>= take;
      bit += take;
      left -= take;
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
