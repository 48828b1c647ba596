import type { Adoption, InputFile, PublisherOptions, ReleaseInput } from '@kivyx-ota/publisher';
import { bundleKind } from '@kivyx-ota/publisher';
import { findPackage, readAssetList, readReleaseFolder } from '@kivyx-ota/publisher/node';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleNote, readBundleNote } from './bundle-note.ts';
import { compileLaunch } from './compile-launch.ts';
import type { ResolvedConfig } from './config.ts';
import type { PlatformBuild } from './kivyx-config.ts';
import { parseCount } from './parse-count.ts';
import { readBytes } from './read-file.ts';
import { parsePercent } from './session.ts';
import { usageError } from './usage-error.ts';

/** Flags of `kivyx publish` that say what a release is. */
export interface ReleaseFlags {
  readonly launch?: string;
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
  readonly reactNative?: string;
  readonly hbcVersion?: string;
  readonly sourceMap?: string;
  readonly keepSourceMap?: boolean;
}

/** A build, and all that is known of it. */
export interface ReleaseSource {
  readonly input: ReleaseInput;
  /** For people: what was done to the launch file, what was not looked at. */
  readonly remarks: readonly string[];
  /** How the launch file was compiled. */
  readonly compiled?: string;
}

/** As native builds call it, when it is not `main.hbc`. */
const LAUNCH_FILES = { android: 'index.android.bundle', ios: 'main.jsbundle' } as const;

/**
 * Reads a build. Each value comes from the flag or its variable, else from `platforms` of the configuration, else from what `kivyx bundle`
 * noted beside the folder.
 *
 * @throws ERR_CLI_USAGE, ERR_PUBLISH_EMPTY, ERR_PUBLISH_HERMESC
 */
export async function readReleaseSource(
  folder: string,
  flags: ReleaseFlags,
  {
    adoption,
    config,
    options,
  }: {
    readonly config: ResolvedConfig;
    /** Of the channel that it goes to. */
    readonly options: PublisherOptions;
    readonly adoption: readonly Adoption[] | undefined;
  },
): Promise<ReleaseSource> {
  const { platform } = options.scope;
  if (!existsSync(folder))
    throw usageError(`No folder ${folder}: give what the bundler wrote (kivyx bundle makes it)`);
  if (!statSync(folder).isDirectory())
    throw usageError(
      `${folder} is a file: give the folder that the bundler wrote, and the file in it as --launch`,
    );
  const note = await readBundleNote(folder);
  if (note !== undefined && note.platform !== platform)
    throw usageError(`${folder} was bundled for ${note.platform}, not ${platform}`);
  const build = config.platforms[platform] ?? {};
  const fits = versionOf(flags, build, note, platform);
  const embeddedPath = flags.embedded ?? build.embedded ?? note?.embedded;
  const embedded = embeddedPath === undefined ? undefined : await readBytes(embeddedPath);
  const sourceMapPath =
    flags.sourceMap ?? build.sourceMap ?? (flags.keepSourceMap === true ? note?.sourceMap : undefined);
  if (flags.keepSourceMap === true && sourceMapPath === undefined)
    throw usageError(`${folder} was not made by kivyx bundle, so its map is not known: give --source-map`);
  const files = await readReleaseFolder(
    folder,
    flags.launch ?? build.launch ?? launchFileIn(folder, note, platform),
  );
  const compiled: { readonly file: InputFile; readonly message?: string } =
    flags.hermesBase === true
      ? await compileLaunch(files.launch, { embedded, fits, flags, options })
      : { file: files.launch };
  const version = flags.reactNative ?? config.reactNative ?? (await reactNativeOf(flags.appFolder));
  const assets =
    note?.assets ??
    (bundleKind(files.launch.bytes).kind === 'javascript'
      ? readAssetList(new TextDecoder().decode(files.launch.bytes))
      : undefined);
  return {
    input: {
      ...files,
      launch: compiled.file,
      rolloutBasisPoints: parsePercent(flags.rollout),
      version: flags.release,
      ...fits,
      ...(adoption === undefined ? {} : { adoption }),
      ...(embedded === undefined ? {} : { patchBases: [embedded] }),
      ...(flags.allowPlainJs === true ? { allowPlainJs: true } : {}),
      ...(flags.hbcVersion === undefined
        ? {}
        : { hbcVersion: parseCount('--hbc-version', flags.hbcVersion) }),
      ...(flags.mandatory === true ? { mandatory: true } : {}),
      ...(sourceMapPath === undefined ? {} : { sourceMap: await readBytes(sourceMapPath) }),
      ...(version === undefined
        ? {}
        : { reactNative: { version, ...(assets === undefined ? {} : { assets }) } }),
    },
    remarks: [
      ...(compiled.message === undefined ? [] : [compiled.message]),
      ...(version === undefined && files.assets.length > 0
        ? [
            `Whether React Native finds these assets was not checked: ${flags.appFolder} has none installed (--react-native 0.88.1 says which it is)`,
          ]
        : []),
    ],
    ...(compiled.message === undefined ? {} : { compiled: compiled.message }),
  };
}

function launchFileIn(folder: string, note: BundleNote | undefined, platform: 'android' | 'ios'): string {
  const native = LAUNCH_FILES[platform];
  return (
    note?.launchFile ??
    (!existsSync(join(folder, 'main.hbc')) && existsSync(join(folder, native)) ? native : 'main.hbc')
  );
}

function versionOf(
  flags: ReleaseFlags,
  build: PlatformBuild,
  note: BundleNote | undefined,
  platform: string,
): { readonly runtimeVersion: string } | { readonly binaryVersion: string } {
  for (const { binaryVersion, runtimeVersion } of [flags, build, note ?? {}] as readonly PlatformBuild[]) {
    if (runtimeVersion !== undefined && binaryVersion !== undefined)
      throw usageError('Give --runtime-version or --binary-version, not both');
    if (runtimeVersion !== undefined) return { runtimeVersion };
    if (binaryVersion !== undefined) return { binaryVersion };
  }
  throw usageError(
    `Which ${platform} apps does it fit? Give --runtime-version, or --binary-version (kivyx bundle --runtime tells it)`,
  );
}

/** The React Native that is installed for an app. */
async function reactNativeOf(appFolder: string): Promise<string | undefined> {
  const folder = findPackage('react-native', appFolder);
  if (folder === undefined) return undefined;
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    version?: unknown;
  };
  return typeof version === 'string' ? version : undefined;
}
