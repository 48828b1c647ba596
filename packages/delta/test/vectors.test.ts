import { sha256Hex } from '@kivyx-ota/core/sha256';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch, type PatchFormat } from '@kivyx-ota/delta/diff';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

interface Vector {
  readonly base: string;
  readonly baseSha256Hex: string;
  readonly format: PatchFormat;
  readonly inlineOpcodeTable?: boolean;
  readonly patchBase64: string;
  readonly target: string;
  readonly targetSha256Hex: string;
}

const root = join(import.meta.dirname, '../../..');
const readVectors = (name: string): { readonly files: string; readonly vectors: readonly Vector[] } =>
  JSON.parse(readFileSync(join(root, 'docs/spec/vectors', name), 'utf8'));
const { files, vectors: structural } = readVectors('hermes-patches.json');
const { vectors: modelled } = readVectors('modelled-patches.json');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(root, files, name)));

describe('vectors of patches', () => {
  it('are sixteen structural and three modelled ones', () =>
    expect([structural.length, modelled.length]).toEqual([16, 3]));

  it.each([...structural, ...modelled])(
    '$format, $base to $target, opcode table inside: $inlineOpcodeTable',
    async (vector) => {
      const base = read(vector.base);
      expect(sha256Hex(base)).toBe(vector.baseSha256Hex);
      const patch = new Uint8Array(Buffer.from(vector.patchBase64, 'base64'));
      expect(sha256Hex(await applyPatch(base, patch))).toBe(vector.targetSha256Hex);
      // The format is frozen once it is released: an encoder may get better, but not by accident.
      const again = await createPatch(base, read(vector.target), {
        formats: [vector.format],
        inlineOpcodeTable: vector.inlineOpcodeTable === true,
      });
      expect(Buffer.from(again.bytes).toString('base64')).toBe(vector.patchBase64);
    },
  );
});
