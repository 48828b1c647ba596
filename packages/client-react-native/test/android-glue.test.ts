import { EMPTY_INTENT, encodeIntentRecord, parseBootRecord } from '@kivyx-ota/lifecycle';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { androidProgram, compileAndroid } from './native/android.ts';
import { JAVA_COMMAND } from './native/java.ts';
import { bundlesOf, newPhone } from './native/phone.ts';
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
    const phone = newPhone(1);
    const files = newFolder();
    const records = join(files, 'kivyx-ota', 'v1');
    mkdirSync(join(files, 'kivyx-ota'));
    renameSync(phone, records);
    const [stage = ''] = bundlesOf(records);
    const intent = { ...EMPTY_INTENT, binaryId: BINARY, requestId: 1, sequence: 1, stage, versionCode: 2 };
    writeFileSync(join(records, 'intent.0'), encodeIntentRecord(intent));
    return { bundle: join(records, 'bundles', stage, 'launch.bundle'), files, records };
  };
  const start = (files: string, ...what: readonly string[]): readonly string[] => {
    const args = [...androidProgram(classes, 'GlueProgram'), files, ...what];
    const { stdout } = spawnSync(JAVA_COMMAND, args, { encoding: 'utf8' });
    return stdout.trimEnd().split('\n');
  };
  const newest = (records: string) =>
    ['boot.0', 'boot.1']
      .filter((name) => existsSync(join(records, name)))
      .map((name) => parseBootRecord(new Uint8Array(readFileSync(join(records, name)))))
      .toSorted((a, b) => b.sequence - a.sequence)[0];

  it('gives the path of the bundle, decides once, and names the launch to the system', () => {
    const { bundle, files, records } = installed();
    expect(start(files)).toEqual([`path: ${bundle}`, `again: ${bundle}`, 'summary: kivyx-ota:1']);
    expect(newest(records)).toMatchObject({ binaryId: BINARY, currentState: 'P', sequence: 1 });
  });

  it.each(['debug', 'other-process', 'locked'])(
    '%s: the bundle in the app, and nothing is written',
    (what) => {
      const { files, records } = installed();
      expect(start(files, what)).toEqual(['path: null', 'again: null', 'summary: null']);
      expect(readdirSync(records).toSorted()).toEqual(['bundles', 'intent.0']);
    },
  );

  it('an exception that nobody catches leaves the marker, and then the handler from before runs', () => {
    const { files, records } = installed();
    expect(start(files, 'crash').at(-1)).toBe('before: the app crashed');
    expect(readdirSync(records)).toContain('crash.1');
    start(files);
    expect(newest(records)).toMatchObject({ crashes: 1, unknowns: 0 });
  });

  it('in the background: a marker, until the app is in the foreground again', () => {
    const { files, records } = installed();
    start(files, 'background');
    expect(readdirSync(records)).toContain('bg.1');
    start(files, 'background', 'foreground');
    expect(readdirSync(records).filter((name) => name.startsWith('bg'))).toEqual([]);
    expect(newest(records)).toMatchObject({ neutrals: 1, sequence: 2, unknowns: 0 });
  });

  it('a process that a push brought up and the system ended says nothing against its bundle', () => {
    const { files, records } = installed();
    start(files, 'by-a-push');
    expect(readdirSync(records)).toContain('bg.1');
    start(files, 'by-a-push', 'foreground');
    expect(readdirSync(records).filter((name) => name.startsWith('bg'))).toEqual([]);
    start(files, 'by-a-push', 'crash');
    start(files);
    expect(newest(records)).toMatchObject({ crashes: 1, neutrals: 1, unknowns: 1 });
  });

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
    expect(newest(records)).toMatchObject({ crashes: 0, neutrals: 0, unknowns: 0, ...counters });
  });

  it('a version code that the build rounded to a float lets nothing in that is older', () => {
    const { files, records } = installed();
    start(files, 'embedded=2026112601');
    const { highestVersionCode = 0 } = newest(records) ?? {};
    expect(highestVersionCode).toBeGreaterThanOrEqual(2_026_112_601);
    expect(highestVersionCode).toBeLessThan(2_026_112_601 + 512);
  });

  it('a folder that cannot be made: the bundle in the app', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(start(file)).toEqual(['path: null', 'again: null', 'summary: null']);
  });

  it('an unconfirmed launch that uses up its time in the foreground leaves a marker; the background is no time', () => {
    const { files, records } = installed();
    start(files, 'timeout=1', 'background', 'wait=1500');
    expect(readdirSync(records)).not.toContain('timeout.1');
    start(files, 'timeout=1', 'foreground', 'wait=1500');
    expect(readdirSync(records)).toContain('timeout.2');
    start(files);
    expect(newest(records)).toMatchObject({ crashes: 1, neutrals: 1, unknowns: 0 });
  });

  it('a launch that was confirmed in time leaves none', () => {
    const { files, records } = installed();
    start(files, 'timeout=1', 'foreground', 'confirm', 'wait=1500');
    expect(readdirSync(records).filter((name) => name.startsWith('timeout'))).toEqual([]);
    start(files);
    expect(newest(records)).toMatchObject({ currentState: 'H' });
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
    expect(newest(records)).toMatchObject({ neutrals: 3, sequence: 4, unknowns: 0 });
    expect(start(files, 'debug', 'load').at(-1)).toBe('asset: assets://index.android.bundle');
  });

  it('a fatal error of JavaScript is marked, and goes on as it is', () => {
    const { files, records } = installed();
    expect(start(files, 'fatal').at(-1)).toBe('before: JavaScript failed');
    expect(readdirSync(records)).toContain('crash.1');
  });

  it('content on the screen is a hint, and confirms nothing', () => {
    const { files, records } = installed();
    const said = start(files, 'content').at(-1) ?? '';
    expect(JSON.parse(said.slice('snapshot: '.length))).toMatchObject({
      contentAppeared: true,
      launchId: 1,
      pending: true,
      reasons: [{ code: 'staged' }],
    });
    start(files);
    expect(newest(records)).toMatchObject({ currentState: 'P', unknowns: 1 });
  });

  it('tells JavaScript which bundle failed, and why', () => {
    const { bundle, files } = installed();
    start(files, 'crash');
    start(files, 'crash');
    const said = start(files, 'content').at(-1) ?? '';
    const sha256Hex = basename(dirname(bundle));
    expect(JSON.parse(said.slice('snapshot: '.length))).toMatchObject({
      consumedRequestId: 1,
      failed: [{ cause: 'crash', retryToken: 0, sha256Hex }],
      highestVersionCode: 2,
      keep: [sha256Hex],
      pending: false,
      reasons: [
        { code: 'crashed', sha256Hex },
        { code: 'failed', sha256Hex },
      ],
      running: 'embedded',
      versionCode: 1,
    });
  });
});
