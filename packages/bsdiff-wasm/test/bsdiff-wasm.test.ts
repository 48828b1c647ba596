import { bsdiffWasmBytes, fastestDiffer, loadBsdiff } from '@kivyx-ota/bsdiff-wasm';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch, suffixArrayDiffer } from '@kivyx-ota/delta/diff';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

const edits = fc.array(fc.record({ at: fc.nat(), drop: fc.nat(30), put: fc.uint8Array({ maxLength: 30 }) }), {
  maxLength: 8,
});
const alphabet = fc
  .oneof(fc.constant(3), fc.constant(256))
  .chain((size) => fc.array(fc.nat(size - 1), { maxLength: 700, size: 'max' }));

it('finds the same steps as the TypeScript build, number for number', async () => {
  const differ = await loadBsdiff();
  fc.assert(
    fc.property(alphabet, edits, (symbols, list) => {
      const base = Uint8Array.from(symbols);
      const target = Array.from(base);
      for (const { at, drop, put } of list) target.splice(at % (target.length + 1), drop, ...put);
      const next = Uint8Array.from(target);
      expect(differ(base, next)).toEqual(suffixArrayDiffer(base, next));
    }),
    { numRuns: 1500 },
  );
});

it('makes byte-equal patches of real JavaScript, larger than a page of memory', async () => {
  const require = createRequire(import.meta.url);
  const base = new Uint8Array(readFileSync(require.resolve('fast-check')));
  const text = new TextDecoder().decode(base);
  const target = new TextEncoder().encode(text.replaceAll('arbitrary', 'arbitrarily').replace(/\n\n/g, '\n'));
  const differ = await loadBsdiff();
  for (const [a, b] of [
    [base, target],
    [target, base],
  ] as const) {
    const wasm = await createPatch(a, b, { differ });
    expect(wasm.bytes).toEqual((await createPatch(a, b)).bytes);
    expect(await applyPatch(a, wasm.bytes)).toEqual(b);
  }
});

it('takes a module that was compiled elsewhere, as workerd wants it', async () => {
  const module = await WebAssembly.compile(bsdiffWasmBytes() as BufferSource);
  const differ = await loadBsdiff({ module });
  expect(differ(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3))).toEqual(
    suffixArrayDiffer(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 3)),
  );
});

it('the fastest differ is the module, and the TypeScript build where an engine has no WebAssembly or forbids to compile it', async () => {
  expect(await fastestDiffer()).not.toBe(suffixArrayDiffer);
  vi.stubGlobal('WebAssembly', undefined);
  expect(await fastestDiffer()).toBe(suffixArrayDiffer);
  vi.stubGlobal('WebAssembly', { compile: () => Promise.reject(new Error('disallowed by embedder')) });
  expect(await fastestDiffer()).toBe(suffixArrayDiffer);
});

it('the module in the repository is what the sources compile to', () => {
  const script = fileURLToPath(new URL('../scripts/build-wasm.mjs', import.meta.url));
  expect(() => execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' })).not.toThrow();
}, 60_000);
