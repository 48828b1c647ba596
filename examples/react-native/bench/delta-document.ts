import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type DeltaRow, GENERIC_HEAD, genericCells, HEADS, rowCells } from './delta-rows.ts';
import type { MissingPeer } from './peers.ts';

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line(head), line(head.map((_, i) => (i < 4 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Writes docs/benchmarks.md. */
export function writeDocument(rows: readonly DeltaRow[], missing: readonly MissingPeer[]): void {
  const of = (use: DeltaRow['use']): readonly DeltaRow[] => rows.filter((row) => row.use === use);
  const sizes = (use: DeltaRow['use']): string =>
    table(
      HEADS.sizes,
      of(use).map((row) => rowCells(row).sizes),
    );
  const structural = rows.filter(({ structural: figures }) => figures !== undefined);
  writeFileSync(
    join(import.meta.dirname, '../../../docs/benchmarks.md'),
    `# Patch sizes, times and memory

Written by \`pnpm bench delta --write\`; made on ${cpus()[0]?.model ?? 'an unknown processor'}, Node ${process.version}, by one program that runs all tools beside
each other on the same files and applies every patch of ours and compares. \`--platform=\`, \`--hbc=\` and \`--change=\` measure a part.

The app is [examples/react-native](../examples/react-native): React Native 0.88 with navigation, paper, axios, redux-toolkit, react-query, zod, date-fns, lodash, i18next
and react-hook-form; 3.1 MB of bytecode. *react-native-bump* is React Native 0.88.0-rc.3 → 0.88.1 under the same app. *plain*: compiled by itself; *base*: compiled against the
release before (\`hermesc -base-bytecode\`). *whole, br*: the new file compressed with Brotli 9. *kvh1* is our structural format, *kvm1* the generic one, which takes any bytes;
*hot-updater* is \`@hot-updater/bsdiff\` 0.36.3, *bsdiff-node* 2.5.0, *zstd* \`--patch-from -19\`. Sizes in bytes.
${missing.map(({ name, why }) => `\n${name} is left out: ${why}.`).join('\n')}

## Sizes: changes that were used to choose the formats' constants

${sizes('tuning')}

## Sizes: changes that were not looked at before

${sizes('reporting')}

## Times and memory

Seconds of CPU, each in a process of its own; *memory* is the peak of the resident memory above what it was with the input files in it, so the new file is part of it.
*slice*: the longest stretch in which the decoder does not let others run, in CPU time of Node. *in Hermes*: the decoder in the Hermes 0.12 VM of npm, an interpreter; on the clock.

${table(
  HEADS.costs,
  structural.map((row) => rowCells(row).costs),
)}

## The generic format beside bsdiff 4.3 and zstd

For what is no Hermes bytecode, or bytecode of a version that is not known: kvm1 against the better one of the two. *ratio*: of the worst pair; *all pairs*: of the sums.

${table(GENERIC_HEAD, genericCells(rows))}
`,
  );
  console.log('\nWritten: docs/benchmarks.md');
}
