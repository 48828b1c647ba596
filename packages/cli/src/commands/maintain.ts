import { type AuditEntry, type GarbageReport, type IndexChangeEntry, retirable } from '@kivyx-ota/publisher';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { bytes, percent } from '../output.ts';
import { readTrust } from '../read-trust.ts';
import { type CommonFlags, openSession, readIndex } from '../session.ts';
import { parseCount } from './publish.ts';

const DAY = 86_400;
const SHOWN = 20;

/** `gc`, `retire`, `log`: keeping a channel small, and looking back. */
export function addMaintainCommands(program: Command, scoped: (command: Command) => Command): void {
  scoped(program.command('gc'))
    .description(
      'Delete what no index names any more, of all channels in the bucket. Says what it would do; --yes does it. Two runs are needed, a day apart: the first marks, the second deletes.',
    )
    .option('--yes', 'really mark and delete')
    .option('--keep-indexes <count>', 'newest indexes of each channel whose releases stay', '20')
    .option('--keep-days <days>', 'indexes of the last days whose releases stay', '30')
    .option('--grace-hours <hours>', 'time between marking and deleting', '24')
    .action(
      async (
        flags: CommonFlags & { yes?: boolean; keepIndexes: string; keepDays: string; graceHours: string },
      ) => {
        const { output, publisher } = await openSession(flags);
        const report = await (
          await publisher()
        ).collectGarbage({
          dryRun: flags.yes !== true,
          graceSeconds: parseCount('--grace-hours', flags.graceHours) * 3600,
          retention: {
            indexes: parseCount('--keep-indexes', flags.keepIndexes),
            seconds: parseCount('--keep-days', flags.keepDays) * DAY,
          },
        });
        output.result(report, garbageLines(report));
      },
    );

  scoped(program.command('retire'))
    .description(
      'Take releases out of the index that a newer one has replaced for everybody: an index has room for 256 KiB. Revoked ones stay.',
    )
    .requiredOption('--keep <count>', 'how many of the newest stay in any case')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(async (flags: CommonFlags & { keep: string; dryRun?: boolean }) => {
      const { config, output, publisher } = await openSession(flags);
      const one = await publisher();
      const keep = parseCount('--keep', flags.keep);
      const gone = retirable(await readIndex(one, config), keep);
      const names = gone.map(({ releaseId, version }) => `  ${version} (${releaseId})`);
      if (flags.dryRun === true) {
        output.result({ retired: gone }, [`Nothing was changed. These would go: ${names.length}`, ...names]);
        return;
      }
      const { releases, sequence } = await one.retire({ keep });
      output.result({ retired: gone, sequence }, [
        `${gone.length} releases are out of the index, ${releases.length} are in it`,
        ...names,
        ...(gone.length > 0 ? ['Next: kivyx gc'] : []),
      ]);
    });

  scoped(program.command('log'))
    .description(
      'Show every index ever published: when, by which key, what it changed; checks signatures, gaps and the chain.',
    )
    .option(
      '--from <file>',
      'what was trusted at the beginning, when keys were rotated: a public key or a root',
    )
    .action(async (flags: CommonFlags & { from?: string }) => {
      const { output, publisher } = await openSession(flags);
      const report = await (
        await publisher()
      ).readAuditLog(flags.from === undefined ? {} : { previousTrust: await readTrust(flags.from) });
      output.result(report, [
        ...(report.entries.length === 0 ? ['Nothing is published yet'] : logLines(report.entries)),
        ...(report.problems.length === 0
          ? ['No problems.']
          : report.problems.map(({ code, key, message }) => `${code} ${key}: ${message}`)),
      ]);
      if (report.problems.length > 0) process.exitCode = EXIT.problems;
    });
}

function garbageLines({ deleted, deletedBytes, dryRun, live, waiting }: GarbageReport): string[] {
  const some = (keys: readonly { readonly key: string }[]): string[] => [
    ...keys.slice(0, SHOWN).map(({ key }) => `  ${key}`),
    ...(keys.length > SHOWN ? [`  and ${keys.length - SHOWN} more (--json shows all)`] : []),
  ];
  const first = waiting.reduce((least, { dueAtSeconds }) => Math.min(least, dueAtSeconds), Infinity);
  return [
    `${live.objects} objects are in use, ${bytes(live.bytes)}`,
    `${deleted.length} ${dryRun ? 'would be' : 'are'} deleted, ${bytes(deletedBytes)}`,
    ...some(deleted),
    ...(waiting.length === 0
      ? []
      : [
          `${waiting.length} are unused, and ${dryRun ? 'would be deleted by a run after' : 'marked: run it again after'} ${new Date(first * 1000).toISOString()}`,
          ...some(waiting),
        ]),
    ...(dryRun ? ['Nothing was changed. Next: kivyx gc --yes'] : []),
  ];
}

function logLines(entries: readonly AuditEntry[]): string[] {
  const width = Math.max(...entries.map(({ epoch, sequence }) => `${epoch}-${sequence}`.length));
  return entries.map(({ changes, epoch, issuedAtSeconds, kidHex, sequence }) =>
    [
      `${epoch}-${sequence}`.padEnd(width),
      new Date(issuedAtSeconds * 1000).toISOString(),
      kidHex.slice(0, 8),
      changes.map(words).join(', '),
    ].join('  '),
  );
}

function words(change: IndexChangeEntry): string {
  switch (change.type) {
    case 'published':
      return `${change.version} published to ${percent(change.rolloutBasisPoints)}`;
    case 'rollout':
      return `${change.releaseId} from ${percent(change.from)} to ${percent(change.to)}`;
    case 'status':
      return `${change.releaseId} ${change.to}${change.rollbackTo === undefined ? '' : ` (devices go to ${change.rollbackTo})`}`;
    case 'patches':
      return `${change.releaseId} has ${change.to} patches`;
    case 'retired':
      return `${change.version} retired`;
    case 'other':
      return `${change.releaseId} changed in ${change.members.join(', ')}`;
    default:
      return 'signed anew';
  }
}
