// What a Worker needs to make patches: most resident memory above what workerd has before its first request, files and code included. A Worker may have 128 MB.
// Usage: pnpm bench patch-in-workerd [--hbc=96,98,99] [--change=one-line,…]
import { startPatchWorker } from '@kivyx-ota/runtime-tests/patch-worker';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildBundles, BYTECODE_VERSIONS, compile, scriptPath } from './app-bundles.ts';
import { chosenChanges, listOption } from './bench-options.ts';
import { readPair } from './pair.ts';

const PLATFORM = 'android';
const changes = chosenChanges(['component', 'axios-bump']);
const versions = listOption('hbc', BYTECODE_VERSIONS.map(String), ['98']).map(Number);

const print = (cells: readonly string[]): void =>
  console.log(cells.map((cell, i) => (i < 2 ? cell.padEnd(18) : cell.padStart(13))).join(' '));

/** The same app with a third of its modules twice: 4.5 MB of HBC 98. */
function enlarged(path: string): string {
  const modules = readFileSync(path, 'utf8').split(/^(?=__d\()/m);
  let left = 0.36 * modules.join('').length;
  const twice = modules.slice(1, -1).filter((one) => (left -= one.length) > 0);
  const folder = join(import.meta.dirname, '../.cache/enlarged');
  mkdirSync(folder, { recursive: true });
  const out = join(folder, path.replaceAll(/[/\\]/g, '_').slice(-60));
  writeFileSync(out, [...modules.slice(0, -1), ...twice, ...modules.slice(-1)].join(''));
  return out;
}

async function peak(
  base: Uint8Array,
  target: Uint8Array,
  format: 'kvh1' | 'kvm1',
): Promise<[number, number]> {
  const worker = await startPatchWorker();
  try {
    const { length } = await worker.make(base, target, [format]);
    return [length, worker.peakBytes() ?? Number.NaN];
  } finally {
    await worker.stop();
  }
}

buildBundles(PLATFORM, Array.from(new Set(changes.flatMap(({ from, to }) => [from, to]))));
print(['files', 'change', 'base', 'kvh1', 'memory', 'kvm1', 'memory']);
for (const version of versions) {
  for (const { from, name, to } of changes) {
    const scripts = [from, to].map((variant) => scriptPath(PLATFORM, variant)) as [string, string];
    for (const [kind, ...paths] of [
      [`HBC ${version}`, ...scripts],
      [`HBC ${version}, larger`, ...scripts.map((path) => enlarged(path))],
    ]) {
      const [basePath, targetPath] = paths.map((path) => compile(version, path)) as [string, string];
      const { base, target } = readPair(basePath, targetPath);
      const figures = await Promise.all(
        (['kvh1', 'kvm1'] as const).map((format) => peak(base, target, format)),
      );
      print([
        kind as string,
        name,
        base.length.toLocaleString('en'),
        ...figures.flatMap(([bytes, memory]) => [
          bytes.toLocaleString('en'),
          `${(memory / 1e6).toFixed(0)} MB`,
        ]),
      ]);
    }
  }
}
