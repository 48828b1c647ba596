// Writes docs/spec/vectors/hermes-patches.json and modelled-patches.json: patches between the fixtures, for second implementations and to notice changes of
// the format. Usage: node --conditions=@kivyx-ota/source --import tsx scripts/make-vectors.ts
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { createPatch, type PatchFormat } from '@kivyx-ota/delta/diff';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fixtures = join(import.meta.dirname, '../test/fixtures/hermes');
const vectorsFolder = join(import.meta.dirname, '../../../docs/spec/vectors');
const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(fixtures, name)));

async function vector(from: string, to: string, format: PatchFormat, more: object = {}): Promise<object> {
  const base = read(from);
  const target = read(to);
  const patch = await createPatch(base, target, { formats: [format], ...more });
  return {
    base: from,
    baseSha256Hex: sha256Hex(base),
    format: patch.format,
    ...more,
    patchBase64: Buffer.from(patch.bytes).toString('base64'),
    target: to,
    targetSha256Hex: sha256Hex(target),
  };
}

function write(name: string, vectors: readonly object[]): void {
  const text = JSON.stringify({ files: 'packages/delta/test/fixtures/hermes', vectors }, undefined, 1);
  writeFileSync(join(vectorsFolder, name), `${text}\n`);
}

const structural: object[] = [];
for (const version of [89, 96, 98, 99]) {
  for (const [from, to, inlineOpcodeTable] of [
    ['base', 'target', false],
    ['base', 'target-on-base', false],
    ['base-debug', 'target-debug', false],
    ['base', 'target', true],
  ] as const)
    structural.push(
      await vector(`${from}-${version}.hbc`, `${to}-${version}.hbc`, 'kvh1', { inlineOpcodeTable }),
    );
}
write('hermes-patches.json', structural);
// By copies, and by steps.
write('modelled-patches.json', [
  await vector('base.js', 'target.js', 'kvm1'),
  await vector('base-99.hbc', 'target-99.hbc', 'kvm1'),
  await vector('base-96.hbc', 'target-on-base-96.hbc', 'kvm1'),
]);
