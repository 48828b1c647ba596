import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askForBundle, itLeavesEvidence, newestRecord } from './native/glue-suite.ts';
import { compileObjc, hasObjcTools, IOS, linkObjc, sourcesIn } from './native/objc.ts';
import { newFolder, removeFolders } from './native/toolchain.ts';

describe.skipIf(!hasObjcTools())("the iOS glue, over GNUstep's Foundation", () => {
  let app = '';
  const main = (): string => join(app, 'Resources', 'main.jsbundle');
  beforeAll(() => {
    app = join(newFolder(), 'App.app');
    mkdirSync(join(app, 'Resources'), { recursive: true });
    writeFileSync(
      join(app, 'Resources', 'Info-gnustep.plist'),
      '{ CFBundleVersion = "301"; KivyxOtaEmbeddedVersionCode = "1"; KivyxOtaPendingTimeoutSeconds = "1"; }',
    );
    const folders = ['core', 'glue', 'glue-test'].flatMap((folder) => sourcesIn(join(IOS, folder), /./));
    linkObjc(compileObjc(folders), [], join(app, 'App'));
  }, 60_000);
  afterAll(removeFolders);

  const start = (home: string, ...what: readonly string[]) => {
    const conf = join(home, 'GNUstep.conf');
    writeFileSync(conf, 'GNUSTEP_USER_DIR_LIBRARY=./Library\nGNUSTEP_USER_DEFAULTS_DIR=./Defaults\n');
    const env = { ...process.env, GNUSTEP_CONFIG_FILE: conf };
    const { signal, stdout } = spawnSync(join(app, 'App'), what, { encoding: 'utf8', env });
    const lines = stdout.trimEnd().split('\n');
    const value = (key: string): string =>
      lines.find((line) => line.startsWith(`${key}: `))?.slice(key.length + 2) ?? '';
    return {
      again: value('again'),
      binary: value('binary'),
      last: lines.at(-1),
      records: value('records'),
      signal,
      url: value('url'),
    };
  };
  const newHome = (): string => {
    writeFileSync(main(), 'the bundle in the app');
    return newFolder();
  };
  /** A home in which a bundle is asked for. */
  const installed = () => {
    const home = newHome();
    const { binary, records } = start(home);
    return { bundle: askForBundle(records, binary), home, records };
  };

  itLeavesEvidence(() => {
    const { bundle, home, records } = installed();
    return { bundle, records, start: (...what) => start(home, ...what).last ?? '' };
  });

  it('gives the bundle in the app when there is no update', () => {
    const { again, binary, records, url } = start(newHome());
    expect({ again, url }).toEqual({ again: main(), url: main() });
    expect(binary).toMatch(/^301:\d+:21$/);
    expect(newestRecord(records)).toMatchObject({ binaryId: binary, highestVersionCode: 1, sequence: 1 });
  });

  it('gives the update, and decides once', () => {
    const { bundle, home, records } = installed();
    expect(start(home)).toMatchObject({ again: bundle, url: bundle });
    expect(newestRecord(records)).toMatchObject({ currentState: 'P', sequence: 1 });
  });

  it.each([
    ['die-6', 'SIGABRT'],
    ['die-11', 'SIGSEGV'],
    ['die-4', 'SIGILL'],
    ['overrun', 'SIGSEGV'],
  ])('native code that crashes (%s) leaves the marker, and the process still dies of %s', (what, signal) => {
    const { home, records } = installed();
    expect(start(home, what).signal).toBe(signal);
    expect(readdirSync(records)).toContain('crash.1');
    start(home);
    expect(newestRecord(records)).toMatchObject({ crashes: 1, unknowns: 0 });
  });

  it('a crash reporter that was there before gets its signal', () => {
    const { home, records } = installed();
    expect(start(home, 'reported-11').last).toBe('before: signal 11');
    expect(readdirSync(records)).toContain('crash.1');
  });

  it('after a reload in the process the marker speaks of the launch that began then', () => {
    const { home, records } = installed();
    start(home, 'reload', 'die-11');
    expect(readdirSync(records).filter((name) => name.startsWith('crash'))).toEqual(['crash.2']);
  });

  it('a crash of the embedded bundle leaves nothing', () => {
    const home = newHome();
    const { records, signal } = start(home, 'die-11');
    expect(signal).toBe('SIGSEGV');
    expect(readdirSync(records).filter((name) => name.startsWith('crash'))).toEqual([]);
  });

  it('the handler calls nothing but what POSIX allows in one', () => {
    const text = readFileSync(join(IOS, 'core', 'KVXCrashSignals.m'), 'utf8');
    const handler = text.slice(
      text.indexOf('static void leaveMarker'),
      text.indexOf('void KVXCatchCrashSignals'),
    );
    const called = [...handler.matchAll(/(?<!\w)([a-zA-Z_]+)\(/g)].map(([, name]) => name as string);
    // POSIX.1-2024, System Interfaces 2.4.3; KVXFlush is fcntl and fsync.
    const allowed = ['open', 'write', 'close', 'sigaction', 'raise', 'KVXFlush', 'leaveMarker', 'onSignal'];
    const words = ['if', 'for', 'sa_sigaction', 'sa_handler'];
    expect(called.filter((name) => ![...allowed, ...words].includes(name))).toEqual([]);
    expect(handler).not.toContain('[[');
  });

  it('a process that a push brought up is on its own as soon as a scene is in front', () => {
    const { home, records } = installed();
    start(home, 'by-a-push', 'scene');
    expect(readdirSync(records).filter((name) => name.startsWith('bg'))).toEqual([]);
  });

  it('a reload in the background is a launch in the background', () => {
    const { home, records } = installed();
    start(home, 'background', 'reload');
    expect(readdirSync(records)).toContain('bg.2');
    start(home);
    expect(newestRecord(records)).toMatchObject({ neutrals: 2, unknowns: 0 });
  });

  it('an app with another bundle in it starts over', () => {
    const { bundle, home } = installed();
    expect(start(home).url).toBe(bundle);
    writeFileSync(main(), 'another bundle in the app');
    expect(start(home).url).toBe(main());
  });

  it('without a bundle of its own, as in a debug build, nothing is decided', () => {
    const { home, records } = installed();
    rmSync(main());
    expect(start(home)).toMatchObject({ again: 'nil', url: 'nil' });
    expect(readdirSync(records).toSorted()).toEqual(['bundles', 'intent.0']);
  });

  it('a reload in the process is decided anew, and the launch before ended because it was wanted', () => {
    const { bundle, home, records } = installed();
    expect(start(home, 'reload').last).toBe(`reloaded: ${bundle}`);
    expect(newestRecord(records)).toMatchObject({ neutrals: 1, sequence: 2, unknowns: 0 });
  });
});
