import type { Differ, DiffStep } from '@kivyx-ota/delta/diff';
import { decodeBase64 } from './decode-base64.ts';
import { WASM_BASE64 } from './wasm-module.ts';

/** Options of {@link loadBsdiff}. */
export interface LoadOptions {
  /**
   * The compiled module, where making one from bytes is not allowed at run time (workerd): import the file that
   * {@link bsdiffWasmBytes} gives as a module there.
   */
  readonly module?: WebAssembly.Module;
}

const PAGE_BYTES = 65_536;
/** Suffix array, types and counters of bytecode; other files may need up to two more. */
const USUAL_BYTES_PER_BASE_BYTE = 6.1;

interface Exports {
  readonly memory: WebAssembly.Memory;
  reset(): void;
  allocBase(length: number): number;
  allocTarget(length: number): number;
  diff(): number;
  stepsPointer(): number;
}

/**
 * The differ of `@kivyx-ota/delta` as WebAssembly: the same steps, number for number. Build side only; a phone never diffs. The
 * memory of an instance grows to what its largest pair needs (about 6 bytes per byte of base and 1 per byte of target) and is kept, so
 * one instance per worker is right.
 *
 * @example
 * ```ts
 * import { loadBsdiff } from '@kivyx-ota/bsdiff-wasm';
 * import { createPatch } from '@kivyx-ota/delta/diff';
 *
 * const differ = await loadBsdiff();
 * const patch = await createPatch(new Uint8Array(1000), new Uint8Array(1001), { differ });
 * ```
 */
export async function loadBsdiff({ module }: LoadOptions = {}): Promise<Differ> {
  const compiled = module ?? (await WebAssembly.compile(bsdiffWasmBytes() as BufferSource));
  const instance = await WebAssembly.instantiate(compiled, {});
  const wasm = instance.exports as unknown as Exports;
  return (base, target) => {
    wasm.reset();
    // At once: where memory cannot be reserved (workerd), each growth moves it and leaves the old one for the garbage collector.
    const missing = USUAL_BYTES_PER_BASE_BYTE * base.length + target.length - wasm.memory.buffer.byteLength;
    if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE_BYTES));
    // Filled after both are allocated: growing detaches earlier views.
    const basePointer = wasm.allocBase(base.length);
    const targetPointer = wasm.allocTarget(target.length);
    const bytes = new Uint8Array(wasm.memory.buffer);
    bytes.set(base, basePointer);
    bytes.set(target, targetPointer);
    const count = wasm.diff();
    const numbers = new Int32Array(wasm.memory.buffer, wasm.stepsPointer(), count * 3);
    const steps: DiffStep[] = [];
    for (let i = 0; i < numbers.length; i += 3) {
      steps.push({
        addLength: numbers[i] as number,
        extraLength: numbers[i + 1] as number,
        seek: numbers[i + 2] as number,
      });
    }
    return steps;
  };
}

/** The bytes of the module, to be stored as a `.wasm` file. */
export function bsdiffWasmBytes(): Uint8Array {
  return decodeBase64(WASM_BASE64);
}
