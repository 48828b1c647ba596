// Expo loads this file by its name and takes its default export.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createConfigPlugin, readDependencyNames } from '@kivyx-ota/expo';

/** The app's own config-plugins: another copy would not run its mods. */
const withKivyxOta = (config, values) => {
  const projectRoot = config._internal?.projectRoot ?? process.cwd();
  const require = createRequire(join(projectRoot, 'package.json'));
  return createConfigPlugin({
    dependencyNames: readDependencyNames(projectRoot),
    mods: require('expo/config-plugins'),
  })(config, values);
};

// oxlint-disable-next-line import/no-default-export -- that is what Expo takes
export default withKivyxOta;
