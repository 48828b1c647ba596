import { BOOT_SLOTS, encodeBootRecord, safeParseBootRecord } from './boot-record.ts';
import { type BootDecision, type BootInput, decideBoot, decideWithoutWrite } from './decide-boot.ts';
import { INTENT_SLOTS, safeParseIntentRecord } from './intent-record.ts';
import { type Marker, parseMarkerName } from './marker.ts';
import type { RecordFiles } from './record-files.ts';
import type { SlotPair, SlotState } from './slots.ts';
import type { HashHex, SlotReading } from './text-record.ts';

/** What a boot needs to know besides the files. */
export interface BootEnvironment extends Pick<
  BootInput,
  'binaryId' | 'embeddedVersionCode' | 'isIntact' | 'lockAcquired'
> {
  /** SHA-256 for the records' checksums; default: plain ECMAScript. */
  readonly hashHex?: HashHex;
}

/**
 * One boot: reads, decides, writes the record, removes consumed markers, in the only safe order. Never throws: whatever goes
 * wrong, the embedded bundle is launched. Call it once per process, before any JavaScript of a bundle runs, and launch
 * what `launch` says.
 */
export function runBoot(files: RecordFiles, environment: BootEnvironment): BootDecision {
  try {
    const input = readBootInput(files, environment);
    const decision = decideBoot(input);
    if (decision.write === undefined) return decision;
    try {
      files.writeDurable(decision.write.slot, encodeBootRecord(decision.write.record, environment.hashHex));
    } catch {
      return decideWithoutWrite(input, decision);
    }
    removeAll(files, decision.deletes);
    return decision;
  } catch {
    return { deletes: [], launch: { kind: 'embedded' }, reasons: [{ code: 'host-error' }] };
  }
}

/** Reads everything that a decision depends on. */
export function readBootInput(files: RecordFiles, environment: BootEnvironment): BootInput {
  const { binaryId, embeddedVersionCode, isIntact, lockAcquired, hashHex } = environment;
  return {
    binaryId,
    boot: readSlots(files, BOOT_SLOTS, (bytes) => safeParseBootRecord(bytes, hashHex)),
    embeddedVersionCode,
    intent: readSlots(files, INTENT_SLOTS, (bytes) => safeParseIntentRecord(bytes, hashHex)),
    isIntact,
    lockAcquired,
    markers: readMarkers(files),
  };
}

function readSlots<R>(
  files: RecordFiles,
  [first, second]: readonly [string, string],
  parse: (bytes: Uint8Array) => SlotReading<R>,
): SlotPair<R> {
  const read = (name: string): SlotState<R> => {
    const found = files.read(name);
    return typeof found === 'string' ? { kind: found } : parse(found);
  };
  return [read(first), read(second)];
}

function readMarkers(files: RecordFiles): readonly Marker[] | 'locked' {
  const names = files.list();
  if (names === 'locked') return 'locked';
  const markers: Marker[] = [];
  for (const name of names) {
    const marker = parseMarkerName(name);
    if (marker !== undefined) markers.push(marker);
  }
  return markers;
}

function removeAll(files: RecordFiles, names: readonly string[]): void {
  for (const name of names) {
    try {
      files.remove(name);
    } catch {
      // It speaks of a launch that is settled; the next boot tries again.
    }
  }
}
