import {
  EMPTY_INTENT,
  encodeIntentRecord,
  INTENT_SLOTS,
  type IntentRecord,
  safeParseIntentRecord,
} from '@kivyx-ota/lifecycle';
import { clientError } from './error.ts';
import type { RecordsPort } from './ports.ts';

/** What JavaScript asks the next boot for. JavaScript is the only writer of this record. */
export interface IntentStore {
  read(): Promise<IntentRecord>;
  stage(
    request: Pick<IntentRecord, 'binaryId' | 'directive' | 'retryToken' | 'stage' | 'versionCode'>,
  ): Promise<void>;
  /** False when this launch was confirmed before. */
  acknowledge(launchId: number): Promise<boolean>;
}

/** The intent record over its two slots; the newest valid one is never touched. */
export function createIntentStore(records: RecordsPort): IntentStore {
  const load = async (): Promise<{ readonly record: IntentRecord; readonly freeSlot: string }> => {
    const readings = await Promise.all(
      INTENT_SLOTS.map(async (name) => {
        const bytes = await records.read(name);
        return bytes === undefined ? undefined : safeParseIntentRecord(bytes);
      }),
    );
    if (readings.some((reading) => reading?.kind === 'newer')) {
      throw clientError(
        'ERR_CLIENT_STATE',
        'A newer version of this library wrote the intent record; update the app',
      );
    }
    const [a, b] = readings.map((reading) => (reading?.kind === 'record' ? reading.record : undefined));
    const newest = a === undefined ? b : b === undefined || a.sequence > b.sequence ? a : b;
    return {
      freeSlot: newest !== undefined && newest === a ? INTENT_SLOTS[1] : INTENT_SLOTS[0],
      record: newest ?? EMPTY_INTENT,
    };
  };
  // One after the other: a confirmation and a staging at once would build on the same record.
  let last: Promise<unknown> = Promise.resolve();
  const change = <T>(work: (record: IntentRecord) => readonly [IntentRecord | undefined, T]): Promise<T> => {
    const run = last.then(async () => {
      const { record, freeSlot } = await load();
      const [next, result] = work(record);
      if (next !== undefined)
        await records.write(freeSlot, encodeIntentRecord({ ...next, sequence: record.sequence + 1 }));
      return result;
    });
    last = run.catch(() => undefined);
    return run;
  };
  return {
    acknowledge: (launchId) =>
      change((record) =>
        record.acknowledgedLaunchId >= launchId
          ? [undefined, false]
          : [{ ...record, acknowledgedLaunchId: launchId }, true],
      ),
    read: async () => (await load()).record,
    stage: (request) =>
      change((record) => [{ ...record, ...request, requestId: record.requestId + 1 }, undefined]),
  };
}
