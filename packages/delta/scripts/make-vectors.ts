// Writes docs/spec/vectors/hermes-patches.json: patches between the fixtures, for second implementations and to notice changes of
// the format. Usage: node --conditions=@kivyx-ota/source --import tsx scripts/make-vectors.ts
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { createPatch } from '@kivyx-ota/delta/diff';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '../test/fixtures/hermes');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, `${name}.hbc`)));
const vectors: Record<string, unknown>[] = [];
for (const version of [89, 96, 98, 99]) {
  for (const [from, to, inlineOpcodeTable] of [
    ['base', 'target', false],
    ['base', 'target-on-base', false],
    ['base-debug', 'target-debug', false],
    ['base', 'target', true],
  ] as const) {
    const base = read(`${from}-${version}`);
    const target = read(`${to}-${version}`);
    const patch = await createPatch(base, target, { formats: ['kvh1'], inlineOpcodeTable });
    vectors.push({
      base: `${from}-${version}.hbc`,
      baseSha256Hex: sha256Hex(base),
      format: patch.format,
      inlineOpcodeTable,
      patchBase64: Buffer.from(patch.bytes).toString('base64'),
      target: `${to}-${version}.hbc`,
      targetSha256Hex: sha256Hex(target),
    });
  }
}
writeFileSync(
  join(import.meta.dirname, '../../../docs/spec/vectors/hermes-patches.json'),
  `${JSON.stringify({ files: 'packages/delta/test/fixtures/hermes', vectors }, undefined, 1)}\n`,
);
