// Metro's configuration for one variant: files of variants/<name>/ stand in for those of the app, and some variants
// take another release of a dependency.
import { getDefaultConfig, mergeConfig } from '@react-native/metro-config';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

export const APP = dirname(import.meta.dirname);
const ROOT = dirname(dirname(APP));
const require = createRequire(import.meta.url);

/** Variants that are another release of a dependency: name as imported → name it is installed under. */
const BUMPS = {
  'axios-bump': ['axios', 'axios-next'],
  'paper-bump': ['react-native-paper', 'react-native-paper-next'],
  // The app before its React Native was raised by a patch version.
  'react-native-before': ['react-native', 'react-native-before'],
};

const THE_APPS_OWN = /^(react|react-native|@babel\/runtime)(\/|$)/;

/** Configuration for `variant`; `baseline` is the app as it is. */
export function metroConfig(variant) {
  const overlay = join(APP, 'variants', variant);
  const bump = BUMPS[variant];
  return mergeConfig(getDefaultConfig(APP), {
    maxWorkers: 2,
    projectRoot: APP,
    reporter: { update: () => undefined },
    resolver: {
      resolveRequest: (context, name, platform) => {
        const origin = relative(overlay, context.originModulePath);
        const added = join(dirname(context.originModulePath), `${name}.js`);
        if (name.startsWith('./') && !origin.startsWith('..') && existsSync(added)) {
          return { filePath: added, type: 'sourceFile' };
        }
        // A file of the overlay imports the app's files as if it lay where the file it stands in for lies.
        const from = origin.startsWith('..') ? context : { ...context, originModulePath: join(APP, origin) };
        const isBumped = bump !== undefined && (name === bump[0] || name.startsWith(`${bump[0]}/`));
        // Libraries do not see the other release, the app does; and what there may be only one of is the app's.
        const resolved =
          isBumped || THE_APPS_OWN.test(name)
            ? context.resolveRequest(
                { ...context, originModulePath: join(APP, 'index.js') },
                isBumped ? name.replace(...bump) : name,
                platform,
              )
            : context.resolveRequest(from, name, platform);
        if (resolved.type !== 'sourceFile') return resolved;
        const inside = relative(APP, resolved.filePath);
        const replaced = inside.startsWith('..') ? undefined : join(overlay, inside);
        return replaced !== undefined && existsSync(replaced)
          ? { filePath: replaced, type: 'sourceFile' }
          : resolved;
      },
      // The workspace's packages as they are written; an app takes them from npm, built.
      unstable_conditionNames: ['@kivyx-ota/source', 'require', 'react-native'],
      unstable_enableSymlinks: true,
    },
    ...(bump?.[0] === 'react-native'
      ? { serializer: { getModulesRunBeforeMainModule: () => [require.resolve(`${bump[1]}/setup-env`)] } }
      : {}),
    // For the tests, which look every asset up as the app would.
    transformer: { assetPlugins: [join(APP, 'test/list-assets.cjs')] },
    // runBuild takes the folders as they are: without the app's own folder its files are not in the map.
    watchFolders: [APP, join(ROOT, 'node_modules'), join(ROOT, 'packages')],
  });
}
