import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { IOS, objcFlags } from './objc.ts';
import { newFolder, runTool } from './toolchain.ts';

const require = createRequire(import.meta.url);
/** React Native as it comes from npm: the headers of its pods. */
const REACT_NATIVE = dirname(require.resolve('react-native/package.json'));

const headersIn = (folder: string): readonly string[] =>
  readdirSync(join(REACT_NATIVE, folder), { encoding: 'utf8', recursive: true })
    .filter((name) => name.endsWith('.h'))
    .map((name) => join(REACT_NATIVE, folder, name));

let include: string | undefined;
/** A folder in which `<React/…>` means what it means in a pod. */
function reactHeaders(): string {
  if (include !== undefined) return include;
  include = newFolder();
  const pods = {
    RCTDeprecation: ['ReactApple/Libraries/RCTFoundation/RCTDeprecation/Exported'],
    React: ['React/Base', 'React/CoreModules', 'React/Modules', 'React/Views'],
  };
  for (const [pod, folders] of Object.entries(pods)) {
    mkdirSync(join(include, pod));
    // A name that is there twice is one of tvOS, or the same.
    const seen = new Set<string>();
    for (const path of folders.flatMap(headersIn)) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (!seen.has(name)) symlinkSync(path, join(include, pod, name));
      seen.add(name);
    }
  }
  return include;
}

/** Flags for code that knows React Native and blocks: stubs stand for UIKit, Grand Central Dispatch and NSURLSession. */
export function reactFlags(): readonly string[] {
  const stubs = join(IOS, 'stubs');
  const own = ['core', 'glue', 'react'].flatMap((folder) => ['-I', join(IOS, folder)]);
  return [
    ...objcFlags(),
    '-fblocks',
    ...own,
    '-isystem',
    stubs,
    '-isystem',
    reactHeaders(),
    '-include',
    join(stubs, 'apple-foundation.h'),
  ];
}

/** Checks one file without making anything; throws what clang says. */
export function checkObjc(path: string): void {
  runTool('clang', [...reactFlags(), '-fsyntax-only', path]);
}

/** An app's folder with its binary's files; gives it, and the program to start. */
export function appFolder(info: string): string {
  const app = join(newFolder(), 'App.app');
  mkdirSync(join(app, 'Resources'), { recursive: true });
  writeFileSync(join(app, 'Resources', 'Info-gnustep.plist'), info);
  return app;
}
