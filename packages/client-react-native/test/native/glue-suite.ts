import { type BootRecord, EMPTY_INTENT, encodeIntentRecord, parseBootRecord } from '@kivyx-ota/lifecycle';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { bundlesOf, newPhone } from './phone.ts';

/** An app on a phone, with a bundle that is asked for. */
export interface GlueApp {
  readonly records: string;
  /** Path of the bundle that is asked for. */
  readonly bundle: string;
  /**
   * A process of the app: what it is (`by-a-push`), then what it does (`background`, `foreground`, `wait`, `content`, `crash`). Gives its
   * last line. An unconfirmed launch has one second in the foreground, and `wait` is longer.
   */
  start(...what: readonly string[]): string;
}

/** Puts a bundle and the wish for it into `records`; gives its path. */
export function askForBundle(records: string, binaryId: string): string {
  const phone = newPhone(1);
  rmSync(records, { force: true, recursive: true });
  mkdirSync(dirname(records), { recursive: true });
  renameSync(phone, records);
  const [stage = ''] = bundlesOf(records);
  const intent = { ...EMPTY_INTENT, binaryId, requestId: 1, sequence: 1, stage, versionCode: 2 };
  writeFileSync(join(records, 'intent.0'), encodeIntentRecord(intent));
  return join(records, 'bundles', stage, 'launch.bundle');
}

/** The boot record that counts. */
export const newestRecord = (records: string): BootRecord | undefined =>
  ['boot.0', 'boot.1']
    .filter((name) => existsSync(join(records, name)))
    .map((name) => parseBootRecord(new Uint8Array(readFileSync(join(records, name)))))
    .toSorted((a, b) => b.sequence - a.sequence)[0];

/** What the glue of every platform leaves behind about a launch. */
export function itLeavesEvidence(install: () => GlueApp): void {
  const markers = (records: string, kind: string): readonly string[] =>
    readdirSync(records).filter((name) => name.startsWith(kind));
  const snapshot = (said: string): unknown => JSON.parse(said.slice('snapshot: '.length));

  it('an exception that nobody catches leaves the marker, and then the handler from before runs', () => {
    const { records, start } = install();
    expect(start('crash')).toBe('before: the app crashed');
    expect(markers(records, 'crash')).toEqual(['crash.1']);
    start();
    expect(newestRecord(records)).toMatchObject({ crashes: 1, unknowns: 0 });
  });

  it('in the background: a marker, until the app is in the foreground again', () => {
    const { records, start } = install();
    start('background');
    expect(markers(records, 'bg')).toEqual(['bg.1']);
    start('background', 'foreground');
    expect(markers(records, 'bg')).toEqual([]);
    expect(newestRecord(records)).toMatchObject({ neutrals: 1, sequence: 2, unknowns: 0 });
  });

  it('a process that a push brought up and the system ended says nothing against its bundle', () => {
    const { records, start } = install();
    start('by-a-push');
    expect(markers(records, 'bg')).toEqual(['bg.1']);
    start('by-a-push', 'foreground');
    expect(markers(records, 'bg')).toEqual([]);
    start('by-a-push', 'crash');
    start();
    expect(newestRecord(records)).toMatchObject({ crashes: 1, neutrals: 1, unknowns: 1 });
  });

  it('an unconfirmed launch that uses up its time in the foreground leaves a marker; the background is no time', () => {
    const { records, start } = install();
    start('foreground', 'background', 'wait');
    expect(markers(records, 'timeout')).toEqual([]);
    start('background', 'foreground', 'wait');
    expect(markers(records, 'timeout')).toEqual(['timeout.2']);
    start();
    expect(newestRecord(records)).toMatchObject({ crashes: 1, neutrals: 1, unknowns: 0 });
  });

  it('content on the screen is a hint, and confirms nothing', () => {
    const { records, start } = install();
    expect(snapshot(start('content'))).toMatchObject({
      contentAppeared: true,
      launchId: 1,
      pending: true,
      reasons: [{ code: 'staged' }],
    });
    start();
    expect(newestRecord(records)).toMatchObject({ currentState: 'P', unknowns: 1 });
  });

  it('tells JavaScript which bundle failed, and why', () => {
    const { bundle, start } = install();
    start('crash');
    start('crash');
    const sha256Hex = basename(dirname(bundle));
    expect(snapshot(start('content'))).toMatchObject({
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
}
