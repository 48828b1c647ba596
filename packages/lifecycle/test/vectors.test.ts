import {
  type BootReasonCode,
  encodeBootRecord,
  encodeIntentRecord,
  parseMarkerName,
  planCleanUp,
  type RecordFiles,
  runBoot,
  safeParseBootRecord,
  safeParseIntentRecord,
  type SlotReading,
  type SlotState,
} from '@kivyx-ota/lifecycle';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BootVector, LifecycleVectors } from '../scripts/vectors/build-vectors.ts';
import { buildVectors } from '../scripts/vectors/build-vectors.ts';
import { toJsonForm } from '../scripts/vectors/json-form.ts';
import { toLineForm } from '../scripts/vectors/line-form.ts';

const read = (name: string): string =>
  readFileSync(new URL(`../../../docs/spec/vectors/${name}`, import.meta.url), 'utf8');
const json = read('lifecycle-boot.json');
const vectors = JSON.parse(json) as LifecycleVectors;

const bytes = (file: string): Uint8Array => {
  const text = vectors.files[file];
  if (text === undefined) throw new Error(`no file ${file}`);
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
};
const isState = (file: string): file is 'absent' | 'locked' => file === 'absent' || file === 'locked';

function boot(vector: BootVector, writeFails: boolean) {
  const slots = new Map(
    ['boot.0', 'boot.1', 'intent.0', 'intent.1'].map((name, i) => [
      name,
      [...vector.boot, ...vector.intent][i] as string,
    ]),
  );
  const written: { slot: string; bytes: Uint8Array }[] = [];
  const removed: string[] = [];
  const files: RecordFiles = {
    list: () => vector.names,
    read: (name) => {
      const file = slots.get(name) ?? 'absent';
      return isState(file) ? file : bytes(file);
    },
    remove: (name) => {
      removed.push(name);
    },
    writeDurable: (slot, content) => {
      if (writeFails) throw new Error('full');
      written.push({ bytes: content, slot });
    },
  };
  const { launch, deletes, reasons } = runBoot(files, {
    binaryId: vector.binaryId,
    embeddedVersionCode: vector.embeddedVersionCode,
    isIntact: (sha) => vector.intact.includes(sha),
    lockAcquired: vector.lockAcquired,
  });
  expect(removed).toEqual(deletes);
  return { outcome: { launch, deletes, reasons }, written };
}

function runAll(): void {
  for (const vector of vectors.boots) {
    const { write, ...expected } = vector.expected;
    const { outcome, written } = boot(vector, false);
    expect(outcome, vector.name).toEqual(expected);
    expect(written, vector.name).toEqual(
      write === undefined ? [] : [{ bytes: bytes(write.file), slot: write.slot }],
    );
    const failing = boot(vector, true);
    expect(failing.outcome, `${vector.name}, write fails`).toEqual(vector.ifWriteFails ?? expected);
    expect(failing.written).toEqual([]);
  }
}

describe('the published vectors of the boot code', () => {
  it('are what scripts/make-vectors.ts makes', () => {
    const made = buildVectors();
    expect(toJsonForm(made) === json, 'lifecycle-boot.json is stale: run scripts/make-vectors.ts').toBe(true);
    expect(toLineForm(made) === read('lifecycle-boot.txt'), 'lifecycle-boot.txt is stale').toBe(true);
  });

  it('have names of their own, 560 boots at least, and every reason there is', () => {
    const names = vectors.boots.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(560);
    const seen = new Set(
      vectors.boots.flatMap(({ expected, ifWriteFails }) =>
        [...expected.reasons, ...(ifWriteFails?.reasons ?? [])].map(({ code }) => code),
      ),
    );
    // `host-error` means that the host itself is broken, which no file can bring about.
    const all: Record<Exclude<BootReasonCode, 'host-error'>, true> = {
      'binary-changed': true,
      'both-slots-corrupt': true,
      'bundle-damaged': true,
      confirmed: true,
      crashed: true,
      directive: true,
      'ended-neutral': true,
      'ended-unknown': true,
      failed: true,
      locked: true,
      'newer-schema': true,
      'other-process': true,
      'refused-binary': true,
      'refused-damaged': true,
      'refused-directive': true,
      'refused-failed': true,
      'refused-version': true,
      reinstalled: true,
      renumbered: true,
      retried: true,
      'sequence-exhausted': true,
      staged: true,
      'timed-out': true,
      'write-failed': true,
    };
    expect([...seen].toSorted()).toEqual(Object.keys(all).toSorted());
  });

  it('say what this implementation does at a boot', runAll);

  describe('at any time of day', () => {
    afterEach(() => void vi.useRealTimers());
    it.each(['2016-11-24', '2036-11-24', '1970-01-01'])('%s', (day) => {
      vi.useFakeTimers({ now: new Date(day) });
      runAll();
    });
  });

  it('say how records are read, and every good one is written the same again', () => {
    let good = 0;
    for (const { name, record, file, reading, detail } of vectors.records) {
      const found: SlotReading<never> = (
        record === 'boot' ? safeParseBootRecord(bytes(file)) : safeParseIntentRecord(bytes(file))
      ) as SlotReading<never>;
      expect(found.kind, name).toBe(reading);
      if (found.kind === 'corrupt') expect(found.why, name).toBe(detail);
      if (found.kind === 'newer') expect(found.version, name).toBe(detail);
      if (found.kind !== 'record') continue;
      good++;
      const again = record === 'boot' ? encodeBootRecord(found.record) : encodeIntentRecord(found.record);
      expect(again, name).toEqual(bytes(file));
    }
    expect(good).toBeGreaterThanOrEqual(12);
    expect(vectors.records.length).toBeGreaterThanOrEqual(160);
  });

  it('say which file names are markers', () => {
    for (const { name, ...marker } of vectors.markers)
      expect(parseMarkerName(name), name).toEqual('kind' in marker ? marker : undefined);
  });

  it('say what a clean-up may remove', () => {
    const pair = (files: readonly string[], parse: (content: Uint8Array) => SlotReading<unknown>) =>
      files.map((file): SlotState<unknown> => (isState(file) ? { kind: file } : parse(bytes(file)))) as never;
    for (const { name, boot: bootFiles, intent, bundles, inUse, removable } of vectors.cleanUps) {
      const found = planCleanUp({
        boot: pair(bootFiles, safeParseBootRecord),
        bundles,
        inUse,
        intent: pair(intent, safeParseIntentRecord),
      });
      expect(found, name).toEqual(removable);
    }
  });
});
