import { deltaError } from '../error.ts';
import { align4, readI32, readU32 } from './bits.ts';
import { type BytecodeLayout, IS_LARGE, layoutById } from './bytecode-layout.ts';

/** Names of the sections: those between header and function bodies in file order, and what lies behind the bodies. */
export type SectionName =
  | 'functionHeaders'
  | 'stringKinds'
  | 'identifierHashes'
  | 'stringTable'
  | 'overflowStrings'
  | 'stringStorage'
  | 'literalValues'
  | 'objectKeys'
  | 'shapes'
  | 'objectValues'
  | 'bigIntTable'
  | 'bigIntStorage'
  | 'regExpTable'
  | 'regExpStorage'
  | 'cjsModules'
  | 'functionSources'
  | 'debugInfo';

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

/** Columns over all functions: one array per header field. */
export interface FunctionTable {
  readonly count: number;
  readonly fields: Readonly<Record<string, Uint32Array>>;
  /** Where the large header and the tables after it lie; 0 when there are none. */
  readonly info: Uint32Array;
}

/** A Hermes bytecode file, taken apart but not copied. */
export interface HermesFile {
  readonly bytes: Uint8Array;
  readonly version: number;
  readonly layout: BytecodeLayout;
  readonly header: Readonly<Record<string, number>>;
  /** Flags of the compiler. */
  readonly options: number;
  /** Empty where the layout has none of that name. */
  readonly sections: Readonly<Record<SectionName, Uint8Array>>;
  readonly functions: FunctionTable;
  readonly strings: StringTable;
}

/** Bytes before the first section. */
export const HEADER_SIZE = 128;
/** SHA-1 at the end. */
export const FOOTER_SIZE = 20;
/** First word that is not magic, version or source hash. */
export const HEADER_WORDS_AT = 32;

/** The sections before the bodies, in file order, with the bytes of an entry; 0: those of a small function header. */
export const SECTIONS: readonly (readonly [name: Exclude<SectionName, 'debugInfo'>, entryBytes: number])[] = [
  ['functionHeaders', 0],
  ['stringKinds', 4],
  ['identifierHashes', 4],
  ['stringTable', 4],
  ['overflowStrings', 8],
  ['stringStorage', 1],
  ['literalValues', 1],
  ['objectKeys', 1],
  ['shapes', 8],
  ['objectValues', 1],
  ['bigIntTable', 8],
  ['bigIntStorage', 1],
  ['regExpTable', 8],
  ['regExpStorage', 1],
  ['cjsModules', 8],
  ['functionSources', 8],
];

/** Bytecode version of `bytes`; 0 when it is no Hermes bytecode. */
export function hermesVersion(bytes: Uint8Array): number {
  const is =
    bytes.length >= HEADER_SIZE + FOOTER_SIZE &&
    readI32(bytes, 0) === 0x03bc1fc6 &&
    readI32(bytes, 4) === 0x1f1903c1;
  return is ? readU32(bytes, 8) : 0;
}

function mustFit(holds: boolean): void {
  if (!holds) throw deltaError('ERR_DELTA_FORMAT', 'No Hermes bytecode of a known version, or damaged');
}

/**
 * Takes a Hermes file (untrusted) apart. `layout`: for a bytecode version that has no layout of its own.
 *
 * @throws ERR_DELTA_FORMAT when the file is none, or its tables reach outside of it
 */
export function parseHermes(bytes: Uint8Array, layout?: BytecodeLayout): HermesFile {
  const version = hermesVersion(bytes);
  const known = layout ?? layoutById(version);
  mustFit(version > 0 && known !== undefined);
  const { functionHeader, hasShapes, header: words, largeSize, smallSize } = known as BytecodeLayout;
  const header: Record<string, number> = {};
  const end = bytes.length - FOOTER_SIZE;
  words.forEach((name, i) => {
    header[name] = readU32(bytes, HEADER_WORDS_AT + 4 * i);
  });
  mustFit(header.fileLength === bytes.length && header.debugInfo <= end);
  const sections = {} as Record<SectionName, Uint8Array>;
  let at = HEADER_SIZE;
  for (const [name, entryBytes] of SECTIONS) {
    const start = align4(at);
    at = start + (header[name] ?? 0) * (entryBytes || smallSize);
    mustFit(at <= end);
    sections[name] = bytes.subarray(start, at);
  }
  sections.debugInfo = bytes.subarray(header.debugInfo, end);

  const count = header.functionHeaders;
  const info = new Uint32Array(count);
  const columns = functionHeader.map(() => new Uint32Array(count));
  const names = functionHeader.map(([name]) => name);
  const fields = Object.fromEntries(columns.map((column, f) => [names[f], column]));
  const bits = functionHeader.map(([, width]) => width);
  const widths = functionHeader.map(([, , width]) => width);
  const { flags, functionName, infoOffset, offset, size } = fields;
  for (let i = 0; i < count; i++) {
    // No field is wider than 25 bits, so it lies within 32 bits from its first byte.
    const bit = 8 * smallSize * i;
    for (let f = 0, at = bit; f < bits.length; at += bits[f++])
      columns[f][i] = (readI32(sections.functionHeaders, at >>> 3) >>> (at & 7)) & (2 ** bits[f] - 1);
    if (infoOffset !== undefined) info[i] = infoOffset[i];
    if ((flags[i] & IS_LARGE) !== 0) {
      let place = hasShapes
        ? ((functionName[i] << 24) | (offset[i] & 0xffffff)) >>> 0
        : ((infoOffset[i] << 16) | (offset[i] & 0xffff)) >>> 0;
      info[i] = place;
      mustFit(place + largeSize <= end);
      for (let f = 0; f < widths.length; place += widths[f++])
        columns[f][i] = widths[f] === 4 ? readI32(bytes, place) : bytes[place];
      flags[i] |= IS_LARGE;
    }
    mustFit(offset[i] + size[i] <= end);
  }
  return {
    bytes,
    functions: { count, fields, info },
    header,
    layout: known as BytecodeLayout,
    options: bytes[HEADER_WORDS_AT + 4 * words.length],
    sections,
    strings: readStrings(sections),
    version,
  };
}

function readStrings({
  overflowStrings,
  stringKinds,
  stringStorage,
  stringTable,
}: HermesFile['sections']): StringTable {
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
  for (let i = 0; i < count; i++) {
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
    mustFit(offset[i] + length[i] * (1 + wide[i]) <= stringStorage.length);
  }
  return { count, kind, length, offset, wide };
}
