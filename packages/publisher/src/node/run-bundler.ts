import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { publishError } from '../error.ts';
import { findPackage } from './find-package.ts';

/** Which program bundles: React Native's own, or Expo's. */
export type Bundler = 'react-native' | 'expo';

/** Options of {@link runBundler}. */
export interface RunBundlerOptions {
  readonly projectDirectory: string;
  readonly platform: 'android' | 'ios';
  /** Where the JavaScript goes; the source map beside it as `<bundlePath>.map`. */
  readonly bundlePath: string;
  /** Assets are laid out below this folder as the native build does. */
  readonly assetsDirectory: string;
  /** Default: `index.<platform>.js`, else `index.js`; for Expo what the app's `main` says. */
  readonly entryFile?: string;
  /** Default: `expo` where the app has it. */
  readonly bundler?: Bundler;
  /** Bundle without what Metro kept of earlier runs, as native builds do. Default true. */
  readonly resetCache?: boolean;
  /** More words for the bundler, such as `['--config', 'metro.release.js']`. */
  readonly bundlerArguments?: readonly string[];
}

/**
 * Runs the app's own bundler with the flags of its release build (BundleHermesCTask of React Native's Gradle plugin,
 * react-native-xcode.sh; Expo's templates name `export:embed`). Gives which bundler it was. Half a minute of CPU for a small app.
 *
 * @throws ERR_PUBLISH_BUNDLER when it is not installed, or fails
 */
export async function runBundler(options: RunBundlerOptions): Promise<Bundler> {
  const { assetsDirectory, bundlePath, platform, projectDirectory } = options;
  const bundler =
    options.bundler ?? (findPackage('expo', projectDirectory) === undefined ? 'react-native' : 'expo');
  const command = bundler === 'expo' ? await expoCommand(options) : reactNativeCommand(options);
  const words = [
    ...command,
    '--platform',
    platform,
    '--dev',
    'false',
    '--minify',
    'false',
    ...(options.resetCache === false ? [] : ['--reset-cache']),
    '--bundle-output',
    bundlePath,
    '--assets-dest',
    assetsDirectory,
    '--sourcemap-output',
    `${bundlePath}.map`,
    ...(options.bundlerArguments ?? []),
  ];
  await runNode(words, projectDirectory);
  if (!existsSync(bundlePath))
    throw publishError('ERR_PUBLISH_BUNDLER', `${bundler} ended well, and wrote no ${bundlePath}`);
  return bundler;
}

/** As react-native-xcode.sh does; with a configuration of our own, so that the community CLI need not be there. */
function reactNativeCommand({ entryFile, platform, projectDirectory }: RunBundlerOptions): string[] {
  const reactNativePath = packageOf('react-native', projectDirectory);
  const entry =
    entryFile ??
    [`index.${platform}.js`, 'index.js'].find((name) => existsSync(join(projectDirectory, name)));
  if (entry === undefined)
    throw publishError('ERR_PUBLISH_BUNDLER', `${projectDirectory} has no index.js: name the entry file`);
  const config = {
    platforms: { android: {}, ios: {} },
    project: {},
    reactNativePath,
    root: projectDirectory,
  };
  return [
    join(reactNativePath, 'scripts/bundle.js'),
    '--load-config',
    JSON.stringify(config),
    '--entry-file',
    entry,
  ];
}

async function expoCommand({ entryFile, platform, projectDirectory }: RunBundlerOptions): Promise<string[]> {
  const expo = packageOf('expo', projectDirectory);
  const entry =
    entryFile ??
    // What the templates' Gradle and Xcode files ask.
    (
      await runNode(
        ['-e', "require('expo/scripts/resolveAppEntry')", projectDirectory, platform, 'absolute'],
        projectDirectory,
      )
    ).trim();
  return [join(expo, 'bin/cli'), 'export:embed', '--entry-file', entry];
}

function packageOf(id: string, projectDirectory: string): string {
  const folder = findPackage(id, projectDirectory);
  if (folder === undefined)
    throw publishError(
      'ERR_PUBLISH_BUNDLER',
      `${id} is not installed for ${projectDirectory}: install the app's dependencies first`,
    );
  return folder;
}

function runNode(words: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      words,
      { cwd, env: { ...process.env, NODE_ENV: 'production' }, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
          return;
        }
        const said = `${stdout}\n${stderr}`.trim().slice(-1500);
        reject(publishError('ERR_PUBLISH_BUNDLER', `The bundler failed: ${said}`, { cause: error }));
      },
    );
  });
}
