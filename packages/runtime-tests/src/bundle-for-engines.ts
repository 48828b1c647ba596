import { transformAsync } from '@babel/core';
import presetEnv from '@babel/preset-env';
import { build } from 'esbuild';

/**
 * One script without imports from a TypeScript entry, in the oldest JavaScript that Hermes 0.12 and QuickJS both read: no
 * modules, classes, async arrows or block scopes. `platform: neutral`, so an import of a Node module fails the build.
 */
export async function bundleForEngines(entryFile: string): Promise<string> {
  const bundled = await build({
    bundle: true,
    conditions: ['@kivyx-ota/source'],
    entryPoints: [entryFile],
    format: 'iife',
    logLevel: 'silent',
    mainFields: ['module', 'main'],
    platform: 'neutral',
    target: 'es2020',
    write: false,
  });
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
