import type { ChannelScope, IndexRelease } from '@kivyx-ota/manifest';
import {
  createPublisher,
  type PublishPlan,
  publishTogether,
  type PublishWarning,
  type TogetherOutcome,
} from '@kivyx-ota/publisher';
import { type Command, Option } from 'commander';
import { EXIT } from '../exit-codes.ts';
import { nameBases } from '../name-bases.ts';
import { bytes, percent } from '../output.ts';
import { readAdoption } from '../read-adoption.ts';
import { parseCount } from '../parse-count.ts';
import { readReleaseSource, type ReleaseFlags, type ReleaseSource } from '../release-source.ts';
import { type CommonFlags, openSession, type Session } from '../session.ts';
import { usageError } from '../usage-error.ts';

interface PublishFlags extends CommonFlags, ReleaseFlags {
  readonly folder?: string;
  readonly android?: string;
  readonly ios?: string;
  readonly adoption?: string;
  readonly bundleBudget?: string;
  readonly releaseBudget?: string;
  readonly dryRun?: boolean;
}

type Platform = 'android' | 'ios';
interface Build {
  readonly platform: Platform;
  readonly folder: string;
}
/** What bases of patches are called. */
type NameOf = ReturnType<typeof nameBases>;

interface Published {
  readonly nameOf: NameOf;
  readonly scope: ChannelScope;
  readonly source: ReleaseSource;
  readonly outcome:
    | {
        readonly release: IndexRelease;
        readonly changed: boolean;
        readonly warnings: readonly PublishWarning[];
      }
    | { readonly error: unknown };
}

/** Flags whose value belongs to one platform; the configuration has a place for both. */
const ONE_PLATFORM = ['adoption', 'embedded', 'sourceMap'] as const;

/** `publish`. */
export function addPublishCommand(program: Command, scoped: (command: Command) => Command): void {
  scoped(program.command('publish'))
    .description(
      'Publish what a bundler wrote as a signed release, with patches: one platform, or both as one release. What kivyx bundle noted beside a folder (build/android.json) need not be said again.',
    )
    .option('--folder <folder>', 'what the bundler wrote: the launch file and its assets')
    .option('--android <folder>', 'the same for Android; with --ios both are published, or neither')
    .option('--ios <folder>', 'the same for iOS')
    .option(
      '--launch <file>',
      'the launch file, inside the folder; default: main.hbc, else as native builds call it',
    )
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
    .addOption(
      new Option(
        '--app-folder <folder>',
        'folder of the app, whose compiler and React Native are used',
      ).default('.'),
    )
    .option(
      '--react-native <version>',
      'React Native of the binaries, by whose rules assets must lie; default: that of the app',
    )
    .option(
      '--hbc-version <version>',
      'bytecode version that the runtime reads; default: as the last release',
    )
    .option(
      '--adoption <file>',
      'JSON: [{ "releaseId", "devices" }]; patches start from what most devices run; default: ask the server',
    )
    .option('--source-map <file>', 'keep this source map in the storage, where no device finds it')
    .option('--keep-source-map', 'the same with the map that kivyx bundle wrote')
    .option('--bundle-budget <bytes>', 'refuse a launch file above this')
    .option('--release-budget <bytes>', 'refuse a release above this')
    .option('--workers <count>', 'threads that make patches; default: one less than processors')
    .option('--dry-run', 'say what would happen, change nothing')
    .action(publish);
}

async function publish(flags: PublishFlags): Promise<void> {
  const first = flags.android === undefined ? (flags.ios === undefined ? undefined : 'ios') : 'android';
  const session = await openSession({
    ...flags,
    platformOfBuilds: flags.folder === undefined,
    ...(first === undefined || flags.platform !== undefined ? {} : { platform: first }),
  });
  const builds = buildsOf(flags, session);
  const together = builds.length > 1;
  const sources = [];
  for (const { folder, platform } of builds) {
    const control = session.control({ platform });
    const options = await session.writer({ platform }, budgetOf(flags));
    const { adoption, remarks } = await readAdoption(flags.adoption, control);
    const source = await readReleaseSource(folder, flags, { adoption, config: session.config, options });
    const nameOf = nameBases((await createPublisher(options).read())?.index);
    sources.push({
      control,
      nameOf,
      options,
      source: { ...source, remarks: [...remarks, ...source.remarks] },
    });
  }
  if (flags.dryRun === true) {
    const plans = [];
    for (const { nameOf, options, source } of sources)
      plans.push({
        nameOf,
        plan: await createPublisher(options).plan(source.input),
        scope: options.scope,
        source,
      });
    report(
      session,
      together,
      plans.map(({ nameOf, plan, scope, source }) => ({
        json: { ...plan, compiled: source.compiled },
        lines: [...source.remarks, ...planLines(plan, nameOf)],
        scope,
      })),
      ['Nothing was changed.'],
    );
    return;
  }
  const uploaded = await publishTogether(
    sources.map(({ options, source }) => ({ input: source.input, options })),
  );
  const published: Published[] = [];
  for (const [i, outcome] of uploaded.entries()) {
    const { control, nameOf, source } = sources[i] as (typeof sources)[number];
    const scope = { ...outcome.scope, channel: session.config.scope.channel };
    published.push({ nameOf, outcome: await announce(outcome, control), scope, source });
  }
  const failed = published.filter(({ outcome }) => 'error' in outcome);
  // Nothing to report beside it.
  if (failed.length === published.length) throw (failed[0] as { outcome: { error: unknown } }).outcome.error;
  report(session, together, published.map(publishedReport), nextLines(published, failed));
  const isRevoked = ({ outcome }: Published): boolean =>
    'release' in outcome && outcome.release.status === 'revoked';
  if (failed.length > 0 || published.some(isRevoked)) process.exitCode = EXIT.refused;
}

/** Which folders, for which platforms. @throws ERR_CLI_USAGE */
function buildsOf(flags: PublishFlags, { config }: Session): readonly Build[] {
  const { android, folder, ios } = flags;
  if (folder !== undefined && (android ?? ios) !== undefined)
    throw usageError('--folder is the build of one platform; for both give --android and --ios');
  if (folder !== undefined) return [{ folder, platform: config.scope.platform }];
  const platforms: readonly Platform[] = ['android', 'ios'];
  const named = flags.platform ?? process.env['KIVYX_PLATFORM'];
  const given =
    (android ?? ios) === undefined
      ? platforms
          .filter((platform) => named === undefined || named === platform)
          .map((platform) => ({ folder: config.platforms[platform]?.folder, platform }))
      : platforms.map((platform) => ({ folder: flags[platform], platform }));
  const builds = given.filter((build): build is Build => build.folder !== undefined);
  if (builds.length === 0)
    throw usageError(
      'Which build? Give --folder, or --android and --ios, or name them under "platforms" of the configuration (kivyx bundle makes them)',
    );
  const wrong = builds.length < 2 ? undefined : ONE_PLATFORM.find((name) => flags[name] !== undefined);
  if (wrong !== undefined)
    throw usageError(
      `--${wrong.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is of one platform: name it under "platforms" of the configuration`,
    );
  return builds;
}

async function announce(
  outcome: TogetherOutcome,
  control: ReturnType<Session['control']>,
): Promise<Published['outcome']> {
  if ('error' in outcome) return outcome;
  const { changed, release, warnings } = outcome.result;
  if (control === undefined) return { changed, release, warnings };
  try {
    return { ...(await control.announce(release)), warnings };
  } catch (error) {
    return { error };
  }
}

interface PlatformReport {
  readonly scope: ChannelScope;
  readonly json: object;
  readonly lines: readonly string[];
}

/** One platform as it always was; of several each under its name. */
function report(
  { output }: Session,
  together: boolean,
  reports: readonly PlatformReport[],
  last: readonly string[],
): void {
  output.result(
    together
      ? { platforms: Object.fromEntries(reports.map(({ json, scope }) => [scope.platform, json])) }
      : reports[0]?.json,
    [
      ...reports.flatMap(({ lines, scope }) =>
        together ? [`${scope.platform}:`, ...lines.map((line) => `  ${line}`)] : lines,
      ),
      ...last,
    ],
  );
}

function planLines(plan: PublishPlan, nameOf: NameOf): readonly string[] {
  const {
    alreadyPublished,
    nextSequence,
    patchBases,
    releaseId,
    uploadBytes,
    uploads,
    versionCode,
    warnings,
  } = plan;
  return [
    ...warnings.map(({ message }) => `Warning: ${message}`),
    alreadyPublished
      ? `${releaseId} is published already`
      : `Would publish ${releaseId} with version code ${versionCode}, in index ${nextSequence}`,
    `  ${uploads.length} files to upload, ${bytes(uploadBytes)}`,
    ...uploads.map(({ path, sizeBytes }) => `    ${path} ${bytes(sizeBytes)}`),
    ...patchBases.map(
      ({ devices, reason, sha256Hex }) =>
        `  patch from ${nameOf(sha256Hex)}: ${reason}${devices === undefined ? '' : `, ${devices} devices`}`,
    ),
  ];
}

function publishedReport({ nameOf, outcome, scope, source }: Published): PlatformReport {
  if ('error' in outcome) {
    const { code, message } = outcome.error as { readonly code?: string; readonly message?: string };
    return {
      json: { error: { code: code ?? 'ERR_CLI', message } },
      lines: [`Not published: ${code === undefined ? '' : `${code}: `}${message ?? String(outcome.error)}`],
      scope,
    };
  }
  const { changed, release, warnings } = outcome;
  return {
    json: { changed, compiled: source.compiled, release, scope, warnings },
    lines: [
      ...source.remarks,
      ...warnings.map(({ message }) => `Warning: ${message}`),
      changed
        ? `${release.version} is published to ${percent(release.rolloutBasisPoints)} of ${scope.channel} (${release.releaseId})`
        : release.status === 'active'
          ? `${release.version} was published before, to ${percent(release.rolloutBasisPoints)} of ${scope.channel} (${release.releaseId})`
          : `${release.version} was published before, and is ${release.status}: no device gets it (${release.releaseId})`,
      ...release.patches.map(
        ({ baseSha256Hex, format, sizeBytes }) =>
          `  patch from ${nameOf(baseSha256Hex)}: ${bytes(sizeBytes)} (${format})`,
      ),
    ],
    scope,
  };
}

function nextLines(published: readonly Published[], failed: readonly Published[]): readonly string[] {
  if (failed.length > 0)
    return [
      `Only a part is published: ${failed.map(({ scope }) => scope.platform).join(', ')} is missing. Next: the same command again; it finds what is there and does the rest`,
    ];
  const find = (is: (release: IndexRelease) => boolean): Published | undefined =>
    published.find(({ outcome }) => 'release' in outcome && is(outcome.release));
  if (find(({ status }) => status === 'revoked') !== undefined)
    return ['A revoked release stays revoked. Next: the same command with another --release'];
  const paused = find(({ status }) => status === 'paused');
  const ramped = paused ?? find(({ rolloutBasisPoints }) => rolloutBasisPoints < 10_000);
  const platform =
    published.length > 1 ? ` --platform ${ramped?.scope.platform ?? published[0]?.scope.platform ?? ''}` : '';
  if (paused !== undefined && 'release' in paused.outcome)
    return [`Next: kivyx resume ${paused.outcome.release.version}${platform}`];
  if (ramped === undefined || !('release' in ramped.outcome)) return [`Next: kivyx list${platform}`];
  return [`Next: kivyx rollout ${ramped.outcome.release.version} 100${platform}`];
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
