import {
  acknowledgeIntent,
  EMPTY_INTENT,
  encodeIntentRecord,
  INTENT_SLOTS,
  type IntentRecord,
  safeParseIntentRecord,
  selectSlot,
  type SlotState,
  stageIntent,
  type StageRequest,
} from '@kivyx-ota/lifecycle';
import type { RecordsPort } from './ports.ts';

/** What JavaScript asks the next boot for. JavaScript is the only writer of this record. */
export interface IntentStore {
  read(): Promise<IntentRecord>;
  /** `consumedRequestId`: of the boot snapshot. */
  stage(consumedRequestId: number, request: StageRequest): Promise<void>;
  /** False when this launch was confirmed before. */
  acknowledge(launchId: number): Promise<boolean>;
}

const STORES = new WeakMap<RecordsPort, IntentStore>();

/**
 * The intent record over its two slots; the newest valid one is never touched. One store per port: two that write the same record
 * would each build on what the other replaces.
 */
export function intentStoreOf(records: RecordsPort): IntentStore {
  let store = STORES.get(records);
  if (store === undefined) STORES.set(records, (store = createIntentStore(records)));
  return store;
}

function createIntentStore(records: RecordsPort): IntentStore {
  // A slot of a newer schema is as good as a torn one: this JavaScript runs, so its requests have to count.
  const readSlot = async (name: string): Promise<SlotState<IntentRecord>> => {
    const bytes = await records.read(name);
    return bytes === undefined ? { kind: 'absent' } : safeParseIntentRecord(bytes);
  };
  const load = async (): Promise<{ readonly record: IntentRecord; readonly freeSlot: string }> => {
    const { record, writeSlot } = selectSlot([
      await readSlot(INTENT_SLOTS[0]),
      await readSlot(INTENT_SLOTS[1]),
    ]);
    return { freeSlot: INTENT_SLOTS[writeSlot], record: record ?? EMPTY_INTENT };
  };
  // One after the other: a confirmation and a staging at once would build on the same record.
  let last: Promise<unknown> = Promise.resolve();
  const change = (work: (record: IntentRecord) => IntentRecord): Promise<boolean> => {
    const run = last.then(async () => {
      const { record, freeSlot } = await load();
      const next = work(record);
      if (next === record) return false;
      await records.write(freeSlot, encodeIntentRecord(next));
      return true;
    });
    last = run.catch(() => undefined);
    return run;
  };
  return {
    acknowledge: (launchId) => change((record) => acknowledgeIntent(record, launchId)),
    read: async () => (await load()).record,
    stage: async (consumedRequestId, request) => {
      await change((record) => stageIntent(record, consumedRequestId, request));
    },
  };
}
