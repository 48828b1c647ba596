import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { androidProgram, compileAndroid } from './native/android.ts';
import { askForBundle, itLeavesEvidence, newestRecord } from './native/glue-suite.ts';
import { JAVA_COMMAND } from './native/java.ts';
import { hasPlatforms } from './native/platforms.ts';
import { hasTools, newFolder, removeFolders } from './native/toolchain.ts';

const BINARY = '301:1790000000000';
const ready = hasTools({ java: ['-version'], javac: ['-version'] }) && hasPlatforms(['react-native-0.70']);

describe.skipIf(!ready)('the Android glue, over stubs of the classes it uses', () => {
  let classes = '';
  beforeAll(() => {
    classes = compileAndroid();
  }, 60_000);
  afterAll(removeFolders);

  /** An app's files with a bundle that is asked for. */
  const installed = (): { files: string; records: string; bundle: string } => {
    const files = newFolder();
    const records = join(files, 'kivyx-ota', 'v1');
    return { bundle: askForBundle(records, BINARY), files, records };
  };
  const start = (files: string, ...what: readonly string[]): readonly string[] => {
    const args = [...androidProgram(classes, 'GlueProgram'), files, ...what];
    const { stdout } = spawnSync(JAVA_COMMAND, args, { encoding: 'utf8' });
    return stdout.trimEnd().split('\n');
  };

  itLeavesEvidence(() => {
    const { bundle, files, records } = installed();
    return {
      bundle,
      records,
      start: (...what) =>
        start(files, 'timeout=1', ...what.map((one) => (one === 'wait' ? 'wait=1500' : one))).at(-1) ?? '',
    };
  });

  it('gives the path of the bundle, decides once, and names the launch to the system', () => {
    const { bundle, files, records } = installed();
    expect(start(files)).toEqual([`path: ${bundle}`, `again: ${bundle}`, 'summary: kivyx-ota:1']);
    expect(newestRecord(records)).toMatchObject({ binaryId: BINARY, currentState: 'P', sequence: 1 });
  });

  it.each(['debug', 'other-process', 'locked'])(
    '%s: the bundle in the app, and nothing is written',
    (what) => {
      const { files, records } = installed();
      expect(start(files, what)).toEqual(['path: null', 'again: null', 'summary: null']);
      expect(readdirSync(records).toSorted()).toEqual(['bundles', 'intent.0']);
    },
  );

  // Numbers of ApplicationExitInfo.
  it.each([
    ['a crash in native code', ['exit=5 kivyx-ota:1'], { crashes: 1 }],
    ['an ANR', ['exit=6 kivyx-ota:1'], { crashes: 1 }],
    ['swiped away', ['exit=10 kivyx-ota:1'], { neutrals: 1 }],
    ['killed for memory', ['exit=3 kivyx-ota:1'], { unknowns: 1 }],
    ['a crash of another launch', ['exit=5 kivyx-ota:7'], { unknowns: 1 }],
    ['a crash of something else', ['exit=5 other'], { unknowns: 1 }],
    ['a later crash of another process', ['exit=5 other', 'exit=6 kivyx-ota:1'], { crashes: 1 }],
    ['a summary that is no number', ['exit=5 kivyx-ota:x'], { unknowns: 1 }],
    ['Android 10', ['old-android', 'exit=5 kivyx-ota:1'], { unknowns: 1 }],
  ])('what the system remembers counts: %s', (_what, exits, counters) => {
    const { files, records } = installed();
    start(files);
    start(files, ...exits);
    expect(newestRecord(records)).toMatchObject({ crashes: 0, neutrals: 0, unknowns: 0, ...counters });
  });

  it('a version code that the build rounded to a float lets nothing in that is older', () => {
    const { files, records } = installed();
    start(files, 'embedded=2026112601');
    const { highestVersionCode = 0 } = newestRecord(records) ?? {};
    expect(highestVersionCode).toBeGreaterThanOrEqual(2_026_112_601);
    expect(highestVersionCode).toBeLessThan(2_026_112_601 + 512);
  });

  it('a folder that cannot be made: the bundle in the app', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(start(file)).toEqual(['path: null', 'again: null', 'summary: null']);
  });

  it('a launch that was confirmed in time leaves none', () => {
    const { files, records } = installed();
    start(files, 'timeout=1', 'foreground', 'confirm', 'wait=1500');
    expect(readdirSync(records).filter((name) => name.startsWith('timeout'))).toEqual([]);
    start(files);
    expect(newestRecord(records)).toMatchObject({ currentState: 'H' });
  });

  it("React Native's host asks for the bundle at each load: a reload in the process gets the next decision", () => {
    const { bundle, files, records } = installed();
    const lines = start(files, 'load', 'reload', 'load', 'reload', 'reload', 'load');
    expect(lines.slice(3)).toEqual([
      `file: ${bundle}`,
      'reloads: 1',
      `file: ${bundle}`,
      'reloads: 2',
      'reloads: 3',
      `file: ${bundle}`,
    ]);
    // Each launch ended because it was wanted.
    expect(newestRecord(records)).toMatchObject({ neutrals: 3, sequence: 4, unknowns: 0 });
    expect(start(files, 'debug', 'load').at(-1)).toBe('asset: assets://index.android.bundle');
  });

  it('a fatal error of JavaScript is marked, and goes on as it is', () => {
    const { files, records } = installed();
    expect(start(files, 'fatal').at(-1)).toBe('before: JavaScript failed');
    expect(readdirSync(records)).toContain('crash.1');
  });
});
