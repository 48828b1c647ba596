// What WebAssembly saves when the generic format is made of bytecode that was compiled plainly, where matching is most of the work.
// Usage: pnpm bench bsdiff-wasm [--hbc=96,98,99] [--change=one-line,…] [--repeat=5]
// Each diff runs in a process of its own, several times in turn with the other; the least CPU counts, because other work only ever adds.
import { buildBundles, BYTECODE_VERSIONS, compile, scriptPath } from './app-bundles.ts';
import { chosenChanges, listOption } from './bench-options.ts';
import { readPair } from './pair.ts';
import { runJob } from './run-job.ts';

const PLATFORM = 'android';
const changes = chosenChanges(['component', 'two-screens']);
const versions = listOption('hbc', BYTECODE_VERSIONS.map(String), ['99']).map(Number);

const print = (cells: readonly string[]): void =>
  console.log(cells.map((cell, i) => (i < 2 ? cell.padEnd(18) : cell.padStart(11))).join(' '));

const repeat = Number(process.argv.find((word) => word.startsWith('--repeat='))?.slice(9) ?? 5);
if (!(repeat >= 1)) throw new Error('--repeat: a number from 1 on');

buildBundles(PLATFORM, Array.from(new Set(changes.flatMap(({ from, to }) => [from, to]))));
print(['bytecode', 'change', 'TypeScript', 'wasm', 'less CPU', 'wasm memory', 'per base B']);
for (const version of versions) {
  for (const { from, name, to } of changes) {
    const [basePath, targetPath] = [from, to].map((variant) =>
      compile(version, scriptPath(PLATFORM, variant)),
    ) as [string, string];
    const { base } = readPair(basePath, targetPath);
    const job = { action: 'diff', basePath, patchPath: '', targetPath } as const;
    const seconds = { plain: Number.POSITIVE_INFINITY, wasm: Number.POSITIVE_INFINITY };
    let wasmBytes = 0;
    for (let run = 0; run < repeat; run++) {
      seconds.plain = Math.min(seconds.plain, (await runJob(job)).seconds);
      const wasm = await runJob({ ...job, wasm: true });
      seconds.wasm = Math.min(seconds.wasm, wasm.seconds);
      wasmBytes = wasm.wasmBytes ?? 0;
    }
    print([
      String(version),
      name,
      `${seconds.plain.toFixed(2)} s`,
      `${seconds.wasm.toFixed(2)} s`,
      `${(100 * (1 - seconds.wasm / seconds.plain)).toFixed(0)} %`,
      `${(wasmBytes / 1e6).toFixed(1)} MB`,
      (wasmBytes / base.length).toFixed(1),
    ]);
  }
}
