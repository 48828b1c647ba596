// Patches are made by build machines, Workers and dashboards: in each the encoder gives the same bytes. FIXTURES (base64, by name) is
// put in front by the test.
import { loadBsdiff } from '@kivyx-ota/bsdiff-wasm';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch, type PatchFormat } from '@kivyx-ota/delta/diff';
import { kvd1 } from '@kivyx-ota/delta/kvd1';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import vectors from '../../../../docs/spec/vectors/hermes-patches.json' with { type: 'json' };
import { type PlainCase, reportCases } from '../../src/report-cases.ts';

declare const FIXTURES: Readonly<Record<string, string>>;

const fromBase64 = (text: string): Uint8Array =>
  Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const toBase64 = (bytes: Uint8Array): string =>
  btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

function same(got: string, wanted: string): void {
  if (got !== wanted) throw new Error(`${got.slice(0, 200)}, expected ${wanted.slice(0, 200)}`);
}

const structural = vectors.vectors.map(
  ({ base, inlineOpcodeTable, patchBase64, target, targetSha256Hex }): PlainCase => ({
    run: async () => {
      const [from, to] = [base, target].map((name) => fromBase64(FIXTURES[name] as string)) as [
        Uint8Array,
        Uint8Array,
      ];
      const { bytes } = await createPatch(from, to, { formats: ['kvh1'], inlineOpcodeTable });
      same(toBase64(bytes), patchBase64);
      same(sha256Hex(await applyPatch(from, bytes)), targetSha256Hex);
    },
    title: `kvh1 ${base} to ${target}, opcode table inside: ${inlineOpcodeTable}`,
  }),
);

/** Twenty kilobytes of program, with moved addresses inside. */
function program(shift: number): Uint8Array {
  const bytes = new Uint8Array(20_000);
  for (let i = 0, address = 4096; i < bytes.length; i++) {
    if (i % 12 === 0) address += 20 + ((i * 7919) % 61);
    const word = address + shift;
    bytes[i] = i % 12 < 4 ? (word >>> (8 * (i % 12))) & 255 : (Math.imul(i, 0x9e3779b1) >>> 24) & 255;
  }
  return bytes;
}

const generic = (['kvm1', 'kvd1'] as const).map((format: PatchFormat): PlainCase => ({
  run: async () => {
    const [base, target] = [program(0), program(48)];
    const { bytes } = await createPatch(base, target, { formats: [format] });
    same(sha256Hex(await applyPatch(base, bytes, { moreFormats: [kvd1] })), sha256Hex(target));
    // The hash is what Node gives; every other engine has to give it, too.
    same(sha256Hex(bytes), FIXTURES[format] ?? sha256Hex(bytes));
  },
  title: `${format}, the same bytes as everywhere`,
}));

const inWebAssembly: PlainCase = {
  run: async () => {
    const [base, target] = [program(0), program(48)];
    let differ;
    try {
      differ = await loadBsdiff();
    } catch (error) {
      // workerd: a module is imported there, which a test of its own does.
      same(
        String(error).includes('Wasm code generation disallowed by embedder') ? 'refused' : String(error),
        'refused',
      );
      return;
    }
    const [wasm, plain] = [
      await createPatch(base, target, { differ, formats: ['kvm1'] }),
      await createPatch(base, target, { formats: ['kvm1'] }),
    ];
    same(toBase64(wasm.bytes), toBase64(plain.bytes));
  },
  title: 'bsdiff-wasm gives the steps of the TypeScript build',
};

void reportCases([...structural, ...generic, inWebAssembly]);
