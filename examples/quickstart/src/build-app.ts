// Bundles one version of the app (esbuild), lowers it to what Hermes 0.12 reads (Babel), compiles it.
import { transformAsync } from '@babel/core';
import presetEnv from '@babel/preset-env';
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engine.ts';

/** The versions in the order of their making; each overlays its files on the ones before. */
export const APP_VERSIONS = ['1.0.0', '1.0.1', '1.1.0', '1.1.1'] as const;
export type AppVersion = (typeof APP_VERSIONS)[number];

/** A release as it leaves the build: a folder with the launch file and the assets beside it. */
export interface BuiltApp {
  readonly version: AppVersion;
  readonly directory: string;
  readonly launchPath: string;
  readonly assetPaths: readonly string[];
}

const SOURCES = join(import.meta.dirname, '..', 'app');

/** Builds `version` into `outDirectory`, against the bytecode of an earlier build if given. */
export async function buildApp(
  version: AppVersion,
  outDirectory: string,
  engine: Engine,
  base?: BuiltApp,
): Promise<BuiltApp> {
  const directory = join(outDirectory, version);
  await mkdir(directory, { recursive: true });
  const bundled = await build({
    absWorkingDir: SOURCES,
    bundle: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    entryPoints: [newest(version, 'index.jsx') as string],
    format: 'iife',
    jsx: 'automatic',
    minify: false,
    plugins: [
      {
        name: 'version overlay',
        setup: (hook) => {
          hook.onResolve({ filter: /^\.\// }, ({ path, importer }) => {
            if (!importer.startsWith(SOURCES)) return undefined;
            const file = newest(version, path.slice(2));
            return file === undefined ? undefined : { path: file };
          });
        },
      },
    ],
    target: 'es2020',
    write: false,
  });
  const lowered = await transformAsync(bundled.outputFiles[0]?.text ?? '', {
    babelrc: false,
    compact: false,
    configFile: false,
    presets: [[presetEnv, { modules: false, targets: 'ie 11' }]],
    sourceType: 'script',
  });
  const jsPath = join(outDirectory, `${version}.js`);
  await writeFile(jsPath, lowered?.code ?? '');
  const launchPath = join(directory, engine.launchFileName);
  await engine.compile(jsPath, launchPath, base?.launchPath);

  const assets = versionsUpTo(version)
    .map((v) => join(SOURCES, v, 'assets'))
    .filter((folder) => existsSync(folder));
  for (const folder of assets) await cp(folder, join(directory, 'assets'), { recursive: true });
  return { assetPaths: assets.length > 0 ? ['assets/cup.png'] : [], directory, launchPath, version };
}

function versionsUpTo(version: AppVersion): readonly AppVersion[] {
  return APP_VERSIONS.slice(0, APP_VERSIONS.indexOf(version) + 1);
}

function newest(version: AppVersion, file: string): string | undefined {
  return versionsUpTo(version)
    .map((v) => join(SOURCES, v, file))
    .findLast((path) => existsSync(path));
}
