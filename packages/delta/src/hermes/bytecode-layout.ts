/** A bit field of a function header: name, bits in the small form, bytes in the large form. */
export type HeaderField = readonly [name: string, bits: number, bytes: 1 | 4];

/** How one family of bytecode versions lays out its file (Hermes: include/hermes/BCGen/HBC/BytecodeFileFormat.h). */
export interface BytecodeLayout {
  /** The version that the layout is named after. */
  readonly id: number;
  /** The 32-bit words after magic, version and source hash. */
  readonly header: readonly string[];
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

const COMMON = [
  'fileLength',
  'globalCodeIndex',
  'functionCount',
  'stringKindCount',
  'identifierCount',
  'stringCount',
  'overflowStringCount',
  'stringStorageSize',
  'bigIntCount',
  'bigIntStorageSize',
  'regExpCount',
  'regExpStorageSize',
] as const;
const HEADER_96 = [
  ...COMMON,
  'arrayBufferSize',
  'objKeyBufferSize',
  'objValueBufferSize',
  'segmentID',
  'cjsModuleCount',
  'functionSourceCount',
  'debugInfoOffset',
];
const HEADER_98 = [
  ...COMMON,
  'literalValueBufferSize',
  'objKeyBufferSize',
  'objShapeTableCount',
  'numStringSwitchImms',
  'segmentID',
  'cjsModuleCount',
  'functionSourceCount',
  'debugInfoOffset',
];

/** Bits of a function header's flags. */
export const HAS_EXCEPTIONS = 8;
export const HAS_DEBUG_INFO = 16;
export const IS_LARGE = 32;

const LAYOUT_96: BytecodeLayout = {
  debugWords: 3,
  functionHeader: [
    ['offset', 25, 4],
    ['paramCount', 7, 4],
    ['size', 15, 4],
    ['functionName', 17, 4],
    ['infoOffset', 25, 4],
    ['frameSize', 7, 4],
    ['environmentSize', 8, 4],
    ['highestReadCache', 8, 1],
    ['highestWriteCache', 8, 1],
    ['flags', 8, 1],
  ],
  hasShapes: false,
  header: HEADER_96,
  id: 96,
  largeSize: 31,
  literalSizes: [0, 0, 0, 8, 4, 2, 1, 4],
  smallSize: 16,
};

/** The layout of a version from 97 on; `caches`: the fields between the read cache and the private names. */
function layout98(id: number, largeSize: number, caches: readonly HeaderField[]): BytecodeLayout {
  return {
    debugWords: 1,
    functionHeader: [
      ['offset', 25, 4],
      ['paramCount', 5, 4],
      ['loopDepth', 2, 4],
      ['size', 14, 4],
      ['functionName', 8, 4],
      ['numberRegCount', 5, 4],
      ['nonPtrRegCount', 5, 4],
      ['frameSize', 8, 4],
      ['readCacheSize', 8, 1],
      ...caches,
      ['privateNameCacheSize', 1, 1],
      ['flags', 8, 1],
    ],
    hasShapes: true,
    header: HEADER_98,
    id,
    largeSize,
    literalSizes: [0, 0, 0, 8, 4, 2, 0, 4],
    smallSize: 12,
  };
}

const LAYOUTS: readonly BytecodeLayout[] = /* @__PURE__ */ (() => [
  LAYOUT_96,
  { ...LAYOUT_96, debugWords: 2, id: 89 },
  layout98(98, 37, [
    ['writeCacheSize', 6, 1],
    ['numCacheNewObject', 1, 1],
  ]),
  layout98(99, 36, [['writeCacheSize', 7, 1]]),
])();

/** The layout named after bytecode version `id`, if there is one. */
export function layoutById(id: number): BytecodeLayout | undefined {
  return LAYOUTS.find((layout) => layout.id === id);
}
