import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ANDROID, androidProgram, compileAndroid, compileAndroidAgain } from './native/android.ts';
import { type ModuleProcess, startModule } from './native/module-process.ts';
import { itKeepsThePorts } from './native/module-suite.ts';
import { hasPlatforms } from './native/platforms.ts';
import { hasTools, newFolder, removeFolders, runTool } from './native/toolchain.ts';

const ready =
  hasTools({ jar: ['--version'], java: ['-version'], javac: ['-version'] }) &&
  hasPlatforms(['react-native-0.70']);

describe.skipIf(!ready)(
  "the native module for Android, on a Java virtual machine with React Native's classes",
  () => {
    let classes = '';
    beforeAll(() => {
      classes = compileAndroid();
    }, 60_000);
    afterAll(removeFolders);
    const start = (files = newFolder()): ModuleProcess =>
      startModule('java', androidProgram(classes, 'ModuleProgram').concat(files));

    itKeepsThePorts(() => start());

    it('keeps its installation id', async () => {
      const files = newFolder();
      const module = start(files);
      const before = (await module.call('getConstants')) as string[];
      module.end();
      const again = start(files);
      expect(await again.call('getConstants')).toContain(before[before.indexOf('installationId') + 1]);
      again.end();
    });

    it('reads the bundle in the app in parts', async () => {
      const files = newFolder();
      const bundle = Buffer.from('the bundle in the app '.repeat(10_000));
      writeFileSync(join(files, 'index.android.bundle'), bundle);
      const { native, end } = start(files);
      expect(await native.embeddedSize()).toBe(bundle.length);
      const part = Buffer.from(await native.readEmbedded(200_000, 100_000), 'base64url');
      expect(part.equals(bundle.subarray(200_000))).toBe(true);
      end();
      const none = start();
      expect(await none.native.embeddedSize()).toBe(-1);
      none.end();
    });

    it('finds an image of the app by its bytes', async () => {
      const files = newFolder();
      const image = Buffer.from('image '.repeat(1000));
      mkdirSync(join(files, 'apk', 'res', 'drawable-mdpi-v4'), { recursive: true });
      writeFileSync(join(files, 'apk', 'res', 'drawable-mdpi-v4', 'a.png'), image);
      runTool('jar', ['cfM', join(files, 'app.apk'), '-C', join(files, 'apk'), '.']);
      const { native, end } = start(files);
      const hash = createHash('sha256').update(image).digest('hex');
      expect(await native.copyEmbeddedAsset(hash, 'tmp/r/a.png')).toBe(true);
      expect(await native.sha256File('tmp/r/a.png')).toBe(hash);
      expect(await native.copyEmbeddedAsset(hash.replace(/^./, 'x'), 'tmp/r/b.png')).toBe(false);
      end();
    });

    it('restarts by an activity in another process, and says that it is wanted', async () => {
      const module = start();
      await module.native.restart();
      expect(await module.call('started-activity')).toBe('org.kivyx.ota.RestartActivity');
      module.end();
      const manifest = readFileSync(join(ANDROID, 'src/main/AndroidManifest.xml'), 'utf8');
      expect(manifest).toMatch(/android:name="org\.kivyx\.ota\.RestartActivity"[^>]*android:process=":/);
    });

    // A check that cannot fail is none.
    it.each([
      [
        'KivyxOtaModule.java',
        'public void sha256File(String path, Promise promise)',
        'public void sha256File(String path)',
      ],
      ['KivyxOtaModule.java', 'double idleTimeoutMs,', 'int idleTimeoutMs,'],
      ['OtaBundleLoader.java', 'loadScriptFromFile(path, path, false)', 'loadScriptFromFile(path, false)'],
      [
        'OtaReactHost.java',
        'public JSRuntimeFactory getJsRuntimeFactory',
        'public JSRuntimeFactory getRuntimeFactory',
      ],
      ['KivyxOtaPackage.java', 'extends BaseReactPackage', 'extends com.facebook.react.LazyReactPackage'],
      ['OtaProcess.java', 'ReactMarkerConstants.CONTENT_APPEARED', 'ReactMarkerConstants.CONTENT_SHOWN'],
    ])('javac refuses %s with %s → %s', (file, right, wrong) => {
      const copy = newFolder();
      const text = readFileSync(join(ANDROID, 'src/main/java/org/kivyx/ota', file), 'utf8');
      expect(text).toContain(right);
      writeFileSync(join(copy, file), text);
      compileAndroidAgain(copy, classes);
      writeFileSync(join(copy, file), text.replace(right, wrong));
      expect(() => compileAndroidAgain(copy, classes)).toThrow(file);
    });

    it('has no Kotlin, no C++ and no reflection', () => {
      const folder = join(ANDROID, 'src/main');
      for (const name of readdirSync(folder, { encoding: 'utf8', recursive: true })) {
        expect(name).not.toMatch(/\.(kt|cpp|h|so)$/);
        if (!name.endsWith('.java')) continue;
        const text = readFileSync(join(folder, name), 'utf8');
        expect(text, name).not.toMatch(
          /java\.lang\.reflect|Class\.forName|getDeclared|\.getMethod\(|\bnative \w+ \w+\(/,
        );
      }
    });
  },
);
