// The native files of four templates from npm, edited; what comes out lies in test/snapshots for a reader.
import * as configPlugins from '@expo/config-plugins';
import {
  type ConfigPluginOptions,
  createConfigPlugin,
  editAppDelegate,
  editMainApplication,
  type ExpoConfigLike,
  readDependencyNames,
} from '@kivyx-ota/expo';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';

const EDITED = ['react-native-0.81', 'react-native-0.87'];
/** Expo's own host asks the handlers. */
const UNTOUCHED = ['expo-57', 'expo-58'];
const FILES = [
  ['MainApplication.kt', editMainApplication],
  ['AppDelegate.swift', editAppDelegate],
] as const;
const read = (template: string, file: string): string =>
  readFileSync(join(import.meta.dirname, 'fixtures', template, file), 'utf8');
const mods = configPlugins as unknown as ConfigPluginOptions['mods'];

const folders: string[] = [];
afterAll(() => folders.forEach((one) => rmSync(one, { force: true, recursive: true })));

/** A prebuilt project, as `expo prebuild` has it before mods run. */
function project(template: string, dependencies: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'kivyx-expo-'));
  folders.push(root);
  writeFileSync(join(root, 'package.json'), JSON.stringify({ dependencies, name: 'app' }));
  const values = join(root, 'android/app/src/main/res/values');
  mkdirSync(values, { recursive: true });
  writeFileSync(
    join(values, 'strings.xml'),
    '<resources>\n  <string name="app_name">Hello</string>\n</resources>\n',
  );
  writeFileSync(
    join(root, 'android/app/src/main/AndroidManifest.xml'),
    '<manifest xmlns:android="http://schemas.android.com/apk/res/android">\n  <application android:name=".MainApplication" />\n</manifest>\n',
  );
  const java = join(root, 'android/app/src/main/java/com/helloworld');
  mkdirSync(java, { recursive: true });
  cpSync(
    join(import.meta.dirname, 'fixtures', template, 'MainApplication.kt'),
    join(java, 'MainApplication.kt'),
  );
  mkdirSync(join(root, 'ios/HelloWorld'), { recursive: true });
  writeFileSync(join(root, 'ios/HelloWorld/Info.plist'), '<plist version="1.0"><dict/></plist>');
  mkdirSync(join(root, 'ios/HelloWorld.xcodeproj'), { recursive: true });
  cpSync(
    join(import.meta.dirname, 'fixtures', template, 'AppDelegate.swift'),
    join(root, 'ios/HelloWorld/AppDelegate.swift'),
  );
  return root;
}

const config = (): ExpoConfigLike & Record<'android' | 'ios' | 'name' | 'slug', unknown> => ({
  android: { package: 'com.helloworld' },
  ios: { bundleIdentifier: 'com.helloworld' },
  name: 'HelloWorld',
  slug: 'hello',
});

describe.each(EDITED)('%s', (template) => {
  it.each(FILES)('%s is edited as the snapshot shows', async (file, edit) => {
    const edited = edit(read(template, file));
    await expect(edited).toMatchFileSnapshot(`snapshots/${template}/${file}`);
    const added = edited.split('\n').filter((line) => !read(template, file).split('\n').includes(line));
    expect(added.length).toBeGreaterThanOrEqual(2);
    expect(added.every((line) => line.trim() === '' || /KivyxOta|getJSBundleFile/.test(line))).toBe(true);
  });
  it.each(FILES)('%s: editing twice is editing once', (file, edit) => {
    const once = edit(read(template, file));
    expect(edit(once)).toBe(once);
  });
});

describe.each(UNTOUCHED)('%s, whose host asks the handlers', (template) => {
  it.each(FILES)('%s stays as it is', (file, edit) => {
    expect(edit(read(template, file))).toBe(read(template, file));
  });
  it.each(FILES)('%s that an earlier version edited, or a person, stays as it is too', (file, edit) => {
    const before = read(template, file)
      .replace(
        'context = applicationContext,',
        'context = applicationContext,\njsBundleFilePath = KivyxOta.bundlePath(applicationContext),',
      )
      .replace('Bundle.main.url(forResource: "main", withExtension: "jsbundle")', 'KivyxOta.bundleURL()');
    expect(before).not.toBe(read(template, file));
    expect(edit(before)).toBe(before);
  });
});

describe.each([...EDITED, ...UNTOUCHED])('%s', (template) => {
  it('Expo’s own mods write it into the project, with the values that native code reads', async () => {
    const root = project(template);
    const plugin = createConfigPlugin({ dependencyNames: readDependencyNames(root), mods });
    for (let run = 0; run < 2; run++) {
      const made = plugin(config(), { embeddedVersionCode: 2_026_112_601, runtimeVersion: '1.10' });
      await configPlugins.compileModsAsync(made as never, {
        platforms: ['android', 'ios'],
        projectRoot: root,
      });
    }
    const main = join(root, 'android/app/src/main');
    expect(readFileSync(join(main, 'java/com/helloworld/MainApplication.kt'), 'utf8')).toBe(
      editMainApplication(read(template, 'MainApplication.kt')),
    );
    expect(readFileSync(join(root, 'ios/HelloWorld/AppDelegate.swift'), 'utf8')).toBe(
      editAppDelegate(read(template, 'AppDelegate.swift')),
    );
    if (template !== 'expo-58') return;
    for (const [name, path] of [
      ['AndroidManifest.xml', join(main, 'AndroidManifest.xml')],
      ['strings.xml', join(main, 'res/values/strings.xml')],
      ['Info.plist', join(root, 'ios/HelloWorld/Info.plist')],
    ] as const)
      await expect(readFileSync(path, 'utf8')).toMatchFileSnapshot(`snapshots/expo-58/${name}`);
  });
});

it('app.plugin.js takes the app’s own expo/config-plugins', async () => {
  const root = project('expo-58');
  mkdirSync(join(root, 'node_modules/expo'), { recursive: true });
  writeFileSync(
    join(root, 'node_modules/expo/config-plugins.js'),
    'exports.withMainApplication = (config) => ({ ...config, android: "edited" });\nexports.withAppDelegate = (config) => ({ ...config, ios: "edited" });',
  );
  const { default: plugin } = await import('../app.plugin.js');
  const made = plugin({ _internal: { projectRoot: root }, updates: {} });
  expect(made).toMatchObject({
    android: 'edited',
    ios: 'edited',
  });
});

describe('refuses', () => {
  const kotlin = read('react-native-0.87', 'MainApplication.kt');
  const swift = read('react-native-0.87', 'AppDelegate.swift');

  it('an unknown MainApplication, naming file and anchor', () => {
    const unknown = kotlin.replace('context = applicationContext,', 'this,');
    expect(() => editMainApplication(unknown)).toThrow(
      expect.objectContaining({
        code: 'ERR_EXPO_TEMPLATE_UNKNOWN',
        message: expect.stringMatching(/^MainApplication\.kt: expected `getDefaultReactHost\(context = /),
      }),
    );
  });
  it('an unknown AppDelegate, naming file and anchor', () => {
    for (const unknown of [
      swift.replace('override func bundleURL', 'func otherURL'),
      swift.replace('"jsbundle"', '"bundle"'),
    ])
      expect(() => editAppDelegate(unknown)).toThrow(
        expect.objectContaining({
          code: 'ERR_EXPO_TEMPLATE_UNKNOWN',
          message: expect.stringMatching(/^AppDelegate\.swift: expected `Bundle\.main\.url/),
        }),
      );
  });
  it('an anchor that is only in a comment', () => {
    const commented = kotlin.replace(
      '      context = applicationContext,',
      '      // context = applicationContext,',
    );
    expect(() => editMainApplication(commented)).toThrow(
      expect.objectContaining({ code: 'ERR_EXPO_TEMPLATE_UNKNOWN' }),
    );
  });
  it('a bundle path that somebody else has set, with its line', () => {
    const taken = kotlin.replace(
      'context = applicationContext,',
      'context = applicationContext,\n      jsBundleFilePath = HotUpdater.getJSBundleFile(applicationContext),',
    );
    expect(() => editMainApplication(taken)).toThrow(
      expect.objectContaining({
        code: 'ERR_EXPO_BUNDLE_PATH_TAKEN',
        details: { file: 'MainApplication.kt', line: 15 },
      }),
    );
    const ios = swift.replace(
      'Bundle.main.url(forResource: "main", withExtension: "jsbundle")',
      'HotUpdater.bundleURL()',
    );
    expect(() => editAppDelegate(ios)).toThrow(
      expect.objectContaining({ code: 'ERR_EXPO_BUNDLE_PATH_TAKEN' }),
    );
  });
  it('a MainApplication in Java and an AppDelegate in Objective-C', () => {
    const run = (language: string): unknown =>
      createConfigPlugin({
        dependencyNames: [],
        mods: {
          withAppDelegate: vi.fn((config: unknown) => config),
          withMainApplication: (_config: unknown, action: (edited: unknown) => unknown) =>
            action({ modResults: { contents: '', language } }),
        } as unknown as ConfigPluginOptions['mods'],
      })(config());
    expect(() => run('java')).toThrow(expect.objectContaining({ code: 'ERR_EXPO_LANGUAGE' }));
  });
  it.each([
    [{ embeddedVersionCode: '100' }, /embeddedVersionCode/],
    [{ embeddedVersionCode: 0 }, /embeddedVersionCode/],
    [{ runtimeVersion: 1.1 }, /runtimeVersion.* in quotes/],
    [{ pendingTimeoutSeconds: 0.5 }, /pendingTimeoutSeconds/],
    [{ runtimeversion: '1' }, /no option "runtimeversion"/],
  ])('values that native code could not read: %j', (values, message) => {
    expect(() => createConfigPlugin({ dependencyNames: [], mods })(config(), values as never)).toThrow(
      message,
    );
  });
  it('an Expo app whose bundle somebody else sets', () => {
    const taken = read('expo-57', 'MainApplication.kt').replace(
      'context = applicationContext,',
      'context = applicationContext,\n      jsBundleFilePath = HotUpdater.getJSBundleFile(applicationContext),',
    );
    expect(() => editMainApplication(taken)).toThrow(
      expect.objectContaining({ code: 'ERR_EXPO_BUNDLE_PATH_TAKEN' }),
    );
    for (const other of ['HotUpdater', 'CodePush'])
      expect(() =>
        editAppDelegate(
          swift.replace('override func sourceURL', `${other}.bundleURL()\noverride func sourceURL`),
        ),
      ).toThrow(expect.objectContaining({ code: 'ERR_EXPO_BUNDLE_PATH_TAKEN' }));
  });
  it('an app with an active expo-updates, and takes one where it is switched off', () => {
    const plugin = createConfigPlugin({ dependencyNames: ['expo-updates'], mods });
    expect(() => plugin(config())).toThrow(expect.objectContaining({ code: 'ERR_EXPO_UPDATES_ACTIVE' }));
    expect(() => plugin({ ...config(), updates: { enabled: false } })).not.toThrow();
  });
});

it('does not mistake comments and strings for code', () => {
  const kotlin = read('react-native-0.87', 'MainApplication.kt').replace(
    'class MainApplication',
    '/* jsBundleFilePath /* nested */ KivyxOta.bundlePath(x) */\n// getJSBundleFile\nval hint = "KivyxOta.bundlePath(x) \\" ) jsBundleFilePath"\nval raw = """ getJSBundleFile( " """\nclass MainApplication',
  );
  const edited = editMainApplication(kotlin);
  expect(edited).toContain('      jsBundleFilePath = if (BuildConfig.DEBUG) null');
});
