import type { IndexRelease } from '@kivyx-ota/manifest';
import type { Command } from 'commander';
import { bytes, percent, table } from '../output.ts';
import { type CommonFlags, findRelease, openSession, parsePercent, readIndex } from '../session.ts';

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
        (one, { releaseId }) => one.setRollout(releaseId, parsePercent(share)),
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
        (one, { releaseId }) => one.pause(releaseId),
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
        (one, { releaseId }) => one.resume(releaseId),
        ({ version }) => `${version} is offered again`,
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
        async (one, { releaseId }, find) => {
          if (flags.to === undefined) return one.revoke(releaseId);
          return one.revoke(releaseId, {
            rollbackTo: flags.to === 'embedded' ? 'embedded' : find(flags.to).releaseId,
          });
        },
        ({ rollbackTo, version }) =>
          `${version} is revoked${rollbackTo === undefined ? '' : `, devices go to ${rollbackTo}`}`,
      ),
    );
  scoped(program.command('promote'))
    .description('Name a release of this channel in another one: the same bytes, nothing is built again.')
    .argument('<release>', 'id, version, or latest')
    .requiredOption('--to <channel>', 'the other channel')
    .option('--rollout <percent>', 'share of its devices', '100')
    .action(
      async (wanted: string, flags: CommonFlags & { readonly to: string; readonly rollout: string }) => {
        const { config, output, publisher } = await openSession(flags);
        const release = findRelease(await readIndex(await publisher(), config), wanted);
        const target = await publisher(flags.to);
        const index = await target.promote(release, { rolloutBasisPoints: parsePercent(flags.rollout) });
        output.result({ index }, [`${release.version} is in ${flags.to} for ${flags.rollout} %`]);
      },
    );
  scoped(program.command('refresh'))
    .description(
      'Sign the index anew with a later expiry. Run it from a timer: an index lives for seven days.',
    )
    .action(async (flags: CommonFlags) => {
      const { output, publisher } = await openSession(flags);
      const index = await (await publisher()).refresh();
      output.result({ expiresAtSeconds: index.expiresAtSeconds, sequence: index.sequence }, [
        `Index ${index.sequence} is signed until ${new Date(index.expiresAtSeconds * 1000).toISOString()}`,
      ]);
    });
  scoped(program.command('list'))
    .description('Show the releases of a channel.')
    .action(async (flags: CommonFlags) => {
      const { config, output, publisher } = await openSession(flags);
      const index = await readIndex(await publisher(), config);
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
        `${config.scope.app} ${config.scope.platform} ${config.scope.channel}, index ${index.sequence}, until ${new Date(index.expiresAtSeconds * 1000).toISOString()}`,
        ...table([['release', 'code', 'status', 'rollout', 'for', 'patches', 'id'], ...rows]),
      ]);
    });
}

async function steer(
  flags: CommonFlags,
  wanted: string,
  change: (
    publisher: Awaited<ReturnType<Awaited<ReturnType<typeof openSession>>['publisher']>>,
    release: IndexRelease,
    find: (other: string) => IndexRelease,
  ) => Promise<{ readonly releases: readonly IndexRelease[]; readonly sequence: number }>,
  words: (release: IndexRelease) => string,
): Promise<void> {
  const { config, output, publisher } = await openSession(flags);
  const one = await publisher();
  const index = await readIndex(one, config);
  const release = findRelease(index, wanted);
  const next = await change(one, release, (other) => findRelease(index, other));
  const changed = next.releases.find(({ releaseId }) => releaseId === release.releaseId) ?? release;
  output.result({ release: changed, sequence: next.sequence }, [words(changed)]);
}
