import { hdiff } from '@hot-updater/bsdiff';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Pair } from './pair.ts';

const require = createRequire(import.meta.url);

/** What another tool took. */
export interface PeerFigures {
  readonly bytes: number;
  /** CPU. */
  readonly makeSeconds: number;
  readonly applySeconds?: number;
}

/** Another tool. */
export interface Peer {
  readonly name: string;
  /** With the version, for the cache. */
  readonly id: string;
  /** Undefined: it cannot take this pair. */
  measure(pair: Pair, folder: string): Promise<PeerFigures | undefined>;
}

/** A tool that is not here, and why. */
export interface MissingPeer {
  readonly name: string;
  readonly why: string;
}

/** Seconds of CPU of a command. */
function command(line: string, cwd: string): number {
  const { status, stderr } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S'; time ${line}`], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${line}: ${stderr}`);
  const [user = '0', system = '0'] = stderr.trim().split('\n').at(-1)?.split(' ') ?? [];
  return Number(user) + Number(system);
}

async function cpuSeconds<T>(task: () => Promise<T> | T): Promise<readonly [T, number]> {
  const before = process.cpuUsage();
  const result = await task();
  const { system, user } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

const isInstalled = (name: string): boolean => spawnSync('which', [name]).status === 0;
const sizeOf = (folder: string, name: string): number => statSync(join(folder, name)).size;

/** A tool on the command line. */
function commandPeer(
  name: string,
  program: string,
  lines: (pair: Pair) => { readonly make: string; readonly apply?: string },
): Peer | MissingPeer {
  if (!isInstalled(program)) return { name, why: `no ${program} on the path` };
  return {
    id: `${name} ${program}`,
    measure: async (pair, folder) => {
      const { apply, make } = lines(pair);
      const makeSeconds = command(make, folder);
      const bytes = sizeOf(folder, 'patch');
      return { bytes, makeSeconds, ...(apply === undefined ? {} : { applySeconds: command(apply, folder) }) };
    },
    name,
  };
}

const hotUpdater: Peer = {
  id: '@hot-updater/bsdiff 0.36.3',
  measure: async ({ base, target }) => {
    try {
      const [patch, makeSeconds] = await cpuSeconds(() => hdiff(base, target));
      return { bytes: patch.length, makeSeconds };
    } catch {
      // It takes Hermes bytecode only.
      return undefined;
    }
  },
  name: 'hot-updater',
};

interface BsdiffNode {
  diff(base: string, target: string, patch: string): Promise<void>;
  patch(base: string, made: string, patch: string): Promise<void>;
}

/** It compiles itself at install, which installs here do not allow: so it is compiled now, in the cache. */
function bsdiffNode(): Peer | MissingPeer {
  const name = 'bsdiff-node';
  const home = join(import.meta.dirname, '../.cache/bsdiff-node');
  const binary = join(home, 'build/Release/bsdiff.node');
  try {
    if (!existsSync(binary)) {
      const root = dirname(dirname(process.execPath));
      cpSync(dirname(require.resolve('bsdiff-node/package.json')), home, {
        dereference: true,
        recursive: true,
      });
      const nan = dirname(
        createRequire(require.resolve('bsdiff-node/package.json')).resolve('nan/package.json'),
      );
      cpSync(nan, join(home, 'node_modules/nan'), { dereference: true, recursive: true });
      const gyp = join(root, 'lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js');
      execFileSync(process.execPath, [gyp, 'rebuild', `--nodedir=${root}`], { cwd: home, stdio: 'pipe' });
    }
    const tool = require(home) as BsdiffNode;
    return {
      id: 'bsdiff-node 2.5.0',
      measure: async ({ basePath, targetPath }, folder) => {
        const patch = join(folder, 'patch');
        const [, makeSeconds] = await cpuSeconds(() => tool.diff(basePath, targetPath, patch));
        const [, applySeconds] = await cpuSeconds(() => tool.patch(basePath, join(folder, 'made'), patch));
        return { applySeconds, bytes: sizeOf(folder, 'patch'), makeSeconds };
      },
      name,
    };
  } catch (error) {
    rmSync(home, { force: true, recursive: true });
    return { name, why: `it does not compile here: ${String(error).split('\n')[0]}` };
  }
}

/** The other tools, in the order of the table. */
export function findPeers(): readonly (Peer | MissingPeer)[] {
  return [
    commandPeer('bsdiff 4.3', 'bsdiff', ({ basePath, targetPath }) => ({
      apply: `bspatch ${basePath} made patch`,
      make: `bsdiff ${basePath} ${targetPath} patch`,
    })),
    commandPeer('HDiffPatch', 'hdiffz', ({ basePath, targetPath }) => ({
      apply: `hpatchz -f ${basePath} patch made`,
      make: `hdiffz -f -m-1 -c-zlib-9 ${basePath} ${targetPath} patch`,
    })),
    commandPeer('zstd -19', 'zstd', ({ basePath, targetPath }) => ({
      apply: `zstd -d --long=27 -q -f --patch-from=${basePath} patch -o made`,
      make: `zstd -19 --ultra --long=27 -q -f --patch-from=${basePath} ${targetPath} -o patch`,
    })),
    hotUpdater,
    bsdiffNode(),
  ];
}

/** Measures one tool in a folder of its own. */
export async function measurePeer(peer: Peer, pair: Pair): Promise<PeerFigures | null> {
  const folder = mkdtempSync(join(tmpdir(), 'kivyx-peer-'));
  try {
    return (await peer.measure(pair, folder)) ?? null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
