// Patch sizes and times on a real React Native app, with other people's tools beside ours in the same run.
// Usage: pnpm bench delta [--quick] [--write]   --quick: HBC 99 and two variants; --write: also into docs/benchmarks.md
import { loadBsdiff } from '@kivyx-ota/bsdiff-wasm';
import { applyPatch } from '@kivyx-ota/delta/apply';
import { createPatch, type Differ, type Patch, type PatchFormat } from '@kivyx-ota/delta/diff';
import { kvd1 } from '@kivyx-ota/delta/kvd1';
import { bundleForEngines, findHermes, runInHermes } from '@kivyx-ota/runtime-tests';
import { hdiff } from '@hot-updater/bsdiff';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const require = createRequire(import.meta.url);
const here = import.meta.dirname;
const bundles = join(here, '../.cache/bundles');
const compiled = join(here, '../.cache/compiled');
const quick = process.argv.includes('--quick');
const work = mkdtempSync(join(tmpdir(), 'kivyx-bench-'));

// Only the first half was looked at while the format's constants were chosen.
const TUNING = ['one-line', 'component', 'axios-bump'];
const REPORTING = ['one-line-report', 'two-screens', 'paper-bump'];
const VARIANTS = quick ? ['one-line', 'two-screens'] : [...TUNING, ...REPORTING];
const COMPILERS: Readonly<Record<number, string>> = {
  96: 'hermes-compiler-96',
  98: 'hermes-compiler-98',
  99: 'hermes-compiler',
};
const VERSIONS = quick ? [99] : [96, 98, 99];

interface Row {
  readonly version: number;
  readonly platform: string;
  readonly variant: string;
  readonly compile: 'plain' | 'base' | 'source';
  readonly full: number;
  readonly fullBrotli: number;
  readonly ours: Measured & { readonly format: string };
  readonly generic: Measured;
  readonly bsdiff?: Measured;
  readonly zstd?: number;
  /** It takes Hermes bytecode only. */
  readonly hotUpdater?: Measured;
}

interface Measured {
  readonly bytes: number;
  readonly makeSeconds: number;
  readonly applySeconds?: number;
  /** In the Hermes VM. */
  readonly applyVmSeconds?: number;
}

function hermesc(version: number): string {
  const folder = { darwin: 'osx-bin', linux: 'linux64-bin', win32: 'win64-bin' }[process.platform as 'linux'];
  const name = COMPILERS[version] as string;
  return join(dirname(require.resolve(`${name}/package.json`)), 'hermesc', folder, 'hermesc');
}

function compile(version: number, platform: string, variant: string, base?: string): string {
  const js = join(bundles, platform, variant, 'main.jsbundle');
  const out = join(
    compiled,
    `${version}-${platform}-${variant}-${base === undefined ? 'plain' : 'base'}.hbc`,
  );
  if (existsSync(out) && statSync(out).mtimeMs > statSync(js).mtimeMs) return out;
  mkdirSync(compiled, { recursive: true });
  const flags = ['-emit-binary', '-max-diagnostic-width=80', '-O', '-output-source-map', '-w'];
  execFileSync(
    hermesc(version),
    [...flags, ...(base === undefined ? [] : ['-base-bytecode', base]), '-out', out, js],
    {
      stdio: 'ignore',
    },
  );
  rmSync(`${out}.map`, { force: true });
  return out;
}

/** Seconds of CPU of this process. */
async function timed<T>(task: () => T | Promise<T>): Promise<readonly [T, number]> {
  const before = process.cpuUsage();
  const result = await task();
  const { system, user } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

/** Seconds of CPU of a command; undefined where it is not installed. */
function command(line: string): number | undefined {
  const { status, stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${line}`], {
    cwd: work,
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  const [user = '0', system = '0'] = stderr.trim().split('\n').at(-1)?.split(' ') ?? [];
  return Number(user) + Number(system);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

async function measureOurs(
  base: Uint8Array,
  target: Uint8Array,
  formats: readonly PatchFormat[],
  differ: Differ | undefined,
  vm: { readonly hermes: string; readonly script: string } | undefined,
): Promise<Measured & { readonly format: string }> {
  const [patch, makeSeconds] = await timed((): Promise<Patch> =>
    createPatch(base, target, { formats, ...(differ === undefined ? {} : { differ }) }),
  );
  const [made, applySeconds] = await timed(() =>
    applyPatch(base, patch.bytes, { checkHashes: false, moreFormats: [kvd1] }),
  );
  if (Buffer.compare(made, target) !== 0) throw new Error('A patch made another file');
  const measured = { applySeconds, bytes: patch.bytes.length, format: patch.format, makeSeconds };
  if (vm === undefined) return measured;
  const { lines } = await runInHermes(
    vm.hermes,
    `var BASE='${base64(base)}',PATCH='${base64(patch.bytes)}';\n${vm.script}`,
  );
  const line = lines.find((one) => one.startsWith('seconds '));
  if (line === undefined) throw new Error(`The Hermes VM said: ${lines.join('\n').slice(0, 500)}`);
  return { ...measured, applyVmSeconds: Number(line.slice(8)) };
}

function measureBsdiff(): Measured | undefined {
  const makeSeconds = command('bsdiff base target patch.bsdiff');
  if (makeSeconds === undefined) return undefined;
  const applySeconds = command('bspatch base made patch.bsdiff');
  return {
    bytes: statSync(join(work, 'patch.bsdiff')).size,
    makeSeconds,
    ...(applySeconds === undefined ? {} : { applySeconds }),
  };
}

function measureZstd(): number | undefined {
  if (command('zstd -19 --ultra --long=27 -q -f --patch-from=base target -o patch.zst') === undefined)
    return undefined;
  return statSync(join(work, 'patch.zst')).size;
}

async function measurePair(
  row: Pick<Row, 'version' | 'platform' | 'variant' | 'compile'>,
  basePath: string,
  targetPath: string,
  vm: Parameters<typeof measureOurs>[4],
  wasm: Differ,
): Promise<Row> {
  const base = new Uint8Array(readFileSync(basePath));
  const target = new Uint8Array(readFileSync(targetPath));
  writeFileSync(join(work, 'base'), base);
  writeFileSync(join(work, 'target'), target);
  const ours = await measureOurs(base, target, row.version === 0 ? ['kvm1'] : ['kvh1'], undefined, vm);
  const generic = await measureOurs(base, target, ['kvm1', 'kvd1'], wasm, undefined);
  const bsdiff = measureBsdiff();
  const zstd = measureZstd();
  const [hot, hotSeconds] = row.version === 0 ? [undefined, 0] : await timed(() => hdiff(base, target));
  return {
    ...row,
    ...(bsdiff === undefined ? {} : { bsdiff }),
    full: target.length,
    fullBrotli: brotliCompressSync(target, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
    }).length,
    generic,
    ...(hot === undefined ? {} : { hotUpdater: { bytes: hot.length, makeSeconds: hotSeconds } }),
    ours,
    ...(zstd === undefined ? {} : { zstd }),
  };
}

const HEAD = [
  'HBC',
  'for',
  'change',
  'compile',
  'whole, br',
  'kvh1',
  'generic',
  'bsdiff 4.3',
  'zstd -19',
  'hot-updater',
  'make',
  'bsdiff',
  'apply',
  'in Hermes',
  'bspatch',
];
const number = (value: number | undefined): string =>
  value === undefined ? '–' : value.toLocaleString('en');
const seconds = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(2)} s`);

function cells(row: Row): string[] {
  return [
    row.version === 0 ? 'JS' : String(row.version),
    row.platform,
    row.variant,
    row.compile,
    number(row.fullBrotli),
    row.ours.format === 'kvh1' ? number(row.ours.bytes) : '–',
    number(row.generic.bytes),
    number(row.bsdiff?.bytes),
    number(row.zstd),
    number(row.hotUpdater?.bytes),
    seconds(row.ours.makeSeconds),
    seconds(row.bsdiff?.makeSeconds),
    seconds(row.ours.applySeconds),
    seconds(row.ours.applyVmSeconds),
    seconds(row.bsdiff?.applySeconds),
  ];
}

function print(line: readonly string[], widths: readonly number[]): void {
  console.log(
    line.map((cell, i) => (i < 4 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
  );
}

async function main(): Promise<void> {
  execFileSync(
    process.execPath,
    [
      join(here, '../scripts/build-bundles.mjs'),
      '--js-only',
      '--out',
      bundles,
      '--platform',
      quick ? 'android' : 'android,ios',
      '--variants',
      ['baseline', ...VARIANTS].join(),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const wasm = await loadBsdiff();
  const hermes = await findHermes();
  const vm =
    hermes === undefined
      ? undefined
      : { hermes, script: await bundleForEngines(join(here, 'apply-in-vm.ts')) };
  const widths = [4, 8, 16, 7, 9, 8, 9, 10, 9, 11, 7, 7, 7, 9, 7];
  console.log(
    `\n${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}. Bytes; seconds of CPU.\n`,
  );
  print(HEAD, widths);
  const rows: Row[] = [];
  for (const platform of quick ? ['android'] : ['android', 'ios']) {
    for (const version of VERSIONS) {
      // One platform shows the versions, the other that nothing hangs on the platform.
      if (platform === 'ios' && version !== 99) continue;
      const base = compile(version, platform, 'baseline');
      for (const variant of VARIANTS) {
        for (const kind of ['plain', 'base'] as const) {
          const target = compile(version, platform, variant, kind === 'base' ? base : undefined);
          const row = await measurePair(
            { compile: kind, platform, variant, version },
            base,
            target,
            vm,
            wasm,
          );
          rows.push(row);
          print(cells(row), widths);
        }
      }
    }
    // What is no bytecode: the JavaScript itself.
    const script = (variant: string): string => join(bundles, platform, variant, 'main.jsbundle');
    for (const variant of platform === 'android' ? VARIANTS : []) {
      const row = await measurePair(
        { compile: 'source', platform, variant, version: 0 },
        script('baseline'),
        script(variant),
        undefined,
        wasm,
      );
      rows.push(row);
      print(cells(row), widths);
    }
  }
  rmSync(work, { recursive: true });
  if (process.argv.includes('--write')) writeDocument(rows);
}

function writeDocument(rows: readonly Row[]): void {
  const line = (list: readonly string[]): string => `| ${list.join(' | ')} |`;
  const table = (variants: readonly string[]): string =>
    [
      line(HEAD),
      line(HEAD.map((_, i) => (i < 4 ? '---' : '---:'))),
      ...rows.filter(({ variant }) => variants.includes(variant)).map((row) => line(cells(row))),
    ].join('\n');
  writeFileSync(
    join(here, '../../../docs/benchmarks.md'),
    `# Patch sizes and times

Written by \`pnpm bench delta --write\`; made on ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.version}, with all tools beside each other
in one run. The app is [examples/react-native](../examples/react-native): React Native 0.88 with navigation, paper, axios, redux-toolkit,
react-query, zod, date-fns, lodash, i18next and react-hook-form. *plain*: compiled by itself; *base*: compiled against the release before
(\`hermesc -base-bytecode\`). *whole, br*: the new bundle compressed with Brotli 9. *kvh1* is our structural format, *generic* the better one of our formats for any bytes (kvm1, kvd1), *hot-updater* is
\`@hot-updater/bsdiff\` 0.36.3. Bytes; seconds of CPU (*make* and *apply*: kvh1; *in Hermes*: its decoder in the Hermes 0.12 VM of npm, an
interpreter). Every patch was applied and compared.

bsdiff-node is left out: it is bsdiff 4.3 again, and compiles itself at install.

## Changes that were used to choose the format's constants

${table(TUNING)}

## Changes that were not looked at before

${table(REPORTING)}
`,
  );
  console.log('\nWritten: docs/benchmarks.md');
}

await main();
