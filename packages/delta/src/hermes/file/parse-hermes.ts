import { deltaError } from '../../error.ts';
import { align4, readI32, readU32 } from '../entropy/bits.ts';
import { each, finish, type Work } from '../work.ts';
import {
  type BytecodeLayout,
  DEBUG_INFO,
  FILE_LENGTH,
  FLAGS,
  FUNCTION_HEADERS,
  INFO_OFFSET,
  IS_LARGE,
  layoutById,
  OFFSET,
  OVERFLOW_STRINGS,
  SIZE,
  STRING_KINDS,
  STRING_STORAGE,
  STRING_TABLE,
} from './bytecode-layout.ts';

/** Columns over all strings. */
export interface StringTable {
  readonly count: number;
  readonly offset: Uint32Array;
  /** In characters. */
  readonly length: Uint32Array;
  /** 1: UTF-16. */
  readonly wide: Uint8Array;
  /** 1: identifier. */
  readonly kind: Uint8Array;
}

/** A column per header field, at its number. */
export type HeaderColumns = (Uint8Array | Uint32Array)[];

/** Columns over all functions. */
export interface FunctionTable {
  readonly count: number;
  readonly fields: Readonly<HeaderColumns>;
  /** Where the large header and the tables after it lie; 0 when there are none. */
  readonly info: Uint32Array;
  /** The first function with the same body (same offset *and* size: it is there once); itself where it is the first. */
  readonly owner: Int32Array;
}

/** A Hermes bytecode file, taken apart but not copied. */
export interface HermesFile {
  readonly bytes: Uint8Array;
  readonly version: number;
  readonly layout: BytecodeLayout;
  /** Header words at their numbers. */
  readonly header: readonly number[];
  /** Flags of the compiler. */
  readonly options: number;
  /** Sections at their numbers; empty where the layout has none of that number. */
  readonly sections: readonly Uint8Array[];
  readonly functions: FunctionTable;
  readonly strings: StringTable;
}

/** Bytes before the first section. */
export const HEADER_SIZE = 128;
/** SHA-1 at the end. */
export const FOOTER_SIZE = 20;
/** First word that is not magic, version or source hash. */
export const HEADER_WORDS_AT = 32;

/** Bytes of an entry of each section before the bodies; 0: those of a small function header. */
export const ENTRY_BYTES: readonly number[] = [0, 4, 4, 4, 8, 1, 1, 1, 8, 1, 8, 1, 8, 1, 8, 8];

/** Bytecode version of `bytes`; 0 when it is no Hermes bytecode. */
export function hermesVersion(bytes: Uint8Array): number {
  const is =
    bytes.length >= HEADER_SIZE + FOOTER_SIZE &&
    readI32(bytes, 0) === 0x03bc1fc6 &&
    readI32(bytes, 4) === 0x1f1903c1;
  return is ? readU32(bytes, 8) : 0;
}

/** @throws ERR_DELTA_FORMAT unless `holds` */
export function mustFit(holds: boolean): void {
  if (!holds) throw deltaError('ERR_DELTA_FORMAT', 'No Hermes bytecode of a known version, or damaged');
}

/**
 * Takes a Hermes file (untrusted) apart. `layout`: for a bytecode version that has no layout of its own.
 *
 * @throws ERR_DELTA_FORMAT when the file is none, or its tables reach outside of it
 */
export function parseHermes(bytes: Uint8Array, layout?: BytecodeLayout): HermesFile {
  return finish(readHermes(bytes, layout));
}

/** {@link parseHermes} in slices. */
export function* readHermes(bytes: Uint8Array, layout?: BytecodeLayout): Work<HermesFile> {
  const version = hermesVersion(bytes);
  const known = layout ?? layoutById(version);
  mustFit(version > 0 && known !== undefined);
  const { functionHeader, hasShapes, header: words, largeSize, smallSize } = known as BytecodeLayout;
  const header: number[] = [];
  const end = bytes.length - FOOTER_SIZE;
  words.forEach((word, i) => {
    header[word] = readU32(bytes, HEADER_WORDS_AT + 4 * i);
  });
  mustFit(header[FILE_LENGTH] === bytes.length && header[DEBUG_INFO] <= end);
  let at = HEADER_SIZE;
  const sections = ENTRY_BYTES.map((entryBytes, section) => {
    const start = align4(at);
    at = start + (header[section] ?? 0) * (entryBytes || smallSize);
    mustFit(at <= end);
    return bytes.subarray(start, at);
  });
  sections[DEBUG_INFO] = bytes.subarray(header[DEBUG_INFO], end);

  const count = header[FUNCTION_HEADERS];
  const info = new Uint32Array(count);
  const fields = createColumns(functionHeader, count);
  const columns = functionHeader.map(([field]) => fields[field]);
  const bits = functionHeader.map(([, width]) => width);
  const widths = functionHeader.map(([, , width]) => width);
  const flags = fields[FLAGS];
  const offset = fields[OFFSET];
  const size = fields[SIZE];
  const small = sections[FUNCTION_HEADERS];
  const owner = new Int32Array(count);
  // Offset, whether it is empty, and number: in one double, so that the engine sorts them by itself.
  const bodies = new Float64Array(count);
  const readFunction = (i: number): void => {
    let at = i * smallSize;
    const large = small[at + smallSize - 1] & IS_LARGE;
    if (large !== 0) {
      // Where the large header is stands in the first field, and in that of the name or (in older versions) of the info.
      const first = readI32(small, at);
      at = hasShapes
        ? ((readI32(small, at + 4) << 10) & 0xff000000) | (first & 0xffffff)
        : (readI32(small, at + 8) << 16) | (first & 0xffff);
      at >>>= 0;
      info[i] = at;
      mustFit(at + largeSize <= end);
      for (let f = 0; f < widths.length; f++) {
        let word = bytes[at++];
        if (widths[f] === 4) word |= (bytes[at++] << 8) | (bytes[at++] << 16) | (bytes[at++] << 24);
        columns[f][i] = word;
      }
    } else {
      // No field is wider than 25 bits, so it lies within 32 bits from its first byte.
      for (let f = 0, bit = 8 * at; f < bits.length; bit += bits[f++])
        columns[f][i] = (readI32(small, bit >>> 3) >>> (bit & 7)) & ((1 << bits[f]) - 1);
      if (!hasShapes) info[i] = fields[INFO_OFFSET][i];
    }
    flags[i] |= large;
    mustFit(offset[i] + size[i] <= end);
    bodies[i] = (2 * offset[i] + Math.min(size[i], 1)) * 2 ** 24 + i;
  };
  yield* each(count, readFunction);
  bodies.sort();
  for (let k = 0, before = -1; k < count; k++) {
    const i = bodies[k] % 2 ** 24;
    const shared = offset[before] === offset[i] && size[before] === size[i];
    owner[i] = shared ? owner[before] : i;
    before = i;
  }
  yield 0.1;
  return {
    bytes,
    functions: { count, fields, info, owner },
    header,
    layout: known as BytecodeLayout,
    options: bytes[HEADER_WORDS_AT + 4 * words.length],
    sections,
    strings: yield* readStrings(sections),
    version,
  };
}

/** A column of `count` entries for each field of a header. */
export function createColumns(
  functionHeader: BytecodeLayout['functionHeader'],
  count: number,
): HeaderColumns {
  const fields: HeaderColumns = [];
  for (const [field, , bytes] of functionHeader)
    fields[field] = bytes === 1 ? new Uint8Array(count) : new Uint32Array(count);
  return fields;
}

function* readStrings(sections: HermesFile['sections']): Work<StringTable> {
  const stringTable = sections[STRING_TABLE];
  const stringKinds = sections[STRING_KINDS];
  const overflowStrings = sections[OVERFLOW_STRINGS];
  const count = stringTable.length / 4;
  const kind = new Uint8Array(count);
  let filled = 0;
  for (let i = 0; i < stringKinds.length; i += 4) {
    const entry = readI32(stringKinds, i);
    const start = filled;
    filled += entry & 0x7fffffff;
    mustFit(filled <= count);
    kind.fill(entry >>> 31, start, filled);
  }
  const offset = new Uint32Array(count);
  const length = new Uint32Array(count);
  const wide = new Uint8Array(count);
  yield* each(count, (i) => {
    const entry = readI32(stringTable, 4 * i);
    wide[i] = entry & 1;
    offset[i] = (entry >>> 1) & 0x7fffff;
    length[i] = entry >>> 24;
    if (length[i] === 255) {
      const place = 8 * offset[i];
      mustFit(place < overflowStrings.length);
      offset[i] = readI32(overflowStrings, place);
      length[i] = readI32(overflowStrings, place + 4);
    }
    mustFit(offset[i] + length[i] * (1 + wide[i]) <= sections[STRING_STORAGE].length);
  });
  return { count, kind, length, offset, wide };
}
