import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const bundles = join(import.meta.dirname, '../.cache/bundles');
const compiled = join(import.meta.dirname, '../.cache/compiled');
const FOLDER: Partial<Record<NodeJS.Platform, string>> = {
  darwin: 'osx-bin',
  linux: 'linux64-bin',
  win32: 'win64-bin',
};
const COMPILERS: Readonly<Record<number, string>> = {
  96: 'hermes-compiler-96',
  98: 'hermes-compiler-98',
  99: 'hermes-compiler',
};

/** Bytecode versions that there is a compiler for. */
export const BYTECODE_VERSIONS: readonly number[] = Object.keys(COMPILERS).map(Number);

/** Builds the JavaScript of variants, where it is not cached. */
export function buildBundles(platform: string, variants: readonly string[]): void {
  const script = join(import.meta.dirname, '../scripts/build-bundles.mjs');
  const flags = ['--js-only', '--out', bundles, '--platform', platform, '--variants', variants.join()];
  execFileSync(process.execPath, [script, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The JavaScript that {@link buildBundles} made. */
export function scriptPath(platform: string, variant: string): string {
  return join(bundles, platform, variant, 'main.jsbundle');
}

/** Compiles with React Native's flags, against `basePath` if given; cached by the content of both. Gives the path. */
export function compile(version: number, jsPath: string, basePath?: string): string {
  const home = dirname(require.resolve(`${COMPILERS[version] as string}/package.json`));
  const hash = createHash('sha256').update(readFileSync(join(home, 'package.json')));
  for (const path of [jsPath, basePath]) if (path !== undefined) hash.update(readFileSync(path));
  const out = join(compiled, `${hash.digest('hex').slice(0, 24)}.hbc`);
  if (existsSync(out)) return out;
  mkdirSync(compiled, { recursive: true });
  const part = `${out}.part`;
  const hermesc = join(home, 'hermesc', FOLDER[process.platform] ?? '', 'hermesc');
  const against = basePath === undefined ? [] : ['-base-bytecode', basePath];
  const flags = ['-emit-binary', '-max-diagnostic-width=80', '-O', '-output-source-map', '-w'];
  execFileSync(hermesc, [...flags, ...against, '-out', part, jsPath], { stdio: 'ignore' });
  rmSync(`${part}.map`, { force: true });
  renameSync(part, out);
  return out;
}
