// What a file's tables are called is left out of devices: fields, sections and header words are numbers. Constants, so that a bundler
// drops their names.

/** Fields of a function header: those that the layout decides or that have a coding of their own first, then the plain ones. */
export const OFFSET = 0;
export const SIZE = 1;
export const FUNCTION_NAME = 2;
export const INFO_OFFSET = 3;
export const FLAGS = 4;
/** Sizes of the inline caches, or (in older versions) their highest slots. */
export const READ_CACHE = 5;
export const WRITE_CACHE = 6;
export const FIRST_PLAIN_FIELD = 7;
export const PARAM_COUNT = 7;
export const FRAME_SIZE = 8;
export const ENVIRONMENT_SIZE = 9;
export const LOOP_DEPTH = 10;
export const NUMBER_REGISTERS = 11;
export const OTHER_REGISTERS = 12;
export const NEW_OBJECT_CACHE = 13;
export const PRIVATE_NAME_CACHE = 14;

/** Sections between header and function bodies, in file order, and what lies behind the bodies. */
export const FUNCTION_HEADERS = 0;
export const STRING_KINDS = 1;
export const IDENTIFIER_HASHES = 2;
export const STRING_TABLE = 3;
export const OVERFLOW_STRINGS = 4;
export const STRING_STORAGE = 5;
export const LITERAL_VALUES = 6;
export const OBJECT_KEYS = 7;
export const SHAPES = 8;
export const OBJECT_VALUES = 9;
export const BIGINT_TABLE = 10;
export const BIGINT_STORAGE = 11;
export const REGEXP_TABLE = 12;
export const REGEXP_STORAGE = 13;
export const CJS_MODULES = 14;
export const FUNCTION_SOURCES = 15;
export const DEBUG_INFO = 16;

/** Header words beside those that count a section's entries, which have its number; that of {@link DEBUG_INFO} is its place. */
export const FILE_LENGTH = 17;
export const GLOBAL_CODE = 18;
export const SEGMENT_ID = 19;
export const STRING_SWITCHES = 20;

/** A bit field of a function header: which one, bits in the small form, bytes in the large form. */
export type HeaderField = readonly [field: number, bits: number, bytes: number];

/** How one family of bytecode versions lays out its file (Hermes: include/hermes/BCGen/HBC/BytecodeFileFormat.h). */
export interface BytecodeLayout {
  /** The version that the layout is named after. */
  readonly id: number;
  /** The 32-bit words after magic, version and source hash. */
  readonly header: readonly number[];
  readonly functionHeader: readonly HeaderField[];
  readonly smallSize: number;
  readonly largeSize: number;
  /** Words of debug offsets in a function's info. */
  readonly debugWords: number;
  /** Bytes of a literal item by its type: null, true, false, number, long string, short string, byte string or undefined, integer. */
  readonly literalSizes: readonly number[];
  /** Since 97 object literals refer to a table of shapes; before, to a buffer of values beside that of keys. */
  readonly hasShapes: boolean;
}

/** Bits of a function header's flags. */
export const HAS_EXCEPTIONS = 8;
export const HAS_DEBUG_INFO = 16;
export const IS_LARGE = 32;

/** The layout named after bytecode version `id`, if there is one. */
export function layoutById(id: number): BytecodeLayout | undefined {
  const hasShapes = id > 96;
  if (id !== 89 && id !== 96 && id !== 98 && id !== 99) return undefined;
  const functionHeader = (
    hasShapes
      ? [
          [OFFSET, 25],
          [PARAM_COUNT, 5],
          [LOOP_DEPTH, 2],
          [SIZE, 14],
          [FUNCTION_NAME, 8],
          [NUMBER_REGISTERS, 5],
          [OTHER_REGISTERS, 5],
          [FRAME_SIZE, 8],
          [READ_CACHE, 8],
          ...(id === 98
            ? [
                [WRITE_CACHE, 6],
                [NEW_OBJECT_CACHE, 1],
              ]
            : [[WRITE_CACHE, 7]]),
          [PRIVATE_NAME_CACHE, 1],
          [FLAGS, 8],
        ]
      : [
          [OFFSET, 25],
          [PARAM_COUNT, 7],
          [SIZE, 15],
          [FUNCTION_NAME, 17],
          [INFO_OFFSET, 25],
          [FRAME_SIZE, 7],
          [ENVIRONMENT_SIZE, 8],
          [READ_CACHE, 8],
          [WRITE_CACHE, 8],
          [FLAGS, 8],
        ]
  ).map(([field, bits]): HeaderField => [
    field,
    bits,
    (field >= FLAGS && field < FIRST_PLAIN_FIELD) || field >= NEW_OBJECT_CACHE ? 1 : 4,
  ]);
  return {
    debugWords: hasShapes ? 1 : id === 89 ? 2 : 3,
    functionHeader,
    hasShapes,
    header: [
      FILE_LENGTH,
      GLOBAL_CODE,
      FUNCTION_HEADERS,
      STRING_KINDS,
      IDENTIFIER_HASHES,
      STRING_TABLE,
      OVERFLOW_STRINGS,
      STRING_STORAGE,
      BIGINT_TABLE,
      BIGINT_STORAGE,
      REGEXP_TABLE,
      REGEXP_STORAGE,
      LITERAL_VALUES,
      OBJECT_KEYS,
      ...(hasShapes ? [SHAPES, STRING_SWITCHES] : [OBJECT_VALUES]),
      SEGMENT_ID,
      CJS_MODULES,
      FUNCTION_SOURCES,
      DEBUG_INFO,
    ],
    id,
    largeSize: functionHeader.reduce((sum, [, , bytes]) => sum + bytes, 0),
    literalSizes: [0, 0, 0, 8, 4, 2, hasShapes ? 0 : 1, 4],
    smallSize: hasShapes ? 12 : 16,
  };
}
