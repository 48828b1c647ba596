import { deltaError } from '../error.ts';
import { align4, readI32, readU32 } from './bits.ts';
import { type BytecodeLayout, IS_LARGE, layoutById } from './bytecode-layout.ts';

/** A part of the file. */
export interface Section {
  readonly offset: number;
  readonly size: number;
}

/** Names of the sections between header and function bodies, in file order. */
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
  | 'functionSources';

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
  readonly options: number;
  readonly sections: Readonly<Partial<Record<SectionName, Section>>>;
  /** Where the function bodies begin. */
  readonly bodies: number;
  readonly functions: FunctionTable;
  readonly strings: StringTable;
}

/** Bytes before the first section. */
export const HEADER_SIZE = 128;
/** SHA-1 at the end. */
export const FOOTER_SIZE = 20;
/** First word that is not magic, version or source hash. */
export const HEADER_WORDS_AT = 32;

/** Bytecode version of `bytes`, `undefined` when it is no Hermes bytecode. */
export function hermesVersion(bytes: Uint8Array): number | undefined {
  if (bytes.length < HEADER_SIZE + FOOTER_SIZE) return undefined;
  return readU32(bytes, 0) === 0x03bc1fc6 && readU32(bytes, 4) === 0x1f1903c1 ? readU32(bytes, 8) : undefined;
}

/** The sections before the bodies, in file order: name, header word that says how many entries, bytes of an entry. */
export function sectionsOf({
  hasShapes,
  smallSize,
}: BytecodeLayout): readonly (readonly [name: SectionName, word: string, entryBytes: number])[] {
  return [
    ['functionHeaders', 'functionCount', smallSize],
    ['stringKinds', 'stringKindCount', 4],
    ['identifierHashes', 'identifierCount', 4],
    ['stringTable', 'stringCount', 4],
    ['overflowStrings', 'overflowStringCount', 8],
    ['stringStorage', 'stringStorageSize', 1],
    ['literalValues', hasShapes ? 'literalValueBufferSize' : 'arrayBufferSize', 1],
    ['objectKeys', 'objKeyBufferSize', 1],
    hasShapes ? ['shapes', 'objShapeTableCount', 8] : ['objectValues', 'objValueBufferSize', 1],
    ['bigIntTable', 'bigIntCount', 8],
    ['bigIntStorage', 'bigIntStorageSize', 1],
    ['regExpTable', 'regExpCount', 8],
    ['regExpStorage', 'regExpStorageSize', 1],
    ['cjsModules', 'cjsModuleCount', 8],
    ['functionSources', 'functionSourceCount', 8],
  ];
}

/** The bytes of a section; empty when the layout has none of that name. */
export function sectionBytes({ bytes, sections }: HermesFile, name: SectionName): Uint8Array {
  const section = sections[name];
  return section === undefined
    ? new Uint8Array(0)
    : bytes.subarray(section.offset, section.offset + section.size);
}

/** What lies between the bodies and the footer, from where the header says it begins. */
export function debugSection({ bytes, header }: HermesFile): Uint8Array {
  return bytes.subarray(header.debugInfoOffset, Math.max(header.debugInfoOffset, bytes.length - FOOTER_SIZE));
}

/**
 * Takes a Hermes file (untrusted) apart. `layout`: for a bytecode version that has no layout of its own.
 *
 * @throws ERR_DELTA_FORMAT when the file is none, or its tables reach outside of it
 */
export function parseHermes(bytes: Uint8Array, layout?: BytecodeLayout): HermesFile {
  const version = hermesVersion(bytes);
  const known = layout ?? (version === undefined ? undefined : layoutById(version));
  if (version === undefined || known === undefined) {
    throw deltaError('ERR_DELTA_FORMAT', `Not Hermes bytecode of a known version: ${version ?? 'no magic'}`);
  }
  const header: Record<string, number> = {};
  known.header.forEach((name, i) => {
    header[name] = readU32(bytes, HEADER_WORDS_AT + 4 * i);
  });
  const end = bytes.length - FOOTER_SIZE;
  const sections: Partial<Record<SectionName, Section>> = {};
  let at = HEADER_SIZE;
  for (const [name, word, entryBytes] of sectionsOf(known)) {
    const size = (header[word] ?? 0) * entryBytes;
    at = align4(at);
    sections[name] = { offset: at, size };
    at += size;
    if (at > end) throw outside(name);
  }
  if (header.fileLength !== bytes.length || (header.debugInfoOffset as number) > end)
    throw outside('debug info');
  const file = { bytes, header, layout: known, sections };
  return {
    ...file,
    bodies: at,
    functions: readFunctions(file, end),
    options: bytes[HEADER_WORDS_AT + 4 * known.header.length] as number,
    strings: readStrings(file),
    version,
  };
}

type Opened = Pick<HermesFile, 'bytes' | 'header' | 'layout' | 'sections'>;

function outside(what: string): Error {
  return deltaError('ERR_DELTA_FORMAT', `The bytecode file is damaged: ${what} lies outside`);
}

function readFunctions({ bytes, header, layout, sections }: Opened, end: number): FunctionTable {
  const count = header.functionCount;
  const info = new Uint32Array(count);
  const fields: Record<string, Uint32Array> = {};
  let bit = 8 * (sections.functionHeaders as Section).offset;
  for (const [name, width] of layout.functionHeader) {
    const column = new Uint32Array(count);
    const mask = 2 ** width - 1;
    // No field is wider than 25 bits, so it lies within 32 bits from its first byte.
    for (let i = 0, at = bit >>> 3; i < count; i++, at += layout.smallSize)
      column[i] = (readI32(bytes, at) >>> (bit & 7)) & mask;
    fields[name] = column;
    bit += width;
  }
  const { flags, functionName, infoOffset, offset, size } = fields;
  for (let i = 0; i < count; i++) {
    if ((flags[i] & IS_LARGE) !== 0) {
      let at = layout.hasShapes
        ? ((functionName[i] << 24) | (offset[i] & 0xffffff)) >>> 0
        : ((infoOffset[i] << 16) | (offset[i] & 0xffff)) >>> 0;
      info[i] = at;
      if (at + layout.largeSize > end) throw outside('a function header');
      for (const [name, , width] of layout.functionHeader) {
        fields[name][i] = width === 4 ? readU32(bytes, at) : bytes[at];
        at += width;
      }
      flags[i] |= IS_LARGE;
    } else if (!layout.hasShapes) {
      info[i] = infoOffset[i];
    }
    if (offset[i] + size[i] > end) throw outside('a function body');
  }
  return { count, fields, info };
}

function readStrings({ bytes, header, sections }: Opened): StringTable {
  const count = header.stringCount as number;
  const kind = new Uint8Array(count);
  let filled = 0;
  for (let i = 0; i < (header.stringKindCount as number); i++) {
    const entry = readU32(bytes, (sections.stringKinds as Section).offset + 4 * i);
    const length = entry & 0x7fffffff;
    if (length > count - filled) throw outside('a string kind');
    kind.fill(entry >>> 31, filled, filled + length);
    filled += length;
  }
  const offset = new Uint32Array(count);
  const length = new Uint32Array(count);
  const wide = new Uint8Array(count);
  const table = (sections.stringTable as Section).offset;
  const overflow = sections.overflowStrings as Section;
  const storage = (sections.stringStorage as Section).size;
  for (let i = 0; i < count; i++) {
    const entry = readU32(bytes, table + 4 * i);
    wide[i] = entry & 1;
    let start = (entry >>> 1) & 0x7fffff;
    let characters = entry >>> 24;
    if (characters === 255) {
      if (8 * start + 8 > overflow.size) throw outside('an overflow string');
      const place = overflow.offset + 8 * start;
      start = readU32(bytes, place);
      characters = readU32(bytes, place + 4);
    }
    if (start + characters * (1 + (wide[i] as number)) > storage) throw outside('a string');
    offset[i] = start;
    length[i] = characters;
  }
  return { count, kind, length, offset, wide };
}
