// Patch sizes, times and memory on a real React Native app, with other people's tools beside ours.
// Usage: pnpm bench delta [--platform=android,ios] [--hbc=96,98,99] [--change=one-line,…] [--quick] [--write]
//   --quick: HBC 99 on Android, two changes; --write: also into docs/benchmarks.md
// What was measured before with the same files and the same code is not measured again, so a full run may be made in parts.
import type { PatchFormat } from '@kivyx-ota/delta/diff';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { buildBundles, BYTECODE_VERSIONS, compile, scriptPath } from './app-bundles.ts';
import { createHermesRunner } from './apply-in-hermes.ts';
import { chosenChanges, listOption } from './bench-options.ts';
import { writeDocument } from './delta-document.ts';
import {
  type DeltaRow,
  GENERIC_HEAD,
  genericCells,
  HEADS,
  type OurFigures,
  type Peers,
  rowCells,
} from './delta-rows.ts';
import { hashSources, measuredOnce } from './figures-cache.ts';
import { type Pair, readPair } from './pair.ts';
import { findPeers, measurePeer, type MissingPeer, type Peer } from './peers.ts';
import { runJob } from './run-job.ts';

const require = createRequire(import.meta.url);
const packages = join(import.meta.dirname, '../../../packages');
const platforms = listOption('platform', ['android', 'ios'], ['android']);
const changes = chosenChanges(['one-line', 'two-screens']);
const versions = listOption('hbc', BYTECODE_VERSIONS.map(String), ['99']).map(Number);

const work = mkdtempSync(join(tmpdir(), 'kivyx-bench-'));
const code = hashSources(
  join(packages, 'delta/src'),
  join(packages, 'bsdiff-wasm/src'),
  ...['patch-job.ts', 'apply-in-vm.ts', 'apply-in-hermes.ts'].map((name) => join(import.meta.dirname, name)),
);
const peers = findPeers();
const isPeer = (peer: Peer | MissingPeer): peer is Peer => 'measure' in peer;
const inHermes = await createHermesRunner();

async function measureOurs(pair: Pair, format: PatchFormat, inVm: boolean): Promise<OurFigures> {
  return measuredOnce(pair.hashHex, `${format} ${inVm ? 'vm ' : ''}${code}`, async () => {
    const patchPath = join(work, 'patch');
    const files = { basePath: pair.basePath, patchPath, targetPath: pair.targetPath };
    const make = await runJob({ ...files, action: 'make', format, wasm: true });
    const apply = await runJob({ ...files, action: 'apply' });
    const vm = inVm ? await inHermes?.(pair.base, new Uint8Array(readFileSync(patchPath))) : undefined;
    return {
      apply,
      bytes: statSync(patchPath).size,
      format: make.format ?? format,
      make,
      ...(vm === undefined ? {} : { vm }),
    };
  });
}

async function measurePeers(pair: Pair): Promise<Peers> {
  const figures: Peers = {};
  for (const peer of peers.filter(isPeer))
    figures[peer.name] = await measuredOnce(pair.hashHex, peer.id, () => measurePeer(peer, pair));
  return figures;
}

async function measurePair(
  what: Pick<DeltaRow, 'kind' | 'platform' | 'change' | 'use' | 'compile'>,
  basePath: string,
  targetPath: string,
): Promise<DeltaRow> {
  const pair = readPair(basePath, targetPath);
  const isBytecode = typeof what.kind === 'number';
  const whole = await measuredOnce(pair.hashHex, 'brotli 9', async () => ({
    bytes: brotliCompressSync(pair.target, {
      params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 9 },
    }).length,
  }));
  return {
    ...what,
    generic: await measureOurs(pair, 'kvm1', !isBytecode),
    peers: await measurePeers(pair),
    targetBytes: pair.target.length,
    wholeBytes: whole.bytes,
    ...(isBytecode ? { structural: await measureOurs(pair, 'kvh1', true) } : {}),
  };
}

function print(cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i < 4 ? cell.padEnd(i === 2 ? 17 : 8) : cell.padStart(11))).join(' '));
}

async function measureApp(platform: string): Promise<DeltaRow[]> {
  buildBundles(platform, Array.from(new Set(changes.flatMap(({ from, to }) => [from, to]))));
  const rows: DeltaRow[] = [];
  const show = (row: DeltaRow): void => {
    rows.push(row);
    print(rowCells(row).sizes);
  };
  const script = (variant: string): string => scriptPath(platform, variant);
  for (const version of versions) {
    for (const { from, name, to, use } of changes) {
      const base = compile(version, script(from));
      for (const how of ['plain', 'base'] as const) {
        const target = compile(version, script(to), how === 'base' ? base : undefined);
        show(await measurePair({ change: name, compile: how, kind: version, platform, use }, base, target));
      }
    }
  }
  // What is no bytecode: the JavaScript itself. It hangs on the platform even less.
  if (platform === 'android')
    for (const { from, name, to, use } of changes)
      show(
        await measurePair(
          { change: name, compile: 'source', kind: 'JS', platform, use },
          script(from),
          script(to),
        ),
      );
  return rows;
}

/** A font of 7,400 icons before and after an update, and a picture that was given a comment. */
async function measureAssets(): Promise<DeltaRow[]> {
  const font = (name: string, type: string): string =>
    join(dirname(require.resolve(`${name}/package.json`)), `fonts/materialdesignicons-webfont.${type}`);
  const picture = join(import.meta.dirname, '../assets/cup.png');
  const commented = join(work, 'cup.png');
  writeFileSync(commented, withComment(new Uint8Array(readFileSync(picture))));
  const pairs = [
    ['font', 'ttf', font('font-before', 'ttf'), font('font-next', 'ttf')],
    ['packed font', 'woff2', font('font-before', 'woff2'), font('font-next', 'woff2')],
    ['picture', 'png', picture, commented],
  ] as const;
  const rows: DeltaRow[] = [];
  for (const [change, kind, base, target] of pairs) {
    const what: Pick<DeltaRow, 'use' | 'compile'> = { compile: 'source', use: 'reporting' };
    const row = await measurePair({ ...what, change, kind, platform: '–' }, base, target);
    rows.push(row);
    print(rowCells(row).sizes);
  }
  return rows;
}

/** A tEXt chunk after the header (PNG, 11.3.4.3); checksums do not matter here. */
function withComment(png: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode('Comment\0made smaller');
  const chunk = new Uint8Array(12 + text.length);
  new DataView(chunk.buffer).setUint32(0, text.length);
  chunk.set(new TextEncoder().encode('tEXt'), 4);
  chunk.set(text, 8);
  return new Uint8Array(Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]));
}

for (const peer of peers) if (!isPeer(peer)) console.log(`${peer.name} is left out: ${peer.why}`);
if (inHermes === undefined) console.log('No Hermes VM for this machine: times in it are left out');
console.log('');
print(HEADS.sizes);
const rows: DeltaRow[] = [];
for (const platform of platforms) rows.push(...(await measureApp(platform)));
rows.push(...(await measureAssets()));
console.log('\nCPU and memory of kvh1\n');
print(HEADS.costs);
for (const row of rows) if (row.structural !== undefined) print(rowCells(row).costs);
console.log('\nkvm1 beside the best of bsdiff 4.3 and zstd -19\n');
print(GENERIC_HEAD);
genericCells(rows).forEach(print);
rmSync(work, { recursive: true });
if (process.argv.includes('--write'))
  writeDocument(
    rows,
    peers.flatMap((peer) => (isPeer(peer) ? [] : [peer])),
  );
