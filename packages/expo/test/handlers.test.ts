// Expo's handlers: Android's compiled over stubs and run, iOS's looked at as text (there is no Swift compiler here).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { compileJava, JAVA, JAVA_COMMAND } from '../../client-react-native/test/native/java.ts';
import { hasTools, removeFolders, runTool } from '../../client-react-native/test/native/toolchain.ts';

afterAll(removeFolders);
const folder = join(import.meta.dirname, '..');
const isJavaThere = hasTools({ java: ['-version'], javac: ['-version'] });

it.runIf(isJavaThere)(
  'on Android the handler gives the path at every load, and a fatal error leaves its mark and goes on',
  () => {
    const classes = compileJava(
      ['android/src/main/java', 'test/native/stubs', 'test/native/program'].map((name) => join(folder, name)),
    );
    expect(
      runTool(JAVA_COMMAND, [...JAVA, classes, 'HandlerProgram'])
        .trim()
        .split('\n'),
    ).toEqual([
      'debug null',
      'release /data/bundles/1/launch.bundle',
      'reload /data/bundles/2/launch.bundle',
      'embedded null',
      'debug crashes 0',
      'thrown true, crashes 1',
    ]);
  },
  60_000,
);

// What expo-modules-autolinking 58.0.4 reads: this file, `android/`, and *Package.java that names Expo's Package.
it('Expo’s autolinking finds both by what it looks for', () => {
  const config = JSON.parse(readFileSync(join(folder, 'expo-module.config.json'), 'utf8')) as {
    apple: { podspecPath: string; reactDelegateHandlers: string[] };
  };
  const swift = readFileSync(join(folder, 'ios/KivyxOtaReactDelegateHandler.swift'), 'utf8');
  for (const name of config.apple.reactDelegateHandlers)
    expect(swift).toContain(`class ${name}: ExpoReactDelegateHandler`);
  // The method of expo-modules-core 55 to 58, as ExpoReactDelegateHandler.swift has it.
  expect(swift).toContain('override func bundleURL(reactDelegate: ExpoReactDelegate) -> URL? {');
  const podspec = readFileSync(join(folder, config.apple.podspecPath), 'utf8');
  expect(podspec).toContain(`s.name = "${config.apple.podspecPath.replace('.podspec', '')}"`);
  expect(readFileSync(join(folder, 'android/build.gradle'), 'utf8')).toContain(':expo-modules-core');
  const java = readFileSync(
    join(folder, 'android/src/main/java/org/kivyx/ota/expo/KivyxOtaExpoPackage.java'),
    'utf8',
  );
  expect(java).toContain('import expo.modules.core.interfaces.Package;');
  const { files } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { files: string[] };
  expect(files).toEqual(
    expect.arrayContaining([
      'android/build.gradle',
      'android/src/main',
      'expo-module.config.json',
      'ios',
      'KivyxOtaExpo.podspec',
    ]),
  );
});
