import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Folder of the compiler in the packages that bring it, by platform. */
const FOLDERS: Readonly<Record<string, string>> = {
  darwin: 'osx-bin',
  linux: 'linux64-bin',
  win32: 'win64-bin',
};

/**
 * The Hermes compiler that a React Native project builds with: that of `hermes-compiler` (0.83 and later), else the one inside
 * `react-native` (0.69 to 0.82). Undefined when neither is installed, or has none for this machine.
 */
export function findHermesc(projectDirectory: string): string | undefined {
  const folder = FOLDERS[process.platform];
  if (folder === undefined) return undefined;
  const name = process.platform === 'win32' ? 'hermesc.exe' : 'hermesc';
  const reactNative = packageFolder('react-native', projectDirectory);
  // With strict installs the compiler is visible from react-native only, which depends on it.
  const compilers = [projectDirectory, reactNative].map((from) =>
    from === undefined ? undefined : packageFolder('hermes-compiler', from),
  );
  const candidates = [
    ...compilers.map((at) => (at === undefined ? undefined : join(at, 'hermesc', folder, name))),
    reactNative === undefined ? undefined : join(reactNative, 'sdks/hermesc', folder, name),
  ];
  return candidates.find((path): path is string => path !== undefined && existsSync(path));
}

/** A package as Node would find it from `directory`, but for NODE_PATH: what is installed elsewhere is not this app's. */
function packageFolder(id: string, directory: string): string | undefined {
  for (let at = resolve(directory); ; at = dirname(at)) {
    const folder = join(at, 'node_modules', id);
    if (existsSync(join(folder, 'package.json'))) return realpathSync(folder);
    if (dirname(at) === at) return undefined;
  }
}
