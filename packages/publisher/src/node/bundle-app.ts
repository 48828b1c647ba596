import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SourceAsset } from '../check/asset-rules.ts';
import { publishError } from '../error.ts';
import { compileHermes, type CompiledBytecode } from './compile-hermes.ts';
import { composeSourceMaps } from './compose-source-maps.ts';
import { readAssetList } from './read-asset-list.ts';
import { type Bundler, runBundler, type RunBundlerOptions } from './run-bundler.ts';

/** Options of {@link bundleApp}. */
export interface BundleAppOptions extends Pick<
  RunBundlerOptions,
  'bundler' | 'bundlerArguments' | 'entryFile' | 'platform' | 'resetCache'
> {
  /** The app's folder: its bundler and its compiler are used. */
  readonly projectDirectory: string;
  /** Where the release goes; made when it is not there, and has to be empty. */
  readonly outDirectory: string;
  /** Default: `<outDirectory>.map`, outside of what devices get. */
  readonly sourceMapPath?: string;
  /** Bytecode that devices have, see {@link compileHermes}. */
  readonly base?: Uint8Array;
  /** The compiler, instead of the app's. */
  readonly hermescPath?: string;
}

/** A release, as `readReleaseFolder(directory, launchFile)` reads it. */
export interface BundledApp extends CompiledBytecode {
  readonly bundler: Bundler;
  readonly directory: string;
  /** As the native build calls it: what the app's own bundle is called, too. */
  readonly launchFile: string;
  readonly sourceMapPath: string;
  /** What the bundle asks for at run time: `reactNative.assets` of a release. */
  readonly assets: readonly SourceAsset[];
}

const LAUNCH_FILES = { android: 'index.android.bundle', ios: 'main.jsbundle' } as const;

/**
 * What the app's native release build would put into the binary, made without it: bundled by the app's own bundler, compiled by its own
 * Hermes compiler, assets as React Native looks for them, one composed source map. Each step is a function of its own:
 * {@link runBundler}, {@link compileHermes}, {@link composeSourceMaps}.
 *
 * @throws ERR_PUBLISH_BUNDLER, ERR_PUBLISH_HERMESC, ERR_PUBLISH_BYTECODE
 */
export async function bundleApp(options: BundleAppOptions): Promise<BundledApp> {
  const { base, hermescPath, platform } = options;
  const projectDirectory = resolve(options.projectDirectory);
  const directory = resolve(options.outDirectory);
  const sourceMapPath = resolve(options.sourceMapPath ?? `${directory}.map`);
  const launchFile = LAUNCH_FILES[platform];
  await mkdir(directory, { recursive: true });
  if ((await readdir(directory)).length > 0)
    throw publishError(
      'ERR_PUBLISH_BUNDLER',
      `${directory} is not empty: what lies there would become part of the release`,
    );
  const work = await mkdtemp(join(tmpdir(), 'kivyx-bundle-'));
  try {
    const bundlePath = join(work, launchFile);
    const bundler = await runBundler({
      ...options,
      assetsDirectory: directory,
      bundlePath,
      projectDirectory,
    });
    const outPath = join(work, 'bytecode');
    const compiled = await compileHermes({
      jsPath: bundlePath,
      outPath,
      projectDirectory,
      ...(base === undefined ? {} : { base }),
      ...(hermescPath === undefined ? {} : { hermescPath }),
    });
    await composeSourceMaps({
      bundlerMapPath: `${bundlePath}.map`,
      compilerMapPath: `${outPath}.map`,
      outPath: sourceMapPath,
      projectDirectory,
    });
    await writeFile(join(directory, launchFile), compiled.bytes);
    const assets = readAssetList(await readFile(bundlePath, 'utf8'));
    return { ...compiled, assets, bundler, directory, launchFile, sourceMapPath };
  } finally {
    await rm(work, { force: true, recursive: true });
  }
}
