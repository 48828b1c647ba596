import type { IndexRelease } from '@kivyx-ota/manifest';
import type { ReleaseInput } from '@kivyx-ota/publisher';
import { compileHermes, readReleaseFolder } from '@kivyx-ota/publisher/node';
import { type Command, Option } from 'commander';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { usageError } from '../config.ts';
import { bytes, createOutput, percent, table } from '../output.ts';
import { type CommonFlags, findRelease, openSession, parsePercent, readIndex } from '../session.ts';

interface PublishFlags extends CommonFlags {
  readonly folder: string;
  readonly launch: string;
  readonly release: string;
  readonly runtimeVersion?: string;
  readonly binaryVersion?: string;
  readonly rollout: string;
  readonly mandatory?: boolean;
  readonly allowPlainJs?: boolean;
  readonly embedded?: string;
  readonly dryRun?: boolean;
}

/** `publish`, and the verbs that steer a release. */
export function addReleaseCommands(program: Command, scoped: (command: Command) => Command): void {
  scoped(program.command('publish'))
    .description('Publish a folder that a bundler wrote as a signed release, with patches.')
    .requiredOption('--folder <folder>', 'what the bundler wrote: the launch file and its assets')
    .addOption(
      new Option('--launch <file>', 'the launch file, inside the folder')
        .default('main.hbc')
        .env('KIVYX_LAUNCH'),
    )
    .requiredOption('--release <version>', 'version of the release, such as 1.4.0')
    .addOption(
      new Option('--runtime-version <version>', 'native runtime that it fits').env('KIVYX_RUNTIME_VERSION'),
    )
    .addOption(
      new Option(
        '--binary-version <range>',
        'store versions that it fits, instead, such as ">=2.0.0 <3.0.0"',
      ).env('KIVYX_BINARY_VERSION'),
    )
    .addOption(
      new Option('--rollout <percent>', 'share of the devices that get it')
        .default('100')
        .env('KIVYX_ROLLOUT'),
    )
    .option('--mandatory', 'the app may insist on it')
    .option('--allow-plain-js', 'publish JavaScript instead of bytecode')
    .option('--embedded <file>', 'bundle inside the store binaries, as one more base for patches')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(async (flags: PublishFlags) => {
      const { config, output, publisher } = await openSession(flags);
      const fits = versionOf(flags);
      if (!existsSync(flags.folder))
        throw usageError(`No folder ${flags.folder}: give what the bundler wrote`);
      const input: ReleaseInput = {
        ...(await readReleaseFolder(flags.folder, flags.launch)),
        rolloutBasisPoints: parsePercent(flags.rollout),
        version: flags.release,
        ...fits,
        ...(flags.mandatory === true ? { mandatory: true } : {}),
        ...(flags.allowPlainJs === true ? { allowPlainJs: true } : {}),
        ...(flags.embedded === undefined
          ? {}
          : { patchBases: [new Uint8Array(await readFile(flags.embedded))] }),
      };
      const one = await publisher();
      if (flags.dryRun === true) {
        const plan = await one.plan(input);
        output.result(plan, [
          'Nothing was changed. It would be published like this:',
          JSON.stringify(plan, undefined, 2),
        ]);
        return;
      }
      const { release } = await one.publish(input);
      output.result({ release, scope: config.scope }, [
        `${release.version} is published to ${percent(release.rolloutBasisPoints)} of ${config.scope.channel} (${release.releaseId})`,
        ...release.patches.map(
          ({ baseSha256Hex, format, sizeBytes }) =>
            `  patch from ${baseSha256Hex.slice(0, 12)}: ${bytes(sizeBytes)} (${format})`,
        ),
        release.rolloutBasisPoints < 10_000
          ? `Next: kivyx rollout ${release.version} 100`
          : 'Next: kivyx list',
      ]);
    });

  program
    .command('compile')
    .description(
      "Compile JavaScript with the app's own Hermes compiler, against the last release where that is proven to be the same program.",
    )
    .requiredOption('--js <file>', 'what the bundler wrote')
    .requiredOption('--out <file>', 'where the bytecode goes')
    .option('--base <file>', 'bytecode of the last release, or the embedded one')
    .option('--app-folder <folder>', 'folder of the app', '.')
    .option('--hermesc <file>', 'the compiler, instead of looking for it')
    .option('--json', 'print the result as JSON')
    .action(
      async (flags: {
        js: string;
        out: string;
        base?: string;
        appFolder: string;
        hermesc?: string;
        json?: boolean;
      }) => {
        const {
          against,
          bytes: made,
          hbcVersion,
          message,
        } = await compileHermes({
          jsPath: flags.js,
          outPath: flags.out,
          projectDirectory: flags.appFolder,
          ...(flags.hermesc === undefined ? {} : { hermescPath: flags.hermesc }),
          ...(flags.base === undefined ? {} : { base: new Uint8Array(await readFile(flags.base)) }),
        });
        createOutput(flags.json === true).result({ against, hbcVersion, message, sizeBytes: made.length }, [
          `${flags.out}: HBC ${hbcVersion}, ${bytes(made.length)}${against === 'base' ? ', against the base' : ''}`,
          ...(message === undefined ? [] : [message]),
        ]);
      },
    );

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

function versionOf({
  binaryVersion,
  runtimeVersion,
}: PublishFlags): { readonly runtimeVersion: string } | { readonly binaryVersion: string } {
  if (runtimeVersion !== undefined && binaryVersion !== undefined)
    throw usageError('Give --runtime-version or --binary-version, not both');
  if (runtimeVersion !== undefined) return { runtimeVersion };
  if (binaryVersion !== undefined) return { binaryVersion };
  throw usageError('Which apps does it fit? Give --runtime-version, or --binary-version');
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
