import {
  BOOT_SLOTS,
  type BootDecision,
  type BootInput,
  type BootRecord,
  decideBoot,
  decideWithoutWrite,
  encodeBootRecord,
  INTENT_SLOTS,
  type IntentRecord,
  type Marker,
  type MarkerKind,
  markerName,
  safeParseBootRecord,
  safeParseIntentRecord,
  type SlotReading,
  type SlotState,
} from '@kivyx-ota/lifecycle';
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFolder, LAUNCH_FILE } from '../installed.ts';
import type { BootSnapshot } from '../ports.ts';
import { nodeRecords } from './records.ts';

/** Options of {@link createNodeBootHost}. */
export interface NodeBootHostOptions {
  /** The same as the client's. */
  readonly directory: string;
  /** Identity of the installed binary: `[A-Za-z0-9._:+-]`, 128 at most. Another one makes every update start over. */
  readonly binaryId: string;
  readonly embeddedVersionCode: number;
}

/** What a boot came to. */
export interface BootResult {
  /** `embedded`, or the hash of the launch file at `bundles/<hash>/launch.bundle`. */
  readonly running: string;
  readonly versionCode: number;
  readonly launchId?: number;
  readonly pending: boolean;
  readonly reasons: BootDecision['reasons'];
}

/** The boot code of a Node host: what native code does on a phone. */
export interface NodeBootHost {
  /** Decides what to launch and writes it down first. Once per start, before the app runs. Never rejects. */
  boot(): Promise<BootResult>;
  /** Leaves evidence about a launch for the next boot. */
  mark(kind: MarkerKind, launchId: number): Promise<void>;
  /** What the client may know. */
  snapshot(): Promise<BootSnapshot>;
}

const NAME = /^(crash|timeout|bg)\.([1-9][0-9]{0,15})$/;

/**
 * Plays the boot code on Node, for servers and simulated devices. One process at a time may use a directory.
 */
export function createNodeBootHost({
  directory,
  binaryId,
  embeddedVersionCode,
}: NodeBootHostOptions): NodeBootHost {
  const records = nodeRecords(directory);
  let last: BootResult = {
    pending: false,
    reasons: [],
    running: 'embedded',
    versionCode: embeddedVersionCode,
  };

  const read = async <R>(
    name: string,
    parse: (bytes: Uint8Array) => SlotReading<R>,
  ): Promise<SlotState<R>> => {
    try {
      const bytes = await records.read(name);
      return bytes === undefined ? { kind: 'absent' } : parse(bytes);
    } catch {
      // There, but not readable: as before the first unlock of a phone.
      return { kind: 'locked' };
    }
  };
  const readBoot = async (): Promise<readonly [SlotState<BootRecord>, SlotState<BootRecord>]> => [
    await read(BOOT_SLOTS[0], safeParseBootRecord),
    await read(BOOT_SLOTS[1], safeParseBootRecord),
  ];
  const readIntent = async (): Promise<readonly [SlotState<IntentRecord>, SlotState<IntentRecord>]> => [
    await read(INTENT_SLOTS[0], safeParseIntentRecord),
    await read(INTENT_SLOTS[1], safeParseIntentRecord),
  ];
  const readMarkers = async (): Promise<Marker[]> => {
    const markers: Marker[] = [];
    for (const name of await readdir(directory)) {
      const match = NAME.exec(name);
      if (match !== null) markers.push({ kind: match[1] as MarkerKind, launchId: Number(match[2]) });
    }
    return markers;
  };
  const isIntact = async (hash: string): Promise<boolean> => {
    try {
      const bytes = await readFile(join(directory, bundleFolder(hash), LAUNCH_FILE));
      return createHash('sha256').update(bytes).digest('hex') === hash;
    } catch {
      return false;
    }
  };

  const boot = async (): Promise<BootResult> => {
    await mkdir(directory, { recursive: true });
    const [bootSlots, intentSlots, markers] = [await readBoot(), await readIntent(), await readMarkers()];
    const candidates = new Set<string>();
    for (const slot of bootSlots) {
      if (slot.kind !== 'record') continue;
      const { currentSha256Hex, goodSha256Hex, previousSha256Hex } = slot.record;
      for (const hash of [currentSha256Hex, goodSha256Hex, previousSha256Hex]) candidates.add(hash);
    }
    for (const slot of intentSlots) if (slot.kind === 'record') candidates.add(slot.record.stage);
    const intact: string[] = [];
    for (const hash of candidates)
      if (/^[0-9a-f]{64}$/.test(hash) && (await isIntact(hash))) intact.push(hash);

    const input: BootInput = {
      binaryId,
      boot: bootSlots,
      embeddedVersionCode,
      intact,
      intent: intentSlots,
      lockAcquired: true,
      markers,
    };
    let decision = decideBoot(input);
    if (decision.write !== undefined) {
      try {
        await records.write(decision.write.slot, encodeBootRecord(decision.write.record));
        // Only now: evidence that is removed before the count is written is lost.
        for (const name of decision.deletes) await rm(join(directory, name), { force: true });
      } catch {
        decision = decideWithoutWrite(input, decision);
      }
    }
    return toResult(decision);
  };

  const toResult = ({ launch, reasons }: BootDecision): BootResult =>
    launch.kind === 'embedded'
      ? { pending: false, reasons, running: 'embedded', versionCode: embeddedVersionCode }
      : {
          pending: launch.pending,
          reasons,
          running: launch.sha256Hex,
          versionCode: launch.versionCode,
          ...(launch.launchId === undefined ? {} : { launchId: launch.launchId }),
        };

  return {
    boot: async () => {
      // Whatever goes wrong here, the app starts: with what came with it.
      last = await boot().catch((): BootResult => ({
        pending: false,
        reasons: ['locked'],
        running: 'embedded',
        versionCode: embeddedVersionCode,
      }));
      return last;
    },
    mark: async (kind, launchId) => {
      const handle = await open(join(directory, markerName({ kind, launchId })), 'w');
      try {
        await handle.writeFile('1');
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    snapshot: async () => {
      const slots = await readBoot();
      const found = slots.flatMap((slot) => (slot.kind === 'record' ? [slot.record] : []));
      const record = found.reduce<BootRecord | undefined>(
        (best, one) => (best === undefined || one.sequence > best.sequence ? one : best),
        undefined,
      );
      return {
        binaryId,
        failed: record?.failed ?? [],
        highestVersionCode: Math.max(
          record?.highestVersionCode ?? 0,
          record?.rejectUpTo ?? 0,
          embeddedVersionCode,
        ),
        keep: [record?.currentSha256Hex, record?.goodSha256Hex, record?.previousSha256Hex].filter(
          (hash): hash is string => hash !== undefined && hash !== '',
        ),
        pending: last.pending,
        running: last.running,
        versionCode: last.versionCode,
        ...(last.launchId === undefined ? {} : { launchId: last.launchId }),
      };
    },
  };
}
