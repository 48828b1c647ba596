import { readU32 } from './entropy/bits.ts';
import {
  BIGINT_STORAGE,
  BIGINT_TABLE,
  ENVIRONMENT_SIZE,
  FLAGS,
  FRAME_SIZE,
  FUNCTION_NAME,
  GLOBAL_CODE,
  INFO_OFFSET,
  IS_LARGE,
  LITERAL_VALUES,
  LOOP_DEPTH,
  NEW_OBJECT_CACHE,
  NUMBER_REGISTERS,
  OBJECT_KEYS,
  OBJECT_VALUES,
  OFFSET,
  OTHER_REGISTERS,
  PARAM_COUNT,
  PRIVATE_NAME_CACHE,
  READ_CACHE,
  REGEXP_STORAGE,
  REGEXP_TABLE,
  SHAPES,
  SIZE,
  STRING_STORAGE,
  WRITE_CACHE,
} from './file/bytecode-layout.ts';
import {
  type FunctionCode,
  type Instruction,
  readInstruction,
  takeApart,
} from './instructions/function-code.ts';
import { walkLiteral } from './literals/literals.ts';
import { type OpcodeTable, parseOpcodeTable } from './instructions/opcode-table.ts';
import { OPCODE_TABLES } from './instructions/opcodes.ts';
import { finish } from './work.ts';
import { stringText } from './encode/string-text.ts';
import { type HermesFile, parseHermes } from './file/parse-hermes.ts';

/** A file with its texts and literals looked up once. */
interface Reader {
  readonly file: HermesFile;
  text(id: number): string;
  /** Items of a literal, with strings as text. */
  literal(section: number, offset: number, items: number): string;
}

// Where a function lies, and what follows from that.
const PLACES = new Set([OFFSET, SIZE, INFO_OFFSET, FUNCTION_NAME, FLAGS]);
const FIELD_NAMES: Readonly<Record<number, string>> = {
  [ENVIRONMENT_SIZE]: 'environment size',
  [FRAME_SIZE]: 'frame size',
  [LOOP_DEPTH]: 'loop depth',
  [NEW_OBJECT_CACHE]: 'new object cache',
  [NUMBER_REGISTERS]: 'number registers',
  [OTHER_REGISTERS]: 'other registers',
  [PARAM_COUNT]: 'parameters',
  [PRIVATE_NAME_CACHE]: 'private name cache',
  [READ_CACHE]: 'read cache',
  [WRITE_CACHE]: 'write cache',
};

/**
 * Whether two bytecode files do the same: every function instruction by instruction, with strings, literals, shapes and regular
 * expressions compared by content and not by number. Gives a description of the first difference, or undefined. Both must be of
 * the same known version. Used to prove that a bundle that was compiled against another one is the same program.
 *
 * @throws ERR_DELTA_FORMAT when one of them is no such file
 */
export function findDifference(left: Uint8Array, right: Uint8Array): string | undefined {
  const a = createReader(parseHermes(left));
  const b = createReader(parseHermes(right));
  if (a.file.version !== b.file.version) return `bytecode version ${a.file.version} and ${b.file.version}`;
  const table = parseOpcodeTable(OPCODE_TABLES[a.file.version]);
  if (a.file.options !== b.file.options) return `compiler options ${a.file.options} and ${b.file.options}`;
  const count = a.file.functions.count;
  if (count !== b.file.functions.count) return `${count} and ${b.file.functions.count} functions`;
  if (a.file.header[GLOBAL_CODE] !== b.file.header[GLOBAL_CODE]) return 'another global function';
  for (let i = 0; i < count; i++) {
    const difference = headerDifference(a, b, i) ?? codeDifference(a, b, table, i);
    if (difference !== undefined) return `function ${i} (${nameOf(a, i)}): ${difference}`;
  }
  return undefined;
}

function createReader(file: HermesFile): Reader {
  const storage = file.sections[STRING_STORAGE];
  const texts: string[] = [];
  const text = (id: number): string =>
    (texts[id] ??= id < file.strings.count ? stringText(file.strings, storage, id) : `string ${id}`);
  return {
    file,
    literal: (section, offset, items) => {
      const buffer = file.sections[section];
      const { literalSizes } = file.layout;
      const parts: string[] = [];
      walkLiteral(literalSizes, buffer, offset, items, (type, at) => {
        const size = literalSizes[type];
        let value = 0;
        for (let k = Math.min(size, 4) - 1; k >= 0; k--) value = value * 256 + buffer[at + k];
        if (type === 4 || type === 5 || (type === 6 && size === 1)) parts.push(`"${text(value)}"`);
        else if (size === 8) parts.push(`number ${buffer.subarray(at, at + 8).join(' ')}`);
        else parts.push(`${type}:${value}`);
      });
      return parts.join(', ');
    },
    text,
  };
}

function nameOf({ file, text }: Reader, i: number): string {
  return text(file.functions.fields[FUNCTION_NAME][i]) || 'without a name';
}

function headerDifference(a: Reader, b: Reader, i: number): string | undefined {
  if (nameOf(a, i) !== nameOf(b, i)) return `its name is ${nameOf(b, i)} on the other side`;
  const [left, right] = [a.file.functions.fields, b.file.functions.fields];
  if ((left[FLAGS][i] & ~IS_LARGE) !== (right[FLAGS][i] & ~IS_LARGE)) return 'other flags';
  for (const [field] of a.file.layout.functionHeader) {
    if (!PLACES.has(field) && left[field][i] !== right[field][i])
      return `${FIELD_NAMES[field]} ${left[field][i]} and ${right[field][i]}`;
  }
  return undefined;
}

function codeDifference(a: Reader, b: Reader, table: OpcodeTable, i: number): string | undefined {
  const left = codeOf(a, table, i);
  const right = codeOf(b, table, i);
  if (left.count !== right.count) {
    return `${left.count} and ${right.count} instructions`;
  }
  for (let k = 0; k < left.count; k++) {
    const one = describe(a, table, left.instruction(k));
    const other = describe(b, table, right.instruction(k));
    if (one !== other) return `instruction ${k}: ${one} and ${other}`;
  }
  const tables = ({ exceptions, switches }: FunctionCode, { text }: Reader): string =>
    JSON.stringify([exceptions, switches.map((entry) => ({ ...entry, keys: entry.keys.map(text) }))]);
  return tables(left, a) === tables(right, b) ? undefined : 'other jump tables or exception handlers';
}

function codeOf({ file }: Reader, table: OpcodeTable, i: number): FunctionCode {
  return finish(
    takeApart(
      file,
      table,
      i,
      (at) => readInstruction(table, file.bytes, at),
      (id) => id,
    ),
  );
}

/** An instruction in words in which no number of a table occurs. */
function describe(reader: Reader, table: OpcodeTable, { op, values }: Instruction): string {
  const kinds = table.kinds[op];
  const shapes = reader.file.sections[SHAPES];
  let items = values[2] ?? 0;
  const parts = [`opcode ${table.families[op]?.[0]}`];
  for (let i = 0; i < kinds.length; i++) {
    const kind = kinds[i];
    const value = values[i];
    if (kind === 's') parts.push(`"${reader.text(value)}"`);
    else if (kind === 'v') parts.push(`[${reader.literal(LITERAL_VALUES, value, items)}]`);
    else if (kind === 'k') parts.push(`[${reader.literal(OBJECT_KEYS, value, items)}]`);
    else if (kind === 'o') parts.push(`[${reader.literal(OBJECT_VALUES, value, items)}]`);
    else if (kind === 'p') {
      items = readU32(shapes, 8 * value + 4);
      parts.push(`{${reader.literal(OBJECT_KEYS, readU32(shapes, 8 * value), items)}}`);
    } else if (kind === 'x') parts.push(tableEntry(reader.file, REGEXP_TABLE, REGEXP_STORAGE, value));
    else if (kind === 'g') parts.push(tableEntry(reader.file, BIGINT_TABLE, BIGINT_STORAGE, value));
    else if (kind !== 't' && kind !== 'q') parts.push(`${kind}${value}`);
  }
  return parts.join(' ');
}

function tableEntry(file: HermesFile, table: number, storage: number, i: number): string {
  const entries = file.sections[table];
  const from = readU32(entries, 8 * i);
  return file.sections[storage].subarray(from, from + readU32(entries, 8 * i + 4)).join(' ');
}
