/** A bit field of a function header: name, bits in the small form, bytes in the large form. */
export type HeaderField = readonly [name: string, bits: number, bytes: number];

/** How one family of bytecode versions lays out its file (Hermes: include/hermes/BCGen/HBC/BytecodeFileFormat.h). */
export interface BytecodeLayout {
  /** The version that the layout is named after. */
  readonly id: number;
  /** The 32-bit words after magic, version and source hash. A word that counts a section's entries has the section's name. */
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

/** Bits of a function header's flags. */
export const HAS_EXCEPTIONS = 8;
export const HAS_DEBUG_INFO = 16;
export const IS_LARGE = 32;

/** `fields`: name and bits of each, in order; all take four bytes in the large form, but for caches and flags. */
function createLayout(
  id: number,
  smallSize: number,
  debugWords: number,
  words: string,
  fields: string,
): BytecodeLayout {
  const hasShapes = id > 96;
  const functionHeader = `offset25 paramCount${fields} flags8`.split(' ').map((field): HeaderField => {
    const [, name, bits] = /(\D+)(\d+)/.exec(field) as unknown as [string, string, string];
    return [name, Number(bits), /ache|flags/.test(name) ? 1 : 4];
  });
  return {
    debugWords,
    functionHeader,
    hasShapes,
    header:
      `fileLength globalCodeIndex functionHeaders stringKinds identifierHashes stringTable overflowStrings stringStorage bigIntTable bigIntStorage regExpTable regExpStorage literalValues objectKeys ${words} segmentID cjsModules functionSources debugInfo`.split(
        ' ',
      ),
    id,
    largeSize: functionHeader.reduce((sum, [, , bytes]) => sum + bytes, 0),
    literalSizes: [0, 0, 0, 8, 4, 2, hasShapes ? 0 : 1, 4],
    smallSize,
  };
}

/** The layout named after bytecode version `id`, if there is one. */
export function layoutById(id: number): BytecodeLayout | undefined {
  if (id === 89 || id === 96)
    return createLayout(
      id,
      16,
      id === 89 ? 2 : 3,
      'objectValues',
      '7 size15 functionName17 infoOffset25 frameSize7 environmentSize8 highestReadCache8 highestWriteCache8',
    );
  if (id === 98 || id === 99)
    return createLayout(
      id,
      12,
      1,
      'shapes numStringSwitchImms',
      `5 loopDepth2 size14 functionName8 numberRegCount5 nonPtrRegCount5 frameSize8 readCacheSize8 writeCacheSize${id === 98 ? '6 numCacheNewObject1' : 7} privateNameCacheSize1`,
    );
  return undefined;
}
