import type { IndexRelease } from '@kivyx-ota/manifest';
import {
  type AuditEntry,
  type ControlAuditEntry,
  createPublisher,
  type GarbageReport,
  type IndexChangeEntry,
  retirable,
} from '@kivyx-ota/publisher';
import type { Command } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { bytes, percent } from '../output.ts';
import { readTrust } from '../read-trust.ts';
import { type CommonFlags, openSession, readIndex, type Session } from '../session.ts';
import { usageError } from '../usage-error.ts';
import { parseCount } from '../parse-count.ts';

const DAY = 86_400;
const SHOWN = 20;

/** `gc`, `retire`, `log`: keeping a channel small, and looking back. */
export function addMaintainCommands(program: Command, scoped: (command: Command) => Command): void {
  scoped(program.command('gc'))
    .description(
      'Delete what no index names any more, of all channels in the bucket. Says what it would do; --yes does it. Two runs are needed, a day apart: the first marks, the second deletes.',
    )
    .option(
      '--channels <names...>',
      'with a server: every channel that devices ask it for, of both platforms',
    )
    .option('--yes', 'really mark and delete')
    .option('--keep-indexes <count>', 'newest indexes of each channel whose releases stay', '20')
    .option('--keep-days <days>', 'indexes of the last days whose releases stay', '30')
    .option('--grace-hours <hours>', 'time between marking and deleting', '24')
    .action(
      async (
        flags: CommonFlags & {
          channels?: readonly string[];
          yes?: boolean;
          keepIndexes: string;
          keepDays: string;
          graceHours: string;
        },
      ) => {
        const session = await openSession(flags);
        const { output } = session;
        const report = await (
          await session.reader()
        ).collectGarbage({
          alsoKeep: await releasesOfServer(session, flags.channels),
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
      const { config, output, writer } = await openSession(flags);
      const options = await writer();
      const one = createPublisher(options);
      const keep = parseCount('--keep', flags.keep);
      const gone = retirable(await readIndex(one, { ...config, scope: options.scope }), keep);
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
      const { control, output, reader } = await openSession(flags);
      const server = control();
      if (server !== undefined) {
        const entries = await server.readAudit();
        output.result({ entries }, serverLogLines(entries));
        return;
      }
      const report = await (
        await reader()
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

/** What a server keeps in its database, and no index in the storage names. @throws ERR_CLI_USAGE */
async function releasesOfServer(
  { config, control }: Session,
  channels: readonly string[] | undefined,
): Promise<readonly { readonly releases: readonly IndexRelease[] }[]> {
  if (config.server === undefined) return [];
  if (channels === undefined)
    throw usageError(
      `${config.server.baseUrl} knows what is in use: name every channel that devices ask it for (--channels production beta)`,
    );
  const kept: { readonly releases: readonly IndexRelease[] }[] = [];
  for (const channel of channels)
    for (const platform of ['android', 'ios'] as const) {
      const releases = await control({ channel, platform })?.listReleases();
      kept.push({ releases: releases ?? [] });
    }
  return kept;
}

function serverLogLines(entries: readonly ControlAuditEntry[]): readonly string[] {
  if (entries.length === 0) return ['Nothing was done yet'];
  return entries.map(({ action, actor, atMs, detail = {}, releaseId }) =>
    [
      new Date(atMs).toISOString(),
      actor,
      action,
      releaseId ?? '',
      Object.entries(detail)
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', '),
    ]
      .join('  ')
      .trimEnd(),
  );
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
    ...(dryRun
      ? [`Nothing was changed.${deleted.length + waiting.length > 0 ? ' Next: kivyx gc --yes' : ''}`]
      : []),
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
