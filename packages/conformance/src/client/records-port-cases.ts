import type { ConformanceCase } from '../case.ts';
import { expectBytes, expectThat } from '../expect.ts';
import { ascii, sampleBytes } from './samples.ts';
import type { RecordsUnderTest } from './under-test.ts';

/** Options of {@link recordsPortCases}. */
export interface RecordsPortCasesOptions {
  /** A port over an empty folder, and another port over the same folder, as after a restart; called once per case. */
  readonly create: () => Promise<RecordsPair> | RecordsPair;
}

/** The same records, seen twice. */
export interface RecordsPair {
  readonly records: RecordsUnderTest;
  readonly reopen: () => Promise<RecordsUnderTest> | RecordsUnderTest;
}

/**
 * One case per clause of the client's `RecordsPort`. What a power cut leaves behind cannot be asked here: that is tested where the
 * adapter is.
 */
export function recordsPortCases({ create }: RecordsPortCasesOptions): readonly ConformanceCase[] {
  const cases: ConformanceCase[] = [];
  const add = (
    clause: number,
    name: string,
    title: string,
    check: (pair: RecordsPair) => Promise<void>,
  ): void => {
    cases.push({
      clause,
      id: `records/${clause}-${name}`,
      run: async () => check(await create()),
      title: `clause ${clause}: ${title}`,
    });
  };

  add(1, 'absent', 'a record that was never written is undefined', async ({ records }) => {
    expectThat((await records.read('intent.0')) === undefined, 'something was there');
  });
  add(2, 'bytes', 'write, then read gives exactly the bytes', async ({ records }) => {
    const bytes = sampleBytes(4096);
    await records.write('trust.0', bytes);
    expectBytes(await records.read('trust.0'), bytes, 'a record of 4,096 bytes');
  });
  add(2, 'replace', 'write replaces the whole record', async ({ records }) => {
    await records.write('trust.0', sampleBytes(2000));
    await records.write('trust.0', ascii('short'));
    expectBytes(await records.read('trust.0'), ascii('short'), 'a short record over a long one');
  });
  add(3, 'apart', 'records do not touch each other', async ({ records }) => {
    await records.write('intent.0', ascii('a'));
    await records.write('intent.1', ascii('b'));
    await records.write('trust.0', ascii('c'));
    await records.write('intent.0', ascii('d'));
    expectBytes(await records.read('intent.0'), ascii('d'), 'intent.0');
    expectBytes(await records.read('intent.1'), ascii('b'), 'intent.1');
    expectBytes(await records.read('trust.0'), ascii('c'), 'trust.0');
  });
  add(4, 'kept', 'what was written is there after a restart', async ({ records, reopen }) => {
    await records.write('intent.1', ascii('kept'));
    expectBytes(await (await reopen()).read('intent.1'), ascii('kept'), 'after a restart');
  });
  add(5, 'whole', 'a reader meets the old record or the new one, never a part', async ({ records }) => {
    const versions = [1, 2].map((n) => new Uint8Array(2000 * n).fill(n));
    await records.write('intent.0', versions[0] as Uint8Array);
    const writing = { done: false };
    const write = (async () => {
      for (let i = 0; i < 20; i++) await records.write('intent.0', versions[i % 2] as Uint8Array);
    })().finally(() => {
      writing.done = true;
    });
    do {
      const found = await records.read('intent.0');
      expectThat(found !== undefined, 'the record was gone for a moment');
      const n = found[0] ?? 0;
      expectThat(
        found.length === 2000 * n && found.every((byte) => byte === n),
        `${found.length} bytes were read, which nobody wrote`,
      );
    } while (!writing.done);
    await write;
  });
  add(6, 'ownership', 'bytes given in or out are nobody else’s', async ({ records }) => {
    const bytes = ascii('abc');
    await records.write('trust.1', bytes);
    bytes.fill(0);
    const first = await records.read('trust.1');
    expectBytes(first, ascii('abc'), 'after the caller changed its buffer');
    first?.fill(1);
    expectBytes(await records.read('trust.1'), ascii('abc'), 'after a reader changed its copy');
  });
  return cases;
}
