import { OtaError } from '@kivyx-ota/core';
import { deltaError } from '../error.ts';
import { layoutById } from './file/bytecode-layout.ts';
import { codeHermes } from './code-hermes.ts';
import { createCoder, maxDecisions, slotBitsFor } from './entropy/coder.ts';
import { OPCODE_TABLES } from './instructions/opcodes.ts';
import { parseOpcodeTable } from './instructions/opcode-table.ts';
import { hermesVersion, readHermes } from './file/parse-hermes.ts';
import { createRangeDecoder } from './entropy/range-coder.ts';
import type { Work } from './work.ts';

/**
 * The new bytecode file that `body` (untrusted) of a `kvh1` patch makes from `base`. Time is bounded by the sizes of base, target
 * and patch. Memory beside both files of 3.6 MB: 8 MB at most,
 * the engine's heap included (`pnpm bench delta`, in the Hermes VM).
 *
 * @throws ERR_DELTA_CORRUPT, ERR_DELTA_LIMIT, ERR_DELTA_FORMAT
 */
export function* decodeHermes(base: Uint8Array, body: Uint8Array, targetSizeBytes: number): Work<Uint8Array> {
  const version = hermesVersion(base);
  // 0: a version that every reader of this format knows. Otherwise the layout to read it by, its opcode table, and a zero.
  const id = body[0] ?? 0;
  const start = id === 0 ? 0 : body.indexOf(0);
  const layout = layoutById(id === 0 ? version : id);
  const text = id === 0 ? OPCODE_TABLES[version] : String.fromCharCode(...body.subarray(1, start));
  if (layout === undefined || text === undefined)
    throw deltaError('ERR_DELTA_UNKNOWN_FORMAT', `Bytecode ${version} is not known here`);
  const coded = body.subarray(start + 1);
  const coder = createCoder(
    createRangeDecoder(coded),
    maxDecisions(coded.length),
    slotBitsFor(targetSizeBytes),
  );
  try {
    const old = yield* readHermes(base, layout);
    yield 0.1;
    return yield* codeHermes(coder, old, parseOpcodeTable(text), targetSizeBytes);
  } catch (error) {
    // A damaged patch may lead anywhere; what comes out is a typed error.
    if (error instanceof OtaError) throw error;
    throw deltaError('ERR_DELTA_CORRUPT', `The patch is damaged: ${String(error)}`);
  }
}
