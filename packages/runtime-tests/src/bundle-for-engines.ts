import { transformAsync } from '@babel/core';
import presetEnv from '@babel/preset-env';
import { build } from 'esbuild';

const SOURCES = ['@kivyx-ota/source'];

async function bundle(
  entryFile: string,
  target: string,
  conditions: readonly string[] = SOURCES,
): Promise<string> {
  const { outputFiles } = await build({
    bundle: true,
    conditions: [...conditions],
    entryPoints: [entryFile],
    format: 'iife',
    logLevel: 'silent',
    mainFields: ['module', 'main'],
    // An import of a Node module fails the build.
    platform: 'neutral',
    target,
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * One script without imports from a TypeScript entry, in the oldest JavaScript that Hermes 0.12 and QuickJS both read: no
 * modules, classes, async arrows or block scopes.
 */
export async function bundleForEngines(entryFile: string): Promise<string> {
  const lowered = await transformAsync(await bundle(entryFile, 'es2020'), {
    babelrc: false,
    compact: false,
    configFile: false,
    presets: [
      // BigInt has no Math.pow: `**` stays an operator.
      [
        presetEnv,
        {
          exclude: ['transform-exponentiation-operator', 'transform-typeof-symbol'],
          modules: false,
          targets: 'ie 11',
        },
      ],
    ],
    sourceType: 'script',
  });
  return lowered?.code ?? '';
}

/** One script without imports from a TypeScript entry, as a build for today's engines has it. */
export function bundlePlain(entryFile: string): Promise<string> {
  return bundle(entryFile, 'es2022');
}

/** {@link bundlePlain} with our packages as they are published: what `tools/build.mjs` made. */
export function bundleBuilt(entryFile: string): Promise<string> {
  return bundle(entryFile, 'es2022', []);
}
