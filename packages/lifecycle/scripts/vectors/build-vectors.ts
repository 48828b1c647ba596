import {
  type BootDecision,
  type Launch,
  parseMarkerName,
  planCleanUp,
  safeParseBootRecord,
  safeParseIntentRecord,
  type SlotReading,
} from '@kivyx-ota/lifecycle';
import { type BootCase, bootIn, type Found } from './boot-case.ts';
import { brokenCases } from './broken-cases.ts';
import { type CleanUpCase, cleanUpCases } from './clean-up-cases.ts';
import { BOOT_TEXTS, bytesOf, INTENT_TEXTS, textOf } from './damage.ts';
import { tableCases } from './table-cases.ts';
import { walkCases } from './walk-cases.ts';

/** `absent`, `locked`, or the name of a file in the table of files. */
export type FileReference = string;

export interface BootVector {
  readonly name: string;
  readonly boot: readonly FileReference[];
  readonly intent: readonly FileReference[];
  /** Names in the records' folder besides the slots; `locked` when it cannot be listed. */
  readonly names: readonly string[] | 'locked';
  readonly binaryId: string;
  readonly embeddedVersionCode: number;
  readonly lockAcquired: boolean;
  readonly intact: readonly string[];
  readonly expected: Expected & { readonly write?: { readonly slot: string; readonly file: FileReference } };
  /** What has to happen instead when the record cannot be written; absent where nothing would be written. */
  readonly ifWriteFails?: Expected;
}

export interface Expected {
  readonly launch: Launch;
  readonly deletes: readonly string[];
  readonly reasons: readonly { readonly code: string; readonly sha256Hex?: string }[];
}

export interface RecordVector {
  readonly name: string;
  readonly record: 'boot' | 'intent';
  readonly file: FileReference;
  readonly reading: 'record' | 'corrupt' | 'newer';
  /** Of a corrupt record: why; of a newer one: its schema. */
  readonly detail?: string;
}

export interface CleanUpVector {
  readonly name: string;
  readonly boot: readonly FileReference[];
  readonly intent: readonly FileReference[];
  readonly bundles: readonly string[];
  readonly inUse: readonly string[];
  readonly removable: readonly string[];
}

export interface LifecycleVectors {
  /** Contents by name; each character stands for one byte. */
  readonly files: Readonly<Record<FileReference, string>>;
  readonly records: readonly RecordVector[];
  readonly markers: readonly { readonly name: string; readonly kind?: string; readonly launchId?: number }[];
  readonly boots: readonly BootVector[];
  readonly cleanUps: readonly CleanUpVector[];
}

const MARKER_NAMES: readonly string[] = [
  'crash.1',
  'timeout.17',
  'bg.9007199254740991',
  'crash.0',
  'crash.01',
  'crash.',
  'crash',
  'bg.-1',
  'bg.9007199254740992',
  'bg.99999999999999999',
  'Crash.1',
  'crash.1 ',
  'crash.1.new',
  'crash.1\n',
  'ack.1',
  'boot.0',
];

/** Everything that another implementation has to agree with, computed by this one. */
export function buildVectors(): LifecycleVectors {
  const names = new Map<string, string>();
  const reference = (found: Found): FileReference => {
    if (typeof found === 'string') return found;
    const text = textOf(found);
    const name = names.get(text) ?? `f${names.size + 1}`;
    names.set(text, name);
    return name;
  };
  const records = [
    ...recordVectors('boot', BOOT_TEXTS, safeParseBootRecord, reference),
    ...recordVectors('intent', INTENT_TEXTS, safeParseIntentRecord, reference),
  ];
  const boots = [...tableCases(), ...brokenCases(), ...walkCases(20, 12)].map((one) =>
    bootVector(one, reference),
  );
  const cleanUps = cleanUpCases().map((one) => cleanUpVector(one, reference));
  const files = Object.fromEntries(Array.from(names, ([text, name]) => [name, text]));
  const markers = MARKER_NAMES.map((name) => ({ name, ...parseMarkerName(name) }));
  return { files, records, markers, boots, cleanUps };
}

function recordVectors(
  record: RecordVector['record'],
  texts: Readonly<Record<string, string>>,
  parse: (bytes: Uint8Array) => SlotReading<unknown>,
  reference: (found: Found) => FileReference,
): readonly RecordVector[] {
  return Object.entries(texts).map(([name, text]) => {
    const bytes = bytesOf(text);
    const reading = parse(bytes);
    const detail =
      reading.kind === 'corrupt' ? reading.why : reading.kind === 'newer' ? reading.version : undefined;
    return {
      name: `${record}: ${name}`,
      record,
      file: reference(bytes),
      reading: reading.kind,
      ...(detail === undefined ? {} : { detail }),
    };
  });
}

function bootVector(one: BootCase, reference: (found: Found) => FileReference): BootVector {
  const { decision, removed, written } = bootIn(one, false);
  if (removed.join() !== decision.deletes.join()) throw new Error(`${one.name}: removed something else`);
  const { name, boot, intent, names, binaryId, embeddedVersionCode, lockAcquired, intact } = one;
  const inputs = { binaryId, embeddedVersionCode, intact, lockAcquired, names };
  const slots = { boot: boot.map(reference), intent: intent.map(reference) };
  const expected = expectedOf(decision);
  if (decision.write === undefined || written === undefined) return { name, ...slots, ...inputs, expected };
  const write = { slot: decision.write.slot, file: reference(written) };
  const ifWriteFails = expectedOf(bootIn(one, true).decision);
  return { name, ...slots, ...inputs, expected: { ...expected, write }, ifWriteFails };
}

function expectedOf({ launch, deletes, reasons }: BootDecision): Expected {
  return { launch, deletes, reasons };
}

function cleanUpVector(one: CleanUpCase, reference: (found: Found) => FileReference): CleanUpVector {
  const { name, boot, intent, bundles, inUse } = one;
  const pair = <R>(found: readonly [Found, Found], parse: (bytes: Uint8Array) => SlotReading<R>) =>
    found.map((file) => (typeof file === 'string' ? { kind: file } : parse(file)));
  const removable = planCleanUp({
    boot: pair(boot, safeParseBootRecord) as never,
    bundles,
    inUse,
    intent: pair(intent, safeParseIntentRecord) as never,
  });
  return { name, boot: boot.map(reference), intent: intent.map(reference), bundles, inUse, removable };
}
