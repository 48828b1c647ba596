// React Native's own AssetSourceResolver (Flow, from node_modules), run for a platform and a screen of our choice.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What the bundler lists and the app registers. */
export interface RegisteredAsset {
  readonly httpServerLocation: string;
  readonly name: string;
  readonly type: string;
  readonly scales: readonly number[];
}

export interface Screen {
  readonly platform: 'android' | 'ios';
  readonly pixelRatio: number;
}

const require = createRequire(import.meta.url);
const reactNative = dirname(require.resolve('react-native/package.json'));
const fromReactNative = createRequire(join(reactNative, 'package.json'));

/** The address that React Native gives to an asset when the bundle runs from `scriptFolder` (a `file://` address with a slash at the end). */
export function createResolver({
  platform,
  pixelRatio,
}: Screen): (asset: RegisteredAsset, scriptFolder: string) => string {
  const stand: Record<string, unknown> = {
    '../Utilities/PixelRatio': { __esModule: true, default: { get: () => pixelRatio } },
    '../Utilities/Platform': { __esModule: true, default: { OS: platform } },
  };
  const load = (name: string): unknown => {
    if (name in stand) return stand[name];
    if (name === './AssetUtils') return run('AssetUtils.js', load);
    return fromReactNative(name);
  };
  const { default: Resolver } = run('AssetSourceResolver.js', load) as {
    default: new (
      serverUrl: null,
      scriptFolder: string,
      asset: RegisteredAsset,
    ) => { defaultAsset(): { uri: string } };
  };
  return (asset, scriptFolder) => new Resolver(null, scriptFolder, asset).defaultAsset().uri;
}

function run(file: string, load: (name: string) => unknown): unknown {
  const babel = require('@babel/core') as {
    transformSync(code: string, options: object): { code: string };
  };
  const path = join(reactNative, 'Libraries/Image', file);
  const { code } = babel.transformSync(readFileSync(path, 'utf8'), {
    babelrc: false,
    configFile: false,
    filename: path,
    presets: [require.resolve('@react-native/babel-preset')],
  });
  const module = { exports: {} };
  const evaluate = new Function('require', 'module', 'exports', '__DEV__', code);
  evaluate(
    (name: string) => (name.startsWith('@babel/runtime') ? require(name) : load(name)),
    module,
    module.exports,
    false,
  );
  return module.exports;
}
