import {
  BOOT_SLOTS,
  type BootDecision,
  type BootRecord,
  type MarkerKind,
  markerName,
  runBoot,
  safeParseBootRecord,
  selectSlot,
  type SlotState,
} from '@kivyx-ota/lifecycle';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleFolder, LAUNCH_FILE } from '../installed.ts';
import type { BootSnapshot } from '../ports.ts';
import { nodeRecordFiles } from './record-files.ts';

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

/**
 * Plays the boot code on Node, for servers and simulated devices. One process at a time may use a directory.
 */
export function createNodeBootHost({
  directory,
  binaryId,
  embeddedVersionCode,
}: NodeBootHostOptions): NodeBootHost {
  const files = nodeRecordFiles(directory);
  const hashHex = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  let last: BootResult = {
    pending: false,
    reasons: [],
    running: 'embedded',
    versionCode: embeddedVersionCode,
  };

  const isIntact = (hash: string): boolean => {
    try {
      return hashHex(readFileSync(join(directory, bundleFolder(hash), LAUNCH_FILE))) === hash;
    } catch {
      return false;
    }
  };
  const readSlot = (name: string): SlotState<BootRecord> => {
    const found = files.read(name);
    return typeof found === 'string' ? { kind: found } : safeParseBootRecord(found, hashHex);
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
      try {
        mkdirSync(directory, { recursive: true });
      } catch {
        // Then there is nothing to read either, and the embedded bundle runs.
      }
      last = toResult(
        runBoot(files, { binaryId, embeddedVersionCode, hashHex, isIntact, lockAcquired: true }),
      );
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
      const slots = [readSlot(BOOT_SLOTS[0]), readSlot(BOOT_SLOTS[1])] as const;
      const { record } = selectSlot(slots);
      // Of both slots: when one turns out torn at the next boot, the other one counts.
      const keep = slots.flatMap((slot) =>
        slot.kind === 'record'
          ? [slot.record.currentSha256Hex, slot.record.goodSha256Hex, slot.record.previousSha256Hex]
          : [],
      );
      return {
        binaryId,
        consumedRequestId: record?.requestId ?? 0,
        failed: record?.failed ?? [],
        highestVersionCode: Math.max(
          record?.highestVersionCode ?? 0,
          record?.rejectUpTo ?? 0,
          embeddedVersionCode,
        ),
        keep: keep.filter((hash) => hash !== ''),
        pending: last.pending,
        reasons: last.reasons,
        running: last.running,
        versionCode: last.versionCode,
        ...(last.launchId === undefined ? {} : { launchId: last.launchId }),
      };
    },
  };
}
