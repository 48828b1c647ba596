import { createByteWriter } from '../byte-writer.ts';
import { sameBytes } from './entropy/bits.ts';
import { layoutById } from './file/bytecode-layout.ts';
import { codeHermes } from './code-hermes.ts';
import { maxDecisions, slotBitsFor } from './entropy/coder.ts';
import { decodeHermes } from './decode-hermes.ts';
import { createAnsweringCoder } from './encode/answering-coder.ts';
import { findPacking, type Packed } from './encode/find-packing.ts';
import { matchFunctions } from './encode/match-functions.ts';
import { planFile } from './encode/plan-file.ts';
import { planFunctions } from './encode/plan-functions.ts';
import { planSections } from './encode/plan-sections.ts';
import { planStrings } from './encode/plan-strings.ts';
import { padForWork } from './encode/pad-for-work.ts';
import { createRangeEncoder, type RangeEncoder } from './encode/range-encoder.ts';
import { type OpcodeTable, parseOpcodeTable } from './instructions/opcode-table.ts';
import { OPCODE_TABLES } from './instructions/opcodes.ts';
import { type HermesFile, hermesVersion, parseHermes } from './file/parse-hermes.ts';
import { finish } from './work.ts';

/** Options of {@link encodeHermes}. */
export interface EncodeHermesOptions {
  /** Sends the opcode table along, for clients that are older than this bytecode version. Costs about 0.5 KB. */
  readonly inlineOpcodeTable?: boolean;
}

/** A structural patch body, and what its bytes were spent on. */
export interface EncodedHermes {
  readonly body: Uint8Array;
  /** Bytes by section, largest first. */
  readonly sections: readonly (readonly [name: string, bytes: number])[];
}

/**
 * The body of a `kvh1` patch from `base` to `target`, decoded once and compared. `undefined` where the format does not apply: no
 * Hermes bytecode, other versions on both sides or unknown ones, files that break a rule of the layout.
 */
export function encodeHermes(
  base: Uint8Array,
  target: Uint8Array,
  { inlineOpcodeTable = false }: EncodeHermesOptions = {},
): EncodedHermes | undefined {
  const version = hermesVersion(target);
  if (version === 0 || hermesVersion(base) !== version) return undefined;
  const text = OPCODE_TABLES[version];
  const layout = layoutById(version);
  if (text === undefined || layout === undefined) return undefined;
  try {
    const table = parseOpcodeTable(text);
    const old = parseHermes(base);
    const file = parseHermes(target);
    const matched = matchFunctions(old, file, table);
    const packed = findPacking(old, file);
    const best = packed && encodeWith(old, file, table, matched, packed);
    // Strings as they stand: next to nothing where none moved, and soon above what packing costs where some did.
    const { coded, range } = (encodeWith(old, file, table, matched, undefined, best?.coded.length) ??
      best) as Attempt;
    const writer = createByteWriter();
    writer.byte(inlineOpcodeTable ? layout.id : 0);
    if (inlineOpcodeTable) {
      writer.bytes(Uint8Array.from(`${text}\0`, (letter) => letter.charCodeAt(0)));
    }
    writer.bytes(padForWork(coded, range.decisions(), maxDecisions));
    const body = writer.finish();
    if (!sameBytes(finish(decodeHermes(base, body, target.length)), target)) return undefined;
    const sections = [...range.costs()]
      .map(([name, bits]) => [name, bits / 8] as const)
      .sort((a, b) => b[1] - a[1]);
    return { body, sections };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

interface Attempt {
  readonly coded: Uint8Array;
  readonly range: RangeEncoder;
}

/** Undefined as soon as it is longer than `mostBytes`. */
function encodeWith(
  old: HermesFile,
  target: HermesFile,
  table: OpcodeTable,
  matched: Int32Array,
  packed: Packed | undefined,
  mostBytes: number = Number.POSITIVE_INFINITY,
): Attempt | undefined {
  const range = createRangeEncoder();
  const answering = createAnsweringCoder(range, slotBitsFor(target.bytes.length));
  const plan = {
    ...planStrings(answering, old, target, packed),
    ...planSections(answering, old, target, table),
    ...planFunctions(answering, old, target, table, matched),
    ...planFile(answering, old, target),
  };
  const work = codeHermes(answering.coder, old, table, target.bytes.length, plan);
  while (work.next().done !== true) if (range.sizeBytes() > mostBytes) return undefined;
  const coded = range.finish();
  return coded.length > mostBytes ? undefined : { coded, range };
}
