import type { Adoption, InputFile, ReleaseInput } from '@kivyx-ota/publisher';
import { readReleaseFolder } from '@kivyx-ota/publisher/node';
import { type Command, Option } from 'commander';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { compileLaunch } from '../compile-launch.ts';
import { usageError } from '../usage-error.ts';
import { bytes, percent } from '../output.ts';
import { type CommonFlags, openSession, parsePercent } from '../session.ts';

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
  readonly hermesBase?: boolean;
  readonly hermesc?: string;
  readonly appFolder: string;
  readonly hbcVersion?: string;
  readonly adoption?: string;
  readonly sourceMap?: string;
  readonly bundleBudget?: string;
  readonly releaseBudget?: string;
  readonly workers?: string;
  readonly dryRun?: boolean;
}

/** `publish`. */
export function addPublishCommand(program: Command, scoped: (command: Command) => Command): void {
  scoped(program.command('publish'))
    .description('Publish a folder that a bundler wrote as a signed release, with patches.')
    .requiredOption('--folder <folder>', 'what the bundler wrote: the launch file and its assets')
    .addOption(new Option('--launch <file>', 'the launch file, inside the folder').default('main.hbc'))
    .requiredOption('--release <version>', 'version of the release, such as 1.4.0')
    .option('--runtime-version <version>', 'native runtime that it fits')
    .option('--binary-version <range>', 'store versions that it fits, instead, such as ">=2.0.0 <3.0.0"')
    .option('--rollout <percent>', 'share of the devices that get it', '100')
    .option('--mandatory', 'the app may insist on it')
    .option('--allow-plain-js', 'publish JavaScript instead of bytecode')
    .option(
      '--embedded <file>',
      'bundle inside the store binaries: one more base for patches, and what flags are compared with',
    )
    .option(
      '--hermes-base',
      'the launch file is JavaScript: compile it against the last release of the channel, or the embedded bundle',
    )
    .option('--hermesc <file>', 'the compiler for --hermes-base, instead of looking for it')
    .option('--app-folder <folder>', 'folder of the app, whose compiler is used', '.')
    .option(
      '--hbc-version <version>',
      'bytecode version that the runtime reads; default: as the last release',
    )
    .option(
      '--adoption <file>',
      'JSON: [{ "releaseId", "devices" }]; patches start from what most devices run',
    )
    .option('--source-map <file>', 'keep this source map in the storage, where no device finds it')
    .option('--bundle-budget <bytes>', 'refuse a launch file above this')
    .option('--release-budget <bytes>', 'refuse a release above this')
    .option('--workers <count>', 'threads that make patches; default: one less than processors')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(async (flags: PublishFlags) => {
      const { config, output, publisher } = await openSession(flags);
      const fits = versionOf(flags);
      if (!existsSync(flags.folder))
        throw usageError(`No folder ${flags.folder}: give what the bundler wrote`);
      const one = await publisher(undefined, budgetOf(flags));
      const embedded = flags.embedded === undefined ? undefined : await readBytes(flags.embedded);
      const folder = await readReleaseFolder(flags.folder, flags.launch);
      const launch: { readonly file: InputFile; readonly message?: string } =
        flags.hermesBase === true
          ? await compileLaunch(folder.launch, {
              embedded,
              fits,
              flags,
              publisher: one,
              storage: config.storage,
            })
          : { file: folder.launch };
      const input: ReleaseInput = {
        ...folder,
        launch: launch.file,
        rolloutBasisPoints: parsePercent(flags.rollout),
        version: flags.release,
        ...fits,
        ...(flags.mandatory === true ? { mandatory: true } : {}),
        ...(flags.allowPlainJs === true ? { allowPlainJs: true } : {}),
        ...(flags.hbcVersion === undefined
          ? {}
          : { hbcVersion: parseCount('--hbc-version', flags.hbcVersion) }),
        ...(flags.adoption === undefined ? {} : { adoption: await readAdoption(flags.adoption) }),
        ...(flags.sourceMap === undefined ? {} : { sourceMap: await readBytes(flags.sourceMap) }),
        ...(embedded === undefined ? {} : { patchBases: [embedded] }),
      };
      const compiled = launch.message === undefined ? [] : [launch.message];
      if (flags.dryRun === true) {
        const plan = await one.plan(input);
        output.result({ ...plan, compiled: launch.message }, [
          ...compiled,
          'Nothing was changed. It would be published like this:',
          JSON.stringify(plan, undefined, 2),
        ]);
        return;
      }
      const { changed, release, warnings } = await one.publish(input);
      output.result({ changed, compiled: launch.message, release, scope: config.scope, warnings }, [
        ...compiled,
        ...warnings.map(({ message }) => `Warning: ${message}`),
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

function budgetOf({ bundleBudget, releaseBudget }: PublishFlags): {
  readonly bundleBytes?: number;
  readonly releaseBytes?: number;
} {
  return {
    ...(bundleBudget === undefined ? {} : { bundleBytes: parseCount('--bundle-budget', bundleBudget) }),
    ...(releaseBudget === undefined ? {} : { releaseBytes: parseCount('--release-budget', releaseBudget) }),
  };
}

/** A whole number of at least 0. @throws ERR_CLI_USAGE */
export function parseCount(flag: string, text: string): number {
  if (!/^\d+$/.test(text)) throw usageError(`${flag} is a whole number, not ${text}`);
  return Number(text);
}

/** @throws ERR_CLI_USAGE */
export async function readBytes(path: string): Promise<Uint8Array> {
  if (!existsSync(path)) throw usageError(`No file ${path}`);
  return new Uint8Array(await readFile(path));
}

/** Figures of a file that somebody's telemetry wrote. @throws ERR_CLI_USAGE */
export async function readAdoption(path: string): Promise<readonly Adoption[]> {
  const words = `${path} is not JSON like [{ "releaseId": "1.0.0-…", "devices": 1200 }]`;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(await readBytes(path)));
  } catch (error) {
    if (error instanceof SyntaxError) throw usageError(words);
    throw error;
  }
  const sound =
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        typeof one === 'object' &&
        one !== null &&
        typeof (one as Adoption).releaseId === 'string' &&
        Number.isSafeInteger((one as Adoption).devices) &&
        (one as Adoption).devices >= 0,
    );
  if (!sound) throw usageError(words);
  return value as readonly Adoption[];
}
