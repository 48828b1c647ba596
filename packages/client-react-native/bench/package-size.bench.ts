// What an app installs, beside its peers: tarball, everything unpacked, and the JavaScript in it; by itself, and with what it depends on.
// Usage: pnpm bench package-size [--json]   (asks the registry for the peers; builds nothing: `pnpm build` first)
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const packages = join(import.meta.dirname, '../..');
const PEERS = ['@hot-updater/react-native@0.36.3', 'expo-updates@57.0.24'];
const run = promisify(execFile);

interface Size {
  readonly name: string;
  readonly version: string;
  readonly tarballBytes: number;
  readonly unpackedBytes: number;
  readonly jsBytes: number;
  readonly dependencies: Readonly<Record<string, string>>;
}

const npm = async (...words: string[]): Promise<unknown> =>
  JSON.parse((await run('npm', words, { cwd: packages, maxBuffer: 1 << 26 })).stdout || 'null');

/** What `npm pack` would make of a folder, or made of a published version. */
async function sizeOf(name: string, range: string): Promise<Size> {
  const local = join(packages, name.replace('@kivyx-ota/', ''));
  const isOurs = name.startsWith('@kivyx-ota/');
  if (isOurs && !existsSync(join(local, 'dist'))) throw new Error(`${name} is not built: pnpm build`);
  const [pack] = (await npm(
    'pack',
    isOurs ? local : `${name}@${range}`,
    '--dry-run',
    '--json',
    '--ignore-scripts',
  )) as readonly [
    { version: string; size: number; unpackedSize: number; files: readonly { path: string; size: number }[] },
  ];
  const dependencies = isOurs
    ? (
        JSON.parse(readFileSync(join(local, 'package.json'), 'utf8')) as {
          dependencies?: Size['dependencies'];
        }
      ).dependencies
    : ((await npm('view', `${name}@${pack.version}`, 'dependencies', '--json')) as
        | Size['dependencies']
        | null);
  return {
    dependencies: dependencies ?? {},
    jsBytes: pack.files
      .filter(({ path }) => /\.[cm]?js$/.test(path))
      .reduce((sum, { size }) => sum + size, 0),
    name,
    tarballBytes: pack.size,
    unpackedBytes: pack.unpackedSize,
    version: pack.version,
  };
}

/** The package, and everything that is installed with it. */
async function closureOf(
  name: string,
  range: string,
  found = new Map<string, Size>(),
): Promise<Map<string, Size>> {
  if (found.has(name)) return found;
  const size = await sizeOf(name, range.startsWith('catalog:') ? '*' : range);
  found.set(name, size);
  for (const [dependency, wanted] of Object.entries(size.dependencies))
    await closureOf(dependency, wanted.startsWith('catalog:') ? catalog(dependency) : wanted, found);
  return found;
}

/** The version that this workspace pins. */
function catalog(name: string): string {
  const text = readFileSync(join(packages, '../pnpm-workspace.yaml'), 'utf8');
  const line = text.split('\n').find((one) => one.trim().replaceAll("'", '').startsWith(`${name}:`));
  return line?.split(':').at(-1)?.trim() ?? '*';
}

const rows: { readonly name: string; readonly own: Size; readonly all: readonly Size[] }[] = [];
for (const spec of ['@kivyx-ota/client-react-native@0.0.0', ...PEERS]) {
  const at = spec.lastIndexOf('@');
  const all = [...(await closureOf(spec.slice(0, at), spec.slice(at + 1))).values()];
  rows.push({ all, name: spec, own: all[0] as Size });
}
const sum = (sizes: readonly Size[], what: 'tarballBytes' | 'jsBytes'): number =>
  sizes.reduce((total, size) => total + size[what], 0);

if (process.argv.includes('--json')) console.log(JSON.stringify(rows, undefined, 2));
else {
  const text = (count: number): string => `${(count / 1000).toFixed(1)} kB`;
  const head = ['package', 'tarball', 'unpacked', 'its JS', 'installed', 'tarballs', 'all JS'];
  const table = rows.map(({ all, name, own }) => [
    name,
    text(own.tarballBytes),
    text(own.unpackedBytes),
    text(own.jsBytes),
    `${all.length} packages`,
    text(sum(all, 'tarballBytes')),
    text(sum(all, 'jsBytes')),
  ]);
  const lines = [head, ...table];
  const widths = head.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  for (const line of lines)
    console.log(
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    );
}
