import type { ChannelIndex } from '@kivyx-ota/manifest';
import { createPublisher } from '@kivyx-ota/publisher';
import type { Command } from 'commander';
import { checkName, type ResolvedConfig } from '../config.ts';
import { usageError } from '../usage-error.ts';
import { bytes, percent, table } from '../output.ts';
import { type CommonFlags, openSession, parsePercent, readIndex, refuseWithServer } from '../session.ts';
import { openChannel, type Steered, type SteeredChannel } from '../steered-channel.ts';

/** The verbs that steer a release, and `list`. */
export function addReleaseCommands(program: Command, scoped: (command: Command) => Command): void {
  scoped(program.command('rollout'))
    .description('Set the share of devices that get a release.')
    .argument('<release>', 'id, version, or latest')
    .argument('<percent>', '0 to 100')
    .action((wanted: string, share: string, flags: CommonFlags) =>
      steer(
        flags,
        wanted,
        (channel, releaseId) => channel.setRollout(releaseId, parsePercent(share)),
        (release) => `${release.version} goes to ${percent(release.rolloutBasisPoints)}`,
      ),
    );
  scoped(program.command('pause'))
    .description('Stop offering a release; devices that have it keep it.')
    .argument('<release>', 'id, version, or latest')
    .action((wanted: string, flags: CommonFlags) =>
      steer(
        flags,
        wanted,
        (channel, releaseId) => channel.pause(releaseId),
        ({ version }) => `${version} is paused. Next: kivyx resume ${version}, or kivyx revoke ${version}`,
      ),
    );
  scoped(program.command('resume'))
    .description('Offer a paused release again.')
    .argument('<release>', 'id, version, or latest')
    .action((wanted: string, flags: CommonFlags) =>
      steer(
        flags,
        wanted,
        (channel, releaseId) => channel.resume(releaseId),
        ({ version }) => `${version} is offered again`,
      ),
    );
  scoped(program.command('retry'))
    .description(
      'Let devices on which a release failed without a known reason try it once more. Those on which it crashed do not.',
    )
    .argument('<release>', 'id, version, or latest')
    .action((wanted: string, flags: CommonFlags) =>
      steer(
        flags,
        wanted,
        (channel, releaseId) => channel.retry(releaseId),
        ({ retryToken, version }) =>
          `${version} may be tried once more where it failed without a known reason (token ${retryToken ?? 0})`,
      ),
    );
  scoped(program.command('revoke'))
    .description('Take a release back: devices that run it go to another one, or to the embedded bundle.')
    .argument('<release>', 'id, version, or latest')
    .option('--to <release>', 'where they go: id, version, or embedded')
    .action((wanted: string, flags: CommonFlags & { readonly to?: string }) =>
      steer(
        flags,
        wanted,
        (channel, releaseId) =>
          channel.revoke(
            releaseId,
            flags.to === undefined || flags.to === 'embedded' ? flags.to : channel.find(flags.to).releaseId,
          ),
        ({ rollbackTo, version }, before) =>
          before.status === 'revoked' && before.rollbackTo === rollbackTo
            ? `${version} was revoked before; nothing was changed. Next: kivyx list shows what devices get`
            : `${version} is revoked${rollbackTo === undefined ? '' : `, devices go to ${rollbackTo}`}`,
      ),
    );
  scoped(program.command('promote'))
    .description('Name a release of this channel in another one: the same bytes, nothing is built again.')
    .argument('<release>', 'id, version, or latest')
    .requiredOption('--to <channel>', 'the other channel')
    .option('--rollout <percent>', 'share of its devices', '100')
    .action((wanted: string, flags: CommonFlags & { readonly to: string; readonly rollout: string }) =>
      steer(
        flags,
        wanted,
        (channel, releaseId, { scope }) => {
          if (flags.to === scope.channel) throw usageError(`${flags.to} is the channel that it is in`);
          return channel.promote(releaseId, checkName('channel', flags.to), parsePercent(flags.rollout));
        },
        (release) => `${release.version} is in ${flags.to} for ${percent(release.rolloutBasisPoints)}`,
      ),
    );
  scoped(program.command('refresh'))
    .description(
      'Sign the index anew with a later expiry. Run it from a timer: an index lives for seven days.',
    )
    .action(async (flags: CommonFlags) => {
      const session = await openSession(flags);
      refuseWithServer(session, 'it signs anew by itself');
      const publisher = createPublisher(await session.writer());
      // An empty index would make a channel of a typing error.
      await readIndex(publisher, session.config);
      const index = await publisher.refresh();
      session.output.result({ expiresAtSeconds: index.expiresAtSeconds, sequence: index.sequence }, [
        `Index ${index.sequence} is signed until ${until(index)}`,
      ]);
    });
  scoped(program.command('list'))
    .description('Show the releases of a channel.')
    .action(async (flags: CommonFlags) => {
      const { config, output, reader } = await openSession(flags);
      const index = await readIndex(await reader(), config);
      const rows = index.releases.map((release) => [
        release.version,
        String(release.versionCode),
        release.status,
        percent(release.rolloutBasisPoints),
        release.runtimeVersion ?? release.binaryVersion ?? '',
        release.patches.map(({ sizeBytes }) => bytes(sizeBytes)).join(', ') || '–',
        release.releaseId,
      ]);
      output.result(index, [
        `${config.scope.app} ${config.scope.platform} ${config.scope.channel}, index ${index.sequence}, until ${until(index)}`,
        ...table([['release', 'code', 'status', 'rollout', 'for', 'patches', 'id'], ...rows]),
      ]);
    });
}

const until = ({ expiresAtSeconds }: ChannelIndex): string => new Date(expiresAtSeconds * 1000).toISOString();

async function steer(
  flags: CommonFlags,
  wanted: string,
  change: (channel: SteeredChannel, releaseId: string, config: ResolvedConfig) => Promise<Steered>,
  words: (release: Steered['release'], before: ReturnType<SteeredChannel['find']>) => string,
): Promise<void> {
  const session = await openSession(flags);
  const channel = await openChannel(session);
  const before = channel.find(wanted);
  const { release, sequence } = await change(channel, before.releaseId, session.config);
  session.output.result({ release, sequence }, [words(release, before)]);
}
