import { type GuardrailCounts, judge, type Judgement } from '@kivyx-ota/guardrail';
import type { Command } from 'commander';
import { readBytes } from '../read-file.ts';
import { type CommonFlags, openSession } from '../session.ts';
import { openChannel } from '../steered-channel.ts';
import { usageError } from '../usage-error.ts';

interface GuardFlags extends CommonFlags {
  readonly crashRate?: string;
  readonly crashRateOnly?: boolean;
  readonly distrustedGroups?: string;
  readonly dryRun?: boolean;
}

interface Counted extends GuardrailCounts {
  readonly releaseId: string;
}

/** `kivyx guard`: the guardrail over counts that somebody else has. */
export function addGuardCommand(program: Command, scoped: (command: Command) => Command): void {
  scoped(program.command('guard'))
    .description('Pause releases that crash, judged by counts of devices from your own telemetry.')
    .argument(
      '<file>',
      'JSON: [{ releaseId, exposed, failed, failedByGroup?, control?: { exposed, failed } }]; - reads standard input',
    )
    .option('--crash-rate <percent>', 'highest share of devices that fail on a healthy release', '5')
    .option('--crash-rate-only', 'do not compare with the release before (control)')
    .option('--distrusted-groups <n>', 'groups of networks without which a pause must stand', '1')
    .option('--dry-run', 'say what would be paused, and pause nothing')
    .action(async (file: string, flags: GuardFlags) => {
      const counted = readCounts(await readText(file));
      const policy = {
        distrustedGroups: readNumber('--distrusted-groups', flags.distrustedGroups ?? '1', 0, 1000),
        ...(flags.crashRateOnly === true ? { relative: false as const } : {}),
        sequential: { crashRate: readNumber('--crash-rate', flags.crashRate ?? '5', 0.001, 50) / 100 },
      };
      const session = await openSession(flags);
      const channel = await openChannel(session);
      // All of them first: a file that is wrong in the middle pauses nothing.
      const judged = counted.map(({ releaseId, ...counts }) => ({
        judgement: judge(counts, policy),
        release: channel.find(releaseId),
      }));
      const results: { releaseId: string; version: string; paused: boolean; judgement: Judgement }[] = [];
      for (const { judgement, release } of judged) {
        const isDue = judgement.verdict === 'pause' && (release.status ?? 'active') === 'active';
        if (isDue && flags.dryRun !== true) await channel.pause(release.releaseId);
        results.push({
          judgement,
          paused: isDue && flags.dryRun !== true,
          releaseId: release.releaseId,
          version: release.version ?? release.releaseId,
        });
      }
      session.output.result(
        results,
        results.flatMap(({ judgement, paused, version }) => [
          `${version}: ${paused ? 'paused' : judgement.verdict === 'pause' ? (flags.dryRun === true ? 'would be paused' : 'is not offered any more') : 'goes on'}`,
          ...judgement.reasons.map(({ rule, text }) => `  ${rule}: ${text}`),
        ]),
      );
    });
}

async function readText(file: string): Promise<string> {
  if (file !== '-') return new TextDecoder().decode(await readBytes(file));
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function readCounts(text: string): readonly Counted[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usageError(`The counts are not JSON: ${(error as Error).message}`);
  }
  const isCounted = (one: unknown): boolean =>
    typeof one === 'object' && one !== null && typeof (one as Partial<Counted>).releaseId === 'string';
  if (!Array.isArray(value) || !value.every(isCounted))
    throw usageError('The counts are an array of { releaseId, exposed, failed }');
  return value as Counted[];
}

function readNumber(flag: string, text: string, min: number, max: number): number {
  const value = Number(text.replace('%', '').trim());
  if (text.trim() === '' || !(value >= min && value <= max))
    throw usageError(`${flag} is ${min} to ${max}, not ${text}`);
  return value;
}
