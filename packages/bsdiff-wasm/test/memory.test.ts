import { loadBsdiff, bsdiffWasmBytes } from '@kivyx-ota/bsdiff-wasm';
import { expect, it, vi } from 'vitest';

/** Bytes with long and short repetitions, as bytecode has them. */
function program(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const size = 1 + (state >>> 27);
    const from = state % (at + 1);
    if (state % 3 > 0 && at > 64) bytes.copyWithin(at, from, Math.min(from + size, at));
    else bytes.fill(state >>> 16, at, at + Math.min(size, 3));
    at += state % 3 > 0 ? size : Math.min(size, 3);
  }
  return bytes;
}

it.each([
  ['like bytecode', program(600_000, 1), program(600_000, 2)],
  // As many left-most S-types as there can be: every other byte.
  [
    'of two symbols in turn',
    Uint8Array.from({ length: 600_000 }, (_, i) => (i % 2 === 0 ? 2 : i >> 12)),
    program(600_000, 3),
  ],
  ['of one symbol', new Uint8Array(600_000), new Uint8Array(600_000).fill(1)],
])('needs at most ten bytes per byte of base: %s', async (_, base, target) => {
  const module = await WebAssembly.compile(bsdiffWasmBytes() as BufferSource);
  const instantiate = vi.spyOn(WebAssembly, 'instantiate');
  const differ = await loadBsdiff({ module });
  const made = (await instantiate.mock.results[0]?.value) as unknown as WebAssembly.Instance;
  instantiate.mockRestore();
  differ(base, target);
  const { buffer } = made.exports['memory'] as WebAssembly.Memory;
  expect(buffer.byteLength).toBeLessThanOrEqual(10 * base.length);
});
