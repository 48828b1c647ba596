import type { VmFigures } from './apply-in-hermes.ts';
import type { Change } from './changes.ts';
import type { Outcome } from './patch-job.ts';
import type { PeerFigures } from './peers.ts';

/** What a patch of ours took. */
export interface OurFigures {
  readonly format: string;
  readonly bytes: number;
  readonly make: Outcome;
  readonly apply: Outcome;
  readonly vm?: VmFigures;
}

/** By tool; null where one cannot take the pair. */
export type Peers = Record<string, PeerFigures | null>;

/** A pair and what it took. */
export interface DeltaRow {
  /** Bytecode version, or the type of a file. */
  readonly kind: number | string;
  readonly platform: string;
  readonly change: string;
  readonly use: Change['use'];
  readonly compile: 'plain' | 'base' | 'source';
  readonly targetBytes: number;
  /** The target, compressed with Brotli 9. */
  readonly wholeBytes: number;
  readonly structural?: OurFigures;
  readonly generic: OurFigures;
  readonly peers: Peers;
}

const PEERS = ['bsdiff 4.3', 'HDiffPatch', 'zstd -19', 'hot-updater', 'bsdiff-node'] as const;
const WHAT = ['kind', 'for', 'change', 'compile'] as const;

/** Column names of {@link rowCells}. */
export const HEADS = {
  costs: [
    ...WHAT,
    'make',
    'memory',
    'apply',
    'memory',
    'slice',
    'in Hermes',
    'memory',
    'kvm1 make',
    'memory',
    'kvm1 apply',
    'bsdiff make',
    'bspatch',
  ],
  sizes: [...WHAT, 'whole, br', 'kvh1', 'kvm1', ...PEERS],
} as const;

const bytes = (value: number | undefined): string => (value === undefined ? '–' : value.toLocaleString('en'));
const seconds = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(2)} s`);
const megabytes = (value: number | undefined): string =>
  value === undefined ? '–' : `${(value / 1e6).toFixed(1)} MB`;

/** A row of the table of sizes, and of that of costs. */
export function rowCells(row: DeltaRow): {
  readonly sizes: readonly string[];
  readonly costs: readonly string[];
} {
  const { generic, structural } = row;
  const what = [
    typeof row.kind === 'number' ? String(row.kind) : row.kind,
    row.platform,
    row.change,
    row.compile,
  ];
  return {
    costs: [
      ...what,
      seconds(structural?.make.seconds),
      megabytes(structural?.make.memoryBytes),
      seconds(structural?.apply.seconds),
      megabytes(structural?.apply.memoryBytes),
      structural?.apply.sliceMs === undefined ? '–' : `${structural.apply.sliceMs.toFixed(0)} ms`,
      seconds(structural?.vm?.seconds),
      megabytes(structural?.vm?.memoryBytes),
      seconds(generic.make.seconds),
      megabytes(generic.make.memoryBytes),
      seconds(generic.apply.seconds),
      seconds(row.peers['bsdiff 4.3']?.makeSeconds),
      seconds(row.peers['bsdiff 4.3']?.applySeconds),
    ],
    sizes: [
      ...what,
      bytes(row.wholeBytes),
      structural?.format === 'kvh1' ? bytes(structural.bytes) : '–',
      bytes(generic.bytes),
      ...PEERS.map((name) => bytes(row.peers[name]?.bytes)),
    ],
  };
}

/** Column names of {@link genericCells}. */
export const GENERIC_HEAD = [
  'files',
  'pairs',
  'worst',
  '',
  'kvm1',
  'best other',
  'ratio',
  'all pairs',
] as const;

/** By kind of file, how kvm1 compares with the best of bsdiff 4.3 and zstd -19: the worst pair, and all together. */
export function genericCells(rows: readonly DeltaRow[]): readonly (readonly string[])[] {
  const kinds: readonly (readonly [string, (row: DeltaRow) => boolean])[] = [
    ['JS', ({ kind }) => kind === 'JS'],
    ['assets', ({ kind }) => typeof kind === 'string' && kind !== 'JS'],
    ['bytecode', ({ kind }) => typeof kind === 'number'],
  ];
  return kinds.flatMap(([name, isKind]) => {
    const compared = rows.filter(isKind).flatMap((row) => {
      const others = [row.peers['bsdiff 4.3']?.bytes, row.peers['zstd -19']?.bytes].filter(
        (one) => one !== undefined,
      );
      if (others.length === 0) return [];
      const best = Math.min(...others);
      return [{ best, ours: row.generic.bytes, ratio: row.generic.bytes / best, row }];
    });
    const worst = compared.toSorted((a, b) => b.ratio - a.ratio)[0];
    if (worst === undefined) return [];
    const sum = (pick: (one: (typeof compared)[number]) => number): number =>
      compared.reduce((total, one) => total + pick(one), 0);
    const { change, kind, platform } = worst.row;
    return [
      [
        name,
        String(compared.length),
        change,
        `${kind} ${platform}`,
        bytes(worst.ours),
        bytes(worst.best),
        worst.ratio.toFixed(3),
        (sum(({ ours }) => ours) / sum(({ best }) => best)).toFixed(3),
      ],
    ];
  });
}
