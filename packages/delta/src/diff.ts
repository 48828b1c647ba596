import { sha256Hex } from '@kivyx-ota/core/sha256';
import { HASH_PREFIX_BYTES, writeContainer } from './container.ts';
import { type Differ, suffixArrayDiffer } from './generic/differ.ts';
import { diffBetweenEnds } from './generic/diff-between-ends.ts';
import { encodeGeneric } from './generic/encode.ts';
import { encodeHermes } from './hermes/encode-hermes.ts';
import { encodeModelled } from './modelled/encode.ts';

export { type Differ, type DiffStep, suffixArrayDiffer } from './generic/differ.ts';

/** Patch formats: `kvh1` understands Hermes bytecode; `kvm1` and `kvd1` take any bytes, modelled or deflated; devices need `kvd1` passed in. */
export type PatchFormat = 'kvh1' | 'kvm1' | 'kvd1';

/** A patch and its format id. */
export interface Patch {
  readonly format: PatchFormat;
  readonly bytes: Uint8Array;
  /** `kvh1`: what the bytes were spent on, by part of the file, largest first. */
  readonly sections?: readonly (readonly [name: string, bytes: number])[];
}

/** Options of {@link createPatch}. */
export interface DiffOptions {
  /** Of the generic format; `loadBsdiff` of `@kivyx-ota/bsdiff-wasm` gives the same in half the time and in less memory. */
  readonly differ?: Differ;
  /** What the clients can apply; default: what {@link applyPatch} can by itself, `kvh1` and `kvm1`. */
  readonly formats?: readonly PatchFormat[];
  /** Sends the opcode table along with a `kvh1` patch, for clients older than this bytecode version. About 0.5 KB. */
  readonly inlineOpcodeTable?: boolean;
}

const DEFAULT_FORMATS: readonly PatchFormat[] = ['kvh1', 'kvm1'];

/** A patch must be below this share of the full (compressed) size to be worth its own risk. */
export const PATCH_THRESHOLD = 0.6;
/** A structural patch below this share of the target is not beaten by a generic one; looking would only cost time. */
const CLEARLY_SMALL = 0.02;
/** Unless most of it is what the format does not predict, as in builds with debug information. */
const NOT_PREDICTED: readonly string[] = ['corrections', 'other sections'];

/**
 * The smallest patch from `base` to `target`; `kvd1` where `formats` has none for these files (`kvh1` alone, and no bytecode). Every
 * structural patch has been applied and compared before it is returned. One to three seconds of CPU for 4 MB of Hermes bytecode, several for other files of that
 * size. Memory: 20 to 28 times the base; a Worker of 128 MB does 4.5 MB with `differ` in WebAssembly (README).
 */
export async function createPatch(
  base: Uint8Array,
  target: Uint8Array,
  { differ = suffixArrayDiffer, formats = DEFAULT_FORMATS, inlineOpcodeTable = false }: DiffOptions = {},
): Promise<Patch> {
  const prefix = (bytes: Uint8Array): string => sha256Hex(bytes).slice(0, HASH_PREFIX_BYTES * 2);
  const header = {
    basePrefixHex: prefix(base),
    baseSizeBytes: base.length,
    targetPrefixHex: prefix(target),
    targetSizeBytes: target.length,
  };
  const encoded = formats.includes('kvh1') ? encodeHermes(base, target, { inlineOpcodeTable }) : undefined;
  const structural: Patch | undefined =
    encoded === undefined
      ? undefined
      : {
          bytes: writeContainer({ ...header, format: 'kvh1' }, encoded.body),
          format: 'kvh1',
          sections: encoded.sections,
        };
  if (
    structural !== undefined &&
    (formats.every((format) => format === 'kvh1') || isClearlySmall(structural, target.length))
  )
    return structural;
  const steps = diffBetweenEnds(differ, base, target);
  const candidates: Patch[] = structural === undefined ? [] : [structural];
  if (formats.includes('kvm1')) {
    const bytes = writeContainer({ ...header, format: 'kvm1' }, encodeModelled(base, target, steps));
    candidates.push({ bytes, format: 'kvm1' });
  }
  if (formats.includes('kvd1') || candidates.length === 0) {
    const bytes = writeContainer({ ...header, format: 'kvd1' }, encodeGeneric(base, target, steps));
    candidates.push({ bytes, format: 'kvd1' });
  }
  return candidates.reduce((best, one) => (one.bytes.length < best.bytes.length ? one : best));
}

function isClearlySmall({ bytes, sections = [] }: Patch, targetSizeBytes: number): boolean {
  let unpredicted = 0;
  for (const [name, size] of sections) if (NOT_PREDICTED.includes(name)) unpredicted += size;
  return bytes.length < CLEARLY_SMALL * targetSizeBytes && unpredicted < bytes.length / 2;
}

/**
 * {@link createPatch}, or `undefined` when it is not below 60 % of `fullSizeBytes` (what a device would download otherwise, compressed), or
 * in none of the formats.
 */
export async function choosePatch(
  base: Uint8Array,
  target: Uint8Array,
  { fullSizeBytes, ...options }: DiffOptions & { readonly fullSizeBytes: number },
): Promise<Patch | undefined> {
  const patch = await createPatch(base, target, options);
  const isApplicable = (options.formats ?? DEFAULT_FORMATS).includes(patch.format);
  return isApplicable && patch.bytes.length < PATCH_THRESHOLD * fullSizeBytes ? patch : undefined;
}
