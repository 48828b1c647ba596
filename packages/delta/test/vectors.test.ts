import { sha256Hex } from '@kivyx-ota/core/sha256';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch } from '@kivyx-ota/delta/diff';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Vector {
  readonly base: string;
  readonly baseSha256Hex: string;
  readonly format: string;
  readonly inlineOpcodeTable: boolean;
  readonly patchBase64: string;
  readonly target: string;
  readonly targetSha256Hex: string;
}

const root = join(import.meta.dirname, '../../..');
const { files, vectors } = JSON.parse(
  readFileSync(join(root, 'docs/spec/vectors/hermes-patches.json'), 'utf8'),
) as { readonly files: string; readonly vectors: readonly Vector[] };
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(root, files, name)));

describe('vectors of structural patches', () => {
  it('are sixteen', () => expect(vectors).toHaveLength(16));

  it.each(vectors)('$base to $target, opcode table inside: $inlineOpcodeTable', async (vector) => {
    const base = read(vector.base);
    expect(sha256Hex(base)).toBe(vector.baseSha256Hex);
    const patch = new Uint8Array(Buffer.from(vector.patchBase64, 'base64'));
    expect(sha256Hex(await applyPatch(base, patch))).toBe(vector.targetSha256Hex);
    // The format is frozen once it is released: an encoder may get better, but not by accident.
    const again = await createPatch(base, read(vector.target), {
      formats: ['kvh1'],
      inlineOpcodeTable: vector.inlineOpcodeTable,
    });
    expect(Buffer.from(again.bytes).toString('base64')).toBe(vector.patchBase64);
  });
});
