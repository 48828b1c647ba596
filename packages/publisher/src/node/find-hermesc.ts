import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findPackage } from './find-package.ts';

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
  const reactNative = findPackage('react-native', projectDirectory);
  // With strict installs the compiler is visible from react-native only, which depends on it.
  const compilers = [projectDirectory, reactNative].map((from) =>
    from === undefined ? undefined : findPackage('hermes-compiler', from),
  );
  const candidates = [
    ...compilers.map((at) => (at === undefined ? undefined : join(at, 'hermesc', folder, name))),
    reactNative === undefined ? undefined : join(reactNative, 'sdks/hermesc', folder, name),
  ];
  return candidates.find((path): path is string => path !== undefined && existsSync(path));
}
