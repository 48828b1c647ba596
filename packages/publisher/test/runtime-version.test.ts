// The runtime version by each policy, read from small native projects; fingerprints by the real @expo/fingerprint.
import {
  explainFingerprints,
  fingerprintApp,
  readNativeVersion,
  runtimeVersionOf,
} from '@kivyx-ota/publisher/node';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const folders: string[] = [];
afterAll(() => folders.forEach((one) => rmSync(one, { force: true, recursive: true })));

/** An app's folder with these files. */
function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'kivyx-runtime-'));
  folders.push(root);
  for (const [path, text] of Object.entries({ 'package.json': '{"name":"cafe"}', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}
const refused = expect.objectContaining({ code: 'ERR_PUBLISH_RUNTIME' });
const GRADLE = `android {
    defaultConfig {
        // versionName "0.0.1"
        applicationId "com.cafe"
        versionCode 57
        versionName "1.4.0"
    }
}`;
const PBXPROJ = `
  13B07F94 /* Debug */ = { buildSettings = { CURRENT_PROJECT_VERSION = 57; MARKETING_VERSION = 1.4.0;
  }; };
  13B07F95 /* Release */ = { buildSettings = {
    CURRENT_PROJECT_VERSION = 57;
    MARKETING_VERSION = 1.4.0;
  }; };`.replaceAll('; M', ';\nM');

describe('nativeVersion and appVersion', () => {
  it('are read from Gradle, in Groovy and in Kotlin, and from the Xcode project', async () => {
    const groovy = project({ 'android/app/build.gradle': GRADLE });
    const kotlin = project({
      'android/app/build.gradle.kts': GRADLE.replace('versionCode 57', 'versionCode = 57').replace(
        'versionName "1.4.0"',
        'versionName = "1.4.0"',
      ),
    });
    const xcode = project({ 'ios/Cafe.xcodeproj/project.pbxproj': PBXPROJ });
    for (const [root, platform] of [
      [groovy, 'android'],
      [kotlin, 'android'],
      [xcode, 'ios'],
    ] as const) {
      expect(await runtimeVersionOf({ platform, policy: 'nativeVersion', projectDirectory: root })).toEqual({
        runtimeVersion: '1.4.0(57)',
      });
      expect(await runtimeVersionOf({ platform, policy: 'appVersion', projectDirectory: root })).toEqual({
        runtimeVersion: '1.4.0',
      });
    }
  });

  it('are refused where a script computes them, where configurations differ, and where there is no native project', async () => {
    for (const files of [
      { 'android/app/build.gradle': GRADLE.replace('57', 'gitCommitCount()') },
      { 'android/app/build.gradle': GRADLE.replace('"1.4.0"', '"$major.0"') },
      { 'android/app/build.gradle': GRADLE.replace('versionName "1.4.0"', '') },
      { 'android/app/build.gradle': `${GRADLE}\n versionName "1.5.0"` },
      {},
    ])
      await expect(readNativeVersion(project(files), 'android')).rejects.toEqual(refused);
    for (const files of [
      { 'ios/Cafe.xcodeproj/project.pbxproj': PBXPROJ.replace('1.4.0', '1.5.0') },
      { 'ios/A.xcodeproj/project.pbxproj': PBXPROJ, 'ios/B.xcodeproj/project.pbxproj': PBXPROJ },
      { 'ios/Cafe.xcodeproj/project.pbxproj': PBXPROJ.replaceAll('1.4.0', '$(VERSION)') },
    ])
      await expect(readNativeVersion(project(files), 'ios')).rejects.toEqual(refused);
  });
});

describe('fingerprint', () => {
  it('is the same for the same native code, another one for other code, and says what differs and why it counts', async () => {
    const root = project({
      'android/app/build.gradle': GRADLE,
      'index.js': '',
      'node_modules/react-native/package.json': '{"name":"react-native","version":"0.88.1"}',
    });
    mkdirSync(join(root, 'node_modules/@expo'), { recursive: true });
    // What @expo/fingerprint asks for native modules.
    const cli = join(root, 'node_modules/.bin/react-native');
    mkdirSync(dirname(cli));
    writeFileSync(cli, `#!/bin/sh\necho '{"root":"${root}","dependencies":{}}'\n`);
    chmodSync(cli, 0o755);
    symlinkSync(
      dirname(require.resolve('@expo/fingerprint/package.json')),
      join(root, 'node_modules/@expo/fingerprint'),
    );
    const first = await runtimeVersionOf({
      platform: 'android',
      policy: 'fingerprint',
      projectDirectory: root,
    });
    expect(first.runtimeVersion).toMatch(/^[0-9a-f]{40}$/);
    writeFileSync(join(root, 'index.js'), 'console.log(1)');
    expect((await fingerprintApp(root, 'android')).hash).toBe(first.runtimeVersion);

    writeFileSync(join(root, 'android/app/build.gradle'), GRADLE.replace('com.cafe', 'com.other'));
    const second = await fingerprintApp(root, 'android');
    expect(second.hash).not.toBe(first.runtimeVersion);
    const lines = explainFingerprints(root, first.fingerprint as never, second);
    expect(lines).toEqual(['changed android (bareNativeDir)']);
    expect(explainFingerprints(root, second, second)).toEqual([]);
    expect(() => explainFingerprints(root, {} as never, second)).toThrow(refused);
  }, 180_000);

  it('says what to install where it is not there', async () => {
    await expect(fingerprintApp(project({}), 'ios')).rejects.toMatchObject({
      code: 'ERR_PUBLISH_RUNTIME',
      message: expect.stringContaining('npm install --save-dev @expo/fingerprint'),
    });
  });
});
