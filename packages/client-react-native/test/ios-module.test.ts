import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateSpec, moduleSpec, selectorsOf } from './native/codegen.ts';
import { appFolder, checkObjc, checkObjcxx, reactFlags } from './native/ios-module.ts';
import { type ModuleProcess, startModule } from './native/module-process.ts';
import { itKeepsThePorts } from './native/module-suite.ts';
import { compileObjc, hasBlocks, hasObjcTools, IOS, linkObjc, sourcesIn } from './native/objc.ts';
import { newFolder, removeFolders } from './native/toolchain.ts';

const REACT = join(IOS, 'react');
const EMBEDDED = 'the bundle in the app '.repeat(10_000);
const IMAGE = 'image '.repeat(1000);

describe.skipIf(!hasObjcTools() || !hasBlocks())(
  "the native module for iOS, against React Native's headers",
  () => {
    let app = '';
    let selectors: readonly string[] = [];
    beforeAll(() => {
      selectors = selectorsOf(generateSpec());
      app = appFolder(
        '{ CFBundleVersion = "301"; CFBundleShortVersionString = "3.0.1"; KivyxOtaEmbeddedVersionCode = "1"; KivyxOtaRuntimeVersion = "rt 7"; }',
      );
      writeFileSync(join(app, 'Resources', 'main.jsbundle'), EMBEDDED);
      mkdirSync(join(app, 'Resources', 'assets', 'src', 'img'), { recursive: true });
      writeFileSync(join(app, 'Resources', 'assets', 'src', 'img', 'a@2x.png'), IMAGE);
      // NSURLSession is not built on Debian: a socket stands for it, and KVXDownload.m is only checked.
      const sources = ['core', 'glue', 'react', 'module-test']
        .flatMap((folder) => sourcesIn(join(IOS, folder), /./))
        .filter((path) => !path.endsWith('/KVXDownload.m'));
      linkObjc(compileObjc(sources, reactFlags()), ['-lBlocksRuntime'], join(app, 'App'));
    }, 120_000);
    afterAll(removeFolders);
    const start = (home = newFolder()): ModuleProcess => {
      const conf = join(home, 'GNUstep.conf');
      writeFileSync(conf, 'GNUSTEP_USER_DIR_LIBRARY=./Library\nGNUSTEP_USER_DEFAULTS_DIR=./Defaults\n');
      return startModule(join(app, 'App'), selectors, { GNUSTEP_CONFIG_FILE: conf });
    };

    itKeepsThePorts(() => start());

    it('has every method of the protocol that the code generator writes', () => {
      expect(selectors).toHaveLength(moduleSpec.methods.length + 1); // constantsToExport
      const module = readFileSync(join(REACT, 'KivyxOtaModule.m'), 'utf8');
      const implemented = [...module.matchAll(/^- \([^\n]*?\)(\w+[^{]*)\{/gm)].map(([, declared = '']) => {
        const labels = declared.match(/\w+:(?=\()/g);
        return labels === null ? declared.trim() : labels.join('');
      });
      expect(selectors.filter((selector) => !implemented.includes(selector))).toEqual([]);
    });

    it('reads the bundle in the app in parts, and finds an image of the app by its bytes', async () => {
      const { end, native } = start();
      expect(await native.embeddedSize()).toBe(EMBEDDED.length);
      const part = Buffer.from(await native.readEmbedded(200_000, 100_000), 'base64url');
      expect(part.toString()).toBe(EMBEDDED.slice(200_000));
      const hash = createHash('sha256').update(IMAGE).digest('hex');
      expect(await native.copyEmbeddedAsset(hash, 'tmp/r/a.png')).toBe(true);
      expect(await native.sha256File('tmp/r/a.png')).toBe(hash);
      expect(await native.copyEmbeddedAsset('f'.repeat(64), 'tmp/r/b.png')).toBe(false);
      end();
    });

    it('loads again in the process', async () => {
      const module = start();
      await module.native.restart();
      expect(await module.call('reloads')).toBe(1);
      module.end();
    });

    it('clang takes the session code, and refuses planted errors', () => {
      const planted = {
        'KVXDownload.m': [
          ['completionHandler(nil);', 'completionHandler(request, nil);'],
          ['[session finishTasksAndInvalidate];', '[session finishTasks];'],
          [
            'completionHandler:(void (^)(NSURLSessionResponseDisposition))completionHandler {',
            'completionHandler:(void (^)(NSError *))completionHandler {',
          ],
        ],
        'KivyxOtaModule.m': [
          [
            'RCTTriggerReloadCommandListeners(@"Kivyx OTA");',
            'RCTTriggerReloadCommandListeners(@"Kivyx OTA", YES);',
          ],
          ['RCTSetFatalHandler(^(NSError *error) {', 'RCTSetFatalHandler(^(NSException *error) {'],
          ['[_files rename:from to:to error:&error]', '[_files move:from to:to error:&error]'],
        ],
      };
      for (const [file, mistakes] of Object.entries(planted)) {
        const text = readFileSync(join(REACT, file), 'utf8');
        checkObjc(join(REACT, file));
        for (const [right = '', wrong = ''] of mistakes) {
          const copy = join(newFolder(), file);
          expect(text).toContain(right);
          writeFileSync(copy, text.replace(right, wrong));
          expect(() => checkObjc(copy), wrong).toThrow(file);
        }
      }
    });

    it('clang takes the C++ between the module and what the code generator writes, in fifteen lines, and refuses planted errors', () => {
      const generated = generateSpec();
      const path = join(REACT, 'KivyxOtaModule+Turbo.mm');
      const shim = readFileSync(path, 'utf8');
      expect(shim.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
      checkObjcxx(path, generated);
      const copy = join(newFolder(), 'KivyxOtaModule+Turbo.mm');
      for (const [right, wrong] of [
        ['NativeKivyxOtaSpecJSI>(params)', 'NativeKivyxOtaSpecJSI>()'],
        ['const facebook::react::ObjCTurboModule::InitParams &', 'int '],
        ['setEventEmitterCallback:callback]', 'setEventEmitter:callback]'],
      ] as const) {
        expect(shim).toContain(right);
        writeFileSync(copy, shim.replace(right, wrong));
        expect(() => checkObjcxx(copy, generated), wrong).toThrow('KivyxOtaModule+Turbo.mm');
      }
    }, 60_000);
  },
);
