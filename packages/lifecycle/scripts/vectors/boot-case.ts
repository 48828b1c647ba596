import {
  type BootDecision,
  BOOT_SLOTS,
  encodeBootRecord,
  INTENT_SLOTS,
  type RecordFiles,
  runBoot,
} from '@kivyx-ota/lifecycle';

/** What a slot file holds. */
export type Found = Uint8Array | 'absent' | 'locked';

/** Everything one boot meets. */
export interface BootSituation {
  readonly boot: readonly [Found, Found];
  readonly intent: readonly [Found, Found];
  /** Names in the records' folder besides the slots. */
  readonly names: readonly string[] | 'locked';
  readonly binaryId: string;
  readonly embeddedVersionCode: number;
  readonly lockAcquired: boolean;
  /** Bundles whose launch file is there and has the hash of its name. */
  readonly intact: readonly string[];
}

export interface BootCase extends BootSituation {
  readonly name: string;
}

/** What a host has to do, and what it has to do instead when the record cannot be written. */
export interface BootOutcome {
  readonly decision: BootDecision;
  readonly written?: Uint8Array;
  readonly removed: readonly string[];
}

/** Runs the boot code on files in memory. */
export function bootIn(situation: BootSituation, writeFails: boolean): BootOutcome {
  const slots = new Map<string, Found>();
  BOOT_SLOTS.forEach((name, i) => slots.set(name, situation.boot[i] as Found));
  INTENT_SLOTS.forEach((name, i) => slots.set(name, situation.intent[i] as Found));
  let written: Uint8Array | undefined;
  const removed: string[] = [];
  const files: RecordFiles = {
    list: () =>
      situation.names === 'locked'
        ? 'locked'
        : [...situation.names, ...Array.from(slots.keys()).filter((name) => slots.get(name) !== 'absent')],
    read: (name) => slots.get(name) ?? 'absent',
    remove: (name) => {
      removed.push(name);
    },
    writeDurable: (_name, bytes) => {
      if (writeFails) throw new Error('the disk is full');
      written = bytes;
    },
  };
  const { binaryId, embeddedVersionCode, intact, lockAcquired } = situation;
  const decision = runBoot(files, {
    binaryId,
    embeddedVersionCode,
    isIntact: (sha256Hex) => intact.includes(sha256Hex),
    lockAcquired,
  });
  return { decision, removed, ...(written === undefined ? {} : { written }) };
}

/** The situation that the next boot finds when this one went well. */
export function after(situation: BootSituation): BootSituation {
  const { decision, written } = bootIn(situation, false);
  if (decision.write === undefined || written === undefined) return situation;
  const boot: [Found, Found] = [...situation.boot];
  boot[decision.write.slot === BOOT_SLOTS[0] ? 0 : 1] = encodeBootRecord(decision.write.record);
  return { ...situation, boot, names: [] };
}
