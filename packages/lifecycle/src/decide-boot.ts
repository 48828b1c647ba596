import type { Sha256Hex } from '@kivyx-ota/core';
import { BOOT_SLOTS, type BootRecord, emptyBootRecord, type FailedBundle } from './boot-record.ts';
import { EMPTY_INTENT, type IntentRecord } from './intent-record.ts';
import { BUDGETS, FAILED_MAX_ENTRIES } from './limits.ts';
import type { SlotReading } from './text-record.ts';

/** One slot file as the boot code found it. `locked`: there, but not readable now (before the first unlock). */
export type SlotState<R> = SlotReading<R> | { readonly kind: 'absent' } | { readonly kind: 'locked' };

/** Evidence about a launch, left by handlers that can do no more than make a file. */
export type MarkerKind = 'crash' | 'timeout' | 'bg';

export interface Marker {
  readonly kind: MarkerKind;
  readonly launchId: number;
}

/** Everything that a decision may depend on. */
export interface BootInput {
  readonly boot: readonly [SlotState<BootRecord>, SlotState<BootRecord>];
  readonly intent: readonly [SlotState<IntentRecord>, SlotState<IntentRecord>];
  readonly markers: readonly Marker[];
  /** The installed binary. */
  readonly binaryId: string;
  readonly embeddedVersionCode: number;
  /** False when another process of the app is booting or running with these files. */
  readonly lockAcquired: boolean;
  /** Bundles whose launch file is there and has the hash of its name. */
  readonly intact: readonly Sha256Hex[];
}

/** Why the decision is what it is, in order. */
export type BootReason =
  | 'locked'
  | 'newer-schema'
  | 'other-process'
  | 'both-slots-corrupt'
  | 'binary-changed'
  | 'confirmed'
  | 'crashed'
  | 'ended-unknown'
  | 'ended-neutral'
  | 'failed'
  | 'staged'
  | 'directive'
  | 'request-refused'
  | 'bundle-damaged'
  | 'write-failed';

/** What is launched. */
export type Launch =
  | { readonly kind: 'embedded' }
  | {
      readonly kind: 'bundle';
      readonly sha256Hex: Sha256Hex;
      readonly versionCode: number;
      readonly pending: boolean;
      /** Absent when nothing could be written: then nothing can be confirmed either. */
      readonly launchId?: number;
    };

/** The outcome of {@link decideBoot}. */
export interface BootDecision {
  readonly launch: Launch;
  /** To be written durably into `slot` before anything is launched; absent: write nothing at all. */
  readonly write?: { readonly slot: string; readonly record: BootRecord };
  /** Consumed markers, to be removed after the write has succeeded. */
  readonly deletes: readonly string[];
  readonly reasons: readonly BootReason[];
}

/** File name of a marker. */
export function markerName({ kind, launchId }: Marker): string {
  return `${kind}.${launchId}`;
}

/**
 * What to launch after what happened (docs/spec/lifecycle.md). Pure and total: no input makes it throw.
 */
export function decideBoot(input: BootInput): BootDecision {
  const { boot, intent, binaryId, embeddedVersionCode } = input;
  const states = [...boot, ...intent];
  if (states.some(({ kind }) => kind === 'locked')) return embeddedReadOnly('locked');
  if (states.some(({ kind }) => kind === 'newer')) return embeddedReadOnly('newer-schema');
  if (!input.lockAcquired) return embeddedReadOnly('other-process');

  const reasons: BootReason[] = [];
  const stored = newestOf(boot);
  const wanted = newestOf(intent)?.record ?? EMPTY_INTENT;
  let record = stored?.record ?? emptyBootRecord(binaryId, embeddedVersionCode);
  if (stored === undefined && boot.some(({ kind }) => kind === 'corrupt')) {
    // What was consumed is not known any more: the request that stands there may be the one that broke things.
    record = { ...record, requestId: wanted.requestId };
    reasons.push('both-slots-corrupt');
  }
  if (record.binaryId !== binaryId) {
    record = {
      ...emptyBootRecord(binaryId, embeddedVersionCode),
      requestId: record.requestId,
      sequence: record.sequence,
    };
    reasons.push('binary-changed');
  }
  record = { ...record, highestVersionCode: Math.max(record.highestVersionCode, embeddedVersionCode) };

  record = settleLaunch(record, wanted, input.markers, reasons);
  record = consumeRequest(record, wanted, input, reasons);
  record = dropDamaged(record, input.intact, reasons);

  const sequence = record.sequence + 1;
  const runs = record.currentSha256Hex;
  record = { ...record, launchId: runs === '' ? 0 : sequence, launchSha256Hex: runs, sequence };
  return {
    deletes: input.markers.map(markerName),
    launch: launchOf(record, true),
    reasons,
    write: { record, slot: stored?.slot === 0 ? BOOT_SLOTS[1] : BOOT_SLOTS[0] },
  };
}

/**
 * What to launch when the decision's record could not be written: never an unconfirmed bundle, because its launch would not be
 * counted.
 */
export function decideWithoutWrite(input: BootInput, decision: BootDecision): BootDecision {
  const record = decision.write?.record;
  const reasons: readonly BootReason[] = [...decision.reasons, 'write-failed'];
  const readOnly = (launch: Launch): BootDecision => ({ deletes: [], launch, reasons });
  if (record === undefined) return readOnly({ kind: 'embedded' });
  if (record.currentState === 'H') return readOnly(launchOf(record, false));
  const good = record.goodSha256Hex;
  return good !== '' && input.intact.includes(good)
    ? readOnly({ kind: 'bundle', pending: false, sha256Hex: good, versionCode: record.goodVersionCode })
    : readOnly({ kind: 'embedded' });
}

function embeddedReadOnly(reason: BootReason): BootDecision {
  return { deletes: [], launch: { kind: 'embedded' }, reasons: [reason] };
}

function newestOf<R extends { readonly sequence: number }>(
  slots: readonly [SlotState<R>, SlotState<R>],
): { readonly slot: 0 | 1; readonly record: R } | undefined {
  const [a, b] = slots.map((state) => (state.kind === 'record' ? state.record : undefined));
  if (a === undefined && b === undefined) return undefined;
  return b === undefined || (a !== undefined && a.sequence > b.sequence)
    ? { record: a as R, slot: 0 }
    : { record: b, slot: 1 };
}

/** Turns what is known of the open launch into counters, a promotion or a failure. */
function settleLaunch(
  record: BootRecord,
  wanted: IntentRecord,
  markers: readonly Marker[],
  reasons: BootReason[],
): BootRecord {
  if (record.launchId === 0 || record.currentSha256Hex === '') return record;
  const has = (kind: MarkerKind): boolean =>
    markers.some((marker) => marker.kind === kind && marker.launchId === record.launchId);
  const healthy = record.currentState === 'H';
  if (wanted.acknowledgedLaunchId === record.launchId) {
    reasons.push('confirmed');
    // A crash after the confirmation does not undo it, but counts against the bundle as a confirmed one.
    const crashes = has('crash') ? record.crashes + 1 : 0;
    const settled = { ...record, crashes: healthy || crashes === 0 ? crashes : 1, neutrals: 0, unknowns: 0 };
    if (healthy) return crashes >= BUDGETS.healthyCrashes ? fail(settled, reasons) : settled;
    return {
      ...settled,
      currentState: 'H',
      goodSha256Hex: record.currentSha256Hex,
      goodVersionCode: record.currentVersionCode,
      previousSha256Hex: record.goodSha256Hex,
      previousVersionCode: record.goodVersionCode,
    };
  }
  if (has('crash') || has('timeout')) {
    reasons.push('crashed');
    const crashes = record.crashes + 1;
    const counted = { ...record, crashes };
    return crashes >= (healthy ? BUDGETS.healthyCrashes : BUDGETS.pendingCrashes)
      ? fail(counted, reasons)
      : counted;
  }
  if (has('bg')) {
    reasons.push('ended-neutral');
    if (healthy) return record;
    const counted = { ...record, neutrals: record.neutrals + 1 };
    return counted.neutrals >= BUDGETS.pendingNeutrals ? fail(counted, reasons) : counted;
  }
  reasons.push('ended-unknown');
  if (healthy) return record;
  const counted = { ...record, unknowns: record.unknowns + 1 };
  return counted.unknowns >= BUDGETS.pendingUnknowns ? fail(counted, reasons) : counted;
}

/** Gives the current bundle up: it is remembered, and what was good before runs again. */
function fail(record: BootRecord, reasons: BootReason[]): BootRecord {
  reasons.push('failed');
  const lost: FailedBundle = {
    cause: record.crashes > 0 ? 'crash' : 'unknown',
    retryToken: record.currentRetryToken,
    sha256Hex: record.currentSha256Hex as Sha256Hex,
    versionCode: record.currentVersionCode,
  };
  const failed = [...record.failed.filter(({ sha256Hex }) => sha256Hex !== lost.sha256Hex), lost];
  // Forgetting a failed bundle would allow it again: its version code stands for it from then on.
  const evicted = failed.length > FAILED_MAX_ENTRIES ? failed.shift() : undefined;
  const rejectUpTo = Math.max(record.rejectUpTo, evicted?.versionCode ?? 0);
  return fallBack({ ...record, failed, rejectUpTo });
}

/** good, else the one before, else embedded; none of them failed. */
function fallBack(record: BootRecord): BootRecord {
  const away = record.currentSha256Hex;
  const usable = (hash: string): boolean =>
    hash !== '' && hash !== away && !record.failed.some(({ sha256Hex }) => sha256Hex === hash);
  const clean = { ...record, crashes: 0, currentRetryToken: 0, neutrals: 0, unknowns: 0 };
  if (usable(record.goodSha256Hex)) {
    return {
      ...clean,
      currentSha256Hex: record.goodSha256Hex,
      currentState: 'H',
      currentVersionCode: record.goodVersionCode,
    };
  }
  if (usable(record.previousSha256Hex)) {
    return {
      ...clean,
      currentSha256Hex: record.previousSha256Hex,
      currentState: 'H',
      currentVersionCode: record.previousVersionCode,
      goodSha256Hex: record.previousSha256Hex,
      goodVersionCode: record.previousVersionCode,
      previousSha256Hex: '',
      previousVersionCode: 0,
    };
  }
  return {
    ...clean,
    currentSha256Hex: '',
    currentState: '',
    currentVersionCode: 0,
    goodSha256Hex: '',
    goodVersionCode: 0,
    previousSha256Hex: '',
    previousVersionCode: 0,
  };
}

function consumeRequest(
  record: BootRecord,
  wanted: IntentRecord,
  input: BootInput,
  reasons: BootReason[],
): BootRecord {
  if (wanted.requestId <= record.requestId) return record;
  const consumed = { ...record, requestId: wanted.requestId };
  const { stage, versionCode } = wanted;
  if (stage === '') return consumed;
  const refuse = (): BootRecord => {
    reasons.push('request-refused');
    return consumed;
  };
  if (wanted.binaryId !== input.binaryId) return refuse();
  if (stage === 'embedded') {
    if (!wanted.directive) return refuse();
    reasons.push('directive');
    return fallBackToEmbedded(consumed);
  }
  if (stage === record.currentSha256Hex) return consumed;
  const failure = record.failed.find(({ sha256Hex }) => sha256Hex === stage);
  const retry =
    failure !== undefined && failure.cause === 'unknown' && wanted.retryToken > failure.retryToken;
  if (failure !== undefined && !retry) return refuse();
  if (
    !wanted.directive &&
    !retry &&
    (versionCode <= record.highestVersionCode || versionCode <= record.rejectUpTo)
  )
    return refuse();
  if (!input.intact.includes(stage)) return refuse();
  reasons.push(wanted.directive ? 'directive' : 'staged');
  return {
    ...consumed,
    crashes: 0,
    currentRetryToken: wanted.retryToken,
    currentSha256Hex: stage,
    currentState: 'P',
    currentVersionCode: versionCode,
    highestVersionCode: Math.max(record.highestVersionCode, versionCode),
    neutrals: 0,
    unknowns: 0,
  };
}

function fallBackToEmbedded(record: BootRecord): BootRecord {
  return fallBack({
    ...record,
    goodSha256Hex: '',
    goodVersionCode: 0,
    previousSha256Hex: '',
    previousVersionCode: 0,
  });
}

/** A bundle that is gone or has other bytes is never launched. */
function dropDamaged(start: BootRecord, intact: readonly Sha256Hex[], reasons: BootReason[]): BootRecord {
  let record = start;
  while (record.currentSha256Hex !== '' && !intact.includes(record.currentSha256Hex)) {
    reasons.push('bundle-damaged');
    const damaged = record.currentSha256Hex;
    const forget = {
      ...record,
      lostSha256Hex: damaged,
      ...(record.goodSha256Hex === damaged ? { goodSha256Hex: '' as const, goodVersionCode: 0 } : {}),
      ...(record.previousSha256Hex === damaged
        ? { previousSha256Hex: '' as const, previousVersionCode: 0 }
        : {}),
    };
    record = fallBack(forget);
  }
  return record;
}

function launchOf(record: BootRecord, written: boolean): Launch {
  if (record.currentSha256Hex === '') return { kind: 'embedded' };
  return {
    kind: 'bundle',
    pending: record.currentState === 'P',
    sha256Hex: record.currentSha256Hex,
    versionCode: record.currentVersionCode,
    ...(written ? { launchId: record.launchId } : {}),
  };
}
