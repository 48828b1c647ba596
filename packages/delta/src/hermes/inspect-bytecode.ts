import {
  DEBUG_INFO,
  FLAGS,
  FUNCTION_NAME,
  HAS_DEBUG_INFO,
  layoutById,
  STRING_TABLE,
} from './file/bytecode-layout.ts';
import { FOOTER_SIZE, hermesVersion, parseHermes } from './file/parse-hermes.ts';

/** What a bytecode file says about itself. */
export interface BytecodeFacts {
  readonly version: number;
  /** Everything below is known for versions with a layout: 89, 96, 98, 99. */
  readonly known: boolean;
  /** Flags of the compiler that the file was made with (static builtins, CommonJS, async functions). */
  readonly options?: number;
  readonly functionCount?: number;
  readonly stringCount?: number;
  /** Functions with a name, and those whose name has one or two characters: most of them after a minifier. */
  readonly namedFunctionCount?: number;
  readonly shortFunctionNameCount?: number;
  /** Source positions inside: 20 % of the file, and most of a patch. `-output-source-map` or `-g0` takes them out. */
  readonly hasDebugInfo?: boolean;
}

/**
 * Looks into a file (untrusted); undefined when it is no Hermes bytecode.
 *
 * @throws ERR_DELTA_FORMAT when its tables reach outside of it
 */
export function inspectBytecode(bytes: Uint8Array): BytecodeFacts | undefined {
  const version = hermesVersion(bytes);
  if (version === 0) return undefined;
  if (layoutById(version) === undefined) return { known: false, version };
  const { functions, header, options, strings } = parseHermes(bytes);
  const nameLengths = Array.from(functions.fields[FUNCTION_NAME], (id) => strings.length[id] ?? 0);
  const marked = functions.fields[FLAGS].some((flags) => (flags & HAS_DEBUG_INFO) !== 0);
  return {
    functionCount: functions.count,
    hasDebugInfo: marked && header[DEBUG_INFO] < bytes.length - FOOTER_SIZE,
    known: true,
    options,
    namedFunctionCount: nameLengths.filter((length) => length > 0).length,
    shortFunctionNameCount: nameLengths.filter((length) => length === 1 || length === 2).length,
    stringCount: header[STRING_TABLE],
    version,
  };
}
