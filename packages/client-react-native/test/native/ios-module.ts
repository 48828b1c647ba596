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
  const core = 'ReactCommon/react/nativemodule/core';
  const pods = {
    FBLazyVector: ['Libraries/FBLazyVector/FBLazyVector'],
    RCTDeprecation: ['ReactApple/Libraries/RCTFoundation/RCTDeprecation/Exported'],
    RCTRequired: ['Libraries/Required'],
    RCTTypeSafety: ['Libraries/TypeSafety'],
    React: ['React/Base', 'React/CoreModules', 'React/Modules', 'React/Views'],
    ReactCommon: [
      'ReactCommon/callinvoker/ReactCommon',
      `${core}/ReactCommon`,
      `${core}/platform/ios/ReactCommon`,
    ],
    jsi: ['ReactCommon/jsi/jsi'],
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

const ownHeaders = (): readonly string[] =>
  ['core', 'glue', 'react'].flatMap((folder) => ['-I', join(IOS, folder)]);

/** Flags for code that knows React Native and blocks: stubs stand for UIKit, Grand Central Dispatch and NSURLSession. */
export function reactFlags(): readonly string[] {
  const stubs = join(IOS, 'stubs');
  return [
    ...objcFlags(),
    '-fblocks',
    ...ownHeaders(),
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

/** The same for Objective-C++, with what the code generator wrote. Without ARC, which gcc's headers cannot be read with. */
export function checkObjcxx(path: string, generated: string): void {
  // Subscripts are of a newer runtime than gcc's.
  const c = objcFlags().filter(
    (flag) => !/^-(std=|Wstrict-prototypes|DGNU_RUNTIME|fconstant-string)/.test(flag),
  );
  const system = [join(IOS, 'stubs'), reactHeaders(), join(REACT_NATIVE, 'ReactCommon'), generated];
  const language = ['-x', 'objective-c++', '-std=c++20', '-fobjc-runtime=macosx', '-fblocks'];
  const included = system.flatMap((folder) => ['-isystem', folder]);
  const prelude = join(IOS, 'stubs/objective-cxx.h');
  runTool('clang', [
    ...language,
    ...c,
    ...ownHeaders(),
    ...included,
    '-include',
    prelude,
    '-fsyntax-only',
    path,
  ]);
}

/** An app's folder, ready for its program and its files. */
export function appFolder(info: string): string {
  const app = join(newFolder(), 'App.app');
  mkdirSync(join(app, 'Resources'), { recursive: true });
  writeFileSync(join(app, 'Resources', 'Info-gnustep.plist'), info);
  return app;
}
