// `kivyx bundle` on a small app whose React Native is a stand-in of twenty lines; the real one is bundled in examples/react-native.
import { zipSync } from 'fflate';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixture, kivyx } from './run-kivyx.ts';

const home = mkdtempSync(join(tmpdir(), 'kivyx-bundle-'));
afterAll(() => rmSync(home, { force: true, recursive: true }));
const hermesc = join(import.meta.dirname, 'fixtures/hermesc.mjs');

/** Writes what it was asked for, as React Native's scripts do. */
const BUNDLE = `const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const of = (name) => process.argv[process.argv.indexOf('--' + name) + 1];
if (of('entry-file') === 'broken.js') { console.error('SyntaxError: broken.js'); process.exit(1); }
writeFileSync(of('bundle-output'), JSON.stringify(process.argv.slice(2)));
writeFileSync(of('sourcemap-output'), '{"of":"bundler"}');
mkdirSync(join(of('assets-dest'), 'drawable-mdpi'), { recursive: true });
writeFileSync(join(of('assets-dest'), 'drawable-mdpi/cup.png'), 'cup');`;
const COMPOSE = `const { readFileSync, writeFileSync } = require('node:fs');
const [bundler, compiler, , out] = process.argv.slice(2);
writeFileSync(out, JSON.stringify([JSON.parse(readFileSync(bundler)), JSON.parse(readFileSync(compiler))]));`;

beforeAll(() => {
  for (const [path, text] of Object.entries({
    'android/app/build.gradle': 'versionCode 57\nversionName "1.4.0"\n',
    'index.js': '',
    'node_modules/react-native/package.json': '{"name":"react-native","version":"0.88.1"}',
    'node_modules/react-native/scripts/bundle.js': BUNDLE,
    'node_modules/react-native/scripts/compose-source-maps.js': COMPOSE,
    'package.json': '{"name":"cafe"}',
  })) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  chmodSync(hermesc, 0o755);
  for (const [name, path] of [
    ['app.aab', 'base/assets/index.android.bundle'],
    ['app.ipa', 'Payload/Cafe.app/main.jsbundle'],
  ] as const)
    writeFileSync(join(home, name), zipSync({ [path]: fixture('base-99.hbc') }));
  writeFileSync(
    join(home, 'old.aab'),
    zipSync({ 'base/assets/index.android.bundle': fixture('base-98.hbc') }),
  );
});
const bundle = (args: readonly string[]): ReturnType<typeof kivyx> =>
  kivyx(['bundle', '--platform', 'android', '--hermesc', hermesc, ...args], { cwd: home });

it('makes a release folder against the bundle in the store binary, one map beside it, and says what comes next', async () => {
  const { code, stderr, stdout } = await bundle([
    '--out',
    'build/android',
    '--binary',
    'app.aab',
    '--runtime',
    'nativeVersion',
  ]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('build/android/index.android.bundle: HBC 99');
  expect(stdout).toContain(
    'Next: kivyx publish --android build/android --keep-source-map --release <version>',
  );
  expect(readFileSync(join(home, 'build/android/index.android.bundle')).subarray(0, 4)).toEqual(
    Buffer.from('c61fbc03', 'hex'),
  );
  expect(readFileSync(join(home, 'build/android.embedded')).equals(fixture('base-99.hbc'))).toBe(true);
  expect(JSON.parse(readFileSync(join(home, 'build/android.map'), 'utf8'))).toMatchObject([
    { of: 'bundler' },
    {},
  ]);
  expect(existsSync(join(home, 'build/android/drawable-mdpi/cup.png'))).toBe(true);
}, 60_000);

it('refuses a folder that is not empty, a binary of the other platform or of another bytecode version, and says what the bundler said', async () => {
  expect(await bundle(['--out', 'build/android'])).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/ERR_PUBLISH_BUNDLER.*is not empty/),
  });
  expect(await bundle(['--out', 'build/b', '--binary', 'app.ipa'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('is for ios, not android'),
  });
  expect(await bundle(['--out', 'build/c', '--binary', 'old.aab'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('bytecode version 98'),
  });
  expect(await bundle(['--out', 'build/d', '--entry-file', 'broken.js'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('SyntaxError: broken.js'),
  });
}, 120_000);
