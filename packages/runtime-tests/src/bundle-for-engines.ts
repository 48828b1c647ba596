import { transformAsync } from '@babel/core';
import presetEnv from '@babel/preset-env';
import { build } from 'esbuild';

// `platform: neutral`: an import of a Node module fails the build.
const BUNDLE = {
  bundle: true,
  conditions: ['@kivyx-ota/source'],
  format: 'iife',
  logLevel: 'silent',
  mainFields: ['module', 'main'],
  platform: 'neutral',
  write: false,
} as const;

/**
 * One script without imports from a TypeScript entry, in the oldest JavaScript that Hermes 0.12 and QuickJS both read: no
 * modules, classes, async arrows or block scopes.
 */
export async function bundleForEngines(entryFile: string): Promise<string> {
  const bundled = await build({ ...BUNDLE, entryPoints: [entryFile], target: 'es2020' });
  const lowered = await transformAsync(bundled.outputFiles[0]?.text ?? '', {
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
export async function bundlePlain(entryFile: string): Promise<string> {
  const { outputFiles } = await build({ ...BUNDLE, entryPoints: [entryFile], target: 'es2022' });
  return outputFiles[0]?.text ?? '';
}
