import type { Sha256Hex } from '@kivyx-ota/core';
import { BOOT_SLOTS, type BootRecord, emptyBootRecord, type FailedBundle } from './boot-record.ts';
import { classifyExit, type Exit } from './classify-exit.ts';
import { EMPTY_INTENT, type IntentRecord } from './intent-record.ts';
import { BUDGETS, FAILED_MAX_ENTRIES } from './limits.ts';
import { type Marker, markerName } from './marker.ts';
import { selectSlot, type SlotPair } from './slots.ts';

/** Everything that a decision may depend on. */
export interface BootInput {
  readonly boot: SlotPair<BootRecord>;
  readonly intent: SlotPair<IntentRecord>;
  /** All markers there are; `locked` when the folder cannot be listed. */
  readonly markers: readonly Marker[] | 'locked';
  /** The installed binary: store version, install or update time, hash of the embedded bundle. */
  readonly binaryId: string;
  readonly embeddedVersionCode: number;
  /** False when another process of the app is booting or running with these files. */
  readonly lockAcquired: boolean;
  /** True when the launch file of that bundle is there and has the hash of its name. Asked only for bundles that matter. */
  readonly isIntact: (sha256Hex: Sha256Hex) => boolean;
}

/** Why a decision is what it is. Stable: telemetry sends them. */
export type BootReasonCode =
  | 'locked'
  | 'newer-schema'
  | 'other-process'
  | 'sequence-exhausted'
  | 'write-failed'
  | 'host-error'
  | 'both-slots-corrupt'
  | 'binary-changed'
  | Exit
  | 'failed'
  | 'staged'
  | 'retried'
  | 'reinstalled'
  | 'renumbered'
  | 'directive'
  | 'refused-binary'
  | 'refused-damaged'
  | 'refused-directive'
  | 'refused-failed'
  | 'refused-version'
  | 'bundle-damaged';

/** One step of a decision, with the bundle it is about. */
export interface BootReason {
  readonly code: BootReasonCode;
  readonly sha256Hex?: Sha256Hex;
}

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
  /** To be written durably into `slot` before anything is launched; absent: change nothing at all. */
  readonly write?: { readonly slot: string; readonly record: BootRecord };
  /** Consumed markers, to be removed after the write has succeeded. */
  readonly deletes: readonly string[];
  /** In the order in which things happened. */
  readonly reasons: readonly BootReason[];
}

type Draft = { -readonly [P in keyof BootRecord]: BootRecord[P] };

/**
 * What to launch after what happened (docs/spec/lifecycle.md). Pure; time and space are bounded by the records' caps.
 *
 * The caller writes `write` durably, then removes `deletes`, then launches, in that order; when the write fails it
 * launches {@link decideWithoutWrite} instead and removes nothing.
 *
 * @example
 * ```ts
 * import { decideBoot } from '@kivyx-ota/lifecycle';
 *
 * const absent = { kind: 'absent' } as const;
 * const { launch } = decideBoot({
 *   boot: [absent, absent],
 *   intent: [absent, absent],
 *   markers: [],
 *   binaryId: '1.0.0',
 *   embeddedVersionCode: 1,
 *   lockAcquired: true,
 *   isIntact: () => false,
 * });
 * console.log(launch.kind); // embedded
 * ```
 */
export function decideBoot(input: BootInput): BootDecision {
  const { boot, intent, markers, binaryId, embeddedVersionCode } = input;
  if (!input.lockAcquired) return embeddedReadOnly('other-process');
  if (markers === 'locked' || [...boot, ...intent].some(({ kind }) => kind === 'locked')) {
    return embeddedReadOnly('locked');
  }
  // A newer intent is no reason to stop: it is JavaScript's record, and an older JavaScript will replace it.
  if (boot.some(({ kind }) => kind === 'newer')) return embeddedReadOnly('newer-schema');

  const reasons: BootReason[] = [];
  const stored = selectSlot(boot);
  const wanted = selectSlot(intent).record ?? EMPTY_INTENT;
  const draft: Draft = { ...(stored.record ?? emptyBootRecord(binaryId, embeddedVersionCode)) };
  if (stored.record === undefined) {
    // Launch ids must not repeat: an old confirmation or marker would speak for a new launch.
    draft.sequence = Math.max(wanted.acknowledgedLaunchId, ...markers.map(({ launchId }) => launchId), 0);
    if (boot.some(({ kind }) => kind === 'corrupt')) {
      // What was consumed is not known any more: the request that stands there may be the one that broke things.
      draft.requestId = wanted.requestId;
      reasons.push({ code: 'both-slots-corrupt' });
    }
  }
  if (draft.sequence >= Number.MAX_SAFE_INTEGER) return embeddedReadOnly('sequence-exhausted');
  if (draft.binaryId !== binaryId) {
    const { sequence, requestId } = draft;
    Object.assign(draft, emptyBootRecord(binaryId, embeddedVersionCode), { requestId, sequence });
    reasons.push({ code: 'binary-changed' });
  }
  draft.highestVersionCode = Math.max(draft.highestVersionCode, embeddedVersionCode);

  settleLaunch(draft, wanted, markers, reasons);
  consumeRequest(draft, wanted, input, reasons);
  while (draft.currentSha256Hex !== '' && !input.isIntact(draft.currentSha256Hex)) {
    reasons.push({ code: 'bundle-damaged', sha256Hex: draft.currentSha256Hex });
    // Only what nothing is held against may come again: else a new copy would get new budgets.
    const spotless = draft.crashes === 0 && draft.unknowns === 0 && draft.neutrals === 0;
    if (draft.currentState === 'H' || spotless) draft.lostSha256Hex = draft.currentSha256Hex;
    else keepEvidence(draft);
    leaveCurrent(draft);
  }

  draft.sequence += 1;
  draft.launchId = draft.currentSha256Hex === '' ? 0 : draft.sequence;
  draft.launchSha256Hex = draft.currentSha256Hex;
  return {
    deletes: markers.map(markerName),
    launch: launchOf(draft, draft.launchId),
    reasons,
    write: { record: draft, slot: BOOT_SLOTS[stored.writeSlot] },
  };
}

/**
 * What to launch when the decision's record could not be written: never an unconfirmed bundle, because its launch
 * would not be counted. Nothing may be removed either: the evidence is needed at the next boot.
 */
export function decideWithoutWrite(input: BootInput, decision: BootDecision): BootDecision {
  const reasons: readonly BootReason[] = [...decision.reasons, { code: 'write-failed' }];
  const draft: Draft = { ...(decision.write?.record ?? emptyBootRecord('', 0)) };
  if (draft.currentState === 'P') leaveCurrent(draft);
  while (draft.currentSha256Hex !== '' && !input.isIntact(draft.currentSha256Hex)) leaveCurrent(draft);
  return { deletes: [], launch: launchOf(draft, 0), reasons };
}

function embeddedReadOnly(code: BootReasonCode): BootDecision {
  return { deletes: [], launch: { kind: 'embedded' }, reasons: [{ code }] };
}

/** Turns what is known of the open launch into counters, a promotion or a failure. */
function settleLaunch(
  draft: Draft,
  wanted: IntentRecord,
  markers: readonly Marker[],
  reasons: BootReason[],
): void {
  const { launchId, currentSha256Hex } = draft;
  if (launchId === 0 || currentSha256Hex === '' || draft.launchSha256Hex !== currentSha256Hex) return;
  const exit = classifyExit(launchId, wanted.acknowledgedLaunchId, markers);
  const healthy = draft.currentState === 'H';
  reasons.push({ code: exit, sha256Hex: currentSha256Hex });
  if (exit === 'confirmed') {
    clearCounters(draft);
    if (healthy) return;
    draft.currentState = 'H';
    if (draft.goodSha256Hex !== '' && draft.goodSha256Hex !== currentSha256Hex) {
      draft.previousSha256Hex = draft.goodSha256Hex;
      draft.previousVersionCode = draft.goodVersionCode;
    }
    draft.goodSha256Hex = currentSha256Hex;
    draft.goodVersionCode = draft.currentVersionCode;
    return;
  }
  if (exit === 'crashed' || exit === 'timed-out') draft.crashes += 1;
  else if (healthy) return;
  else if (exit === 'ended-neutral') draft.neutrals += 1;
  else draft.unknowns += 1;
  const used = healthy
    ? draft.crashes >= BUDGETS.healthyCrashes
    : draft.crashes >= BUDGETS.pendingCrashes ||
      draft.unknowns >= BUDGETS.pendingUnknowns ||
      draft.neutrals >= BUDGETS.pendingNeutrals;
  if (!used) return;
  reasons.push({ code: 'failed', sha256Hex: currentSha256Hex });
  remember(draft, {
    cause: draft.crashes > 0 ? 'crash' : 'unknown',
    retryToken: draft.currentRetryToken,
    sha256Hex: currentSha256Hex,
    versionCode: draft.currentVersionCode,
  });
  leaveCurrent(draft);
}

/** Adds to `failed`. Above the cap the lowest version is evicted and stands refused by number from then on. */
function remember(draft: Draft, bundle: FailedBundle): void {
  const failed = draft.failed.filter(({ sha256Hex }) => sha256Hex !== bundle.sha256Hex);
  failed.push(bundle);
  if (failed.length > FAILED_MAX_ENTRIES) {
    let lowest = 0;
    for (let i = 1; i < failed.length; i++) {
      if ((failed[i] as FailedBundle).versionCode < (failed[lowest] as FailedBundle).versionCode) lowest = i;
    }
    const [evicted] = failed.splice(lowest, 1) as [FailedBundle];
    draft.rejectUpTo = Math.max(draft.rejectUpTo, evicted.versionCode);
  }
  draft.failed = failed;
}

/** Consumes the standing request, once. */
function consumeRequest(draft: Draft, wanted: IntentRecord, input: BootInput, reasons: BootReason[]): void {
  if (wanted.requestId <= draft.requestId) return;
  draft.requestId = wanted.requestId;
  const { stage, versionCode, directive } = wanted;
  if (stage === '') return;
  if (stage === 'embedded') {
    if (!directive) {
      reasons.push({ code: 'refused-directive' });
      return;
    }
    reasons.push({ code: 'directive' });
    keepEvidence(draft);
    setCurrent(draft, '', 0, '');
    setGood(draft, '', 0);
    setPrevious(draft, '', 0);
    return;
  }
  if (stage === draft.currentSha256Hex) {
    // The same bytes published under a higher version: nothing to prove again, but it is not offered again either.
    if (wanted.binaryId !== input.binaryId || versionCode <= draft.highestVersionCode) return;
    if (stage === draft.goodSha256Hex) draft.goodVersionCode = versionCode;
    draft.currentVersionCode = versionCode;
    draft.highestVersionCode = versionCode;
    reasons.push({ code: 'renumbered', sha256Hex: stage });
    return;
  }
  const failure = draft.failed.find(({ sha256Hex }) => sha256Hex === stage);
  const retry =
    failure !== undefined &&
    failure.cause === 'unknown' &&
    wanted.retryToken > failure.retryToken &&
    versionCode >= draft.highestVersionCode;
  const reinstall = stage === draft.lostSha256Hex;
  const wasGood = stage === draft.goodSha256Hex || stage === draft.previousSha256Hex;
  const refusal = ((): BootReasonCode | undefined => {
    if (wanted.binaryId !== input.binaryId) return 'refused-binary';
    if (failure !== undefined && !retry) return 'refused-failed';
    if (!directive && !retry && !reinstall && versionCode <= draft.highestVersionCode)
      return 'refused-version';
    if (versionCode <= draft.rejectUpTo && !retry && !reinstall && !wasGood) return 'refused-version';
    return input.isIntact(stage) ? undefined : 'refused-damaged';
  })();
  if (refusal !== undefined) {
    reasons.push({ code: refusal, sha256Hex: stage });
    return;
  }
  const accepted = directive ? 'directive' : retry ? 'retried' : reinstall ? 'reinstalled' : 'staged';
  reasons.push({ code: accepted, sha256Hex: stage });
  if (directive) forgetRevoked(draft, stage, versionCode);
  if (retry) draft.failed = draft.failed.filter(({ sha256Hex }) => sha256Hex !== stage);
  keepEvidence(draft);
  setCurrent(draft, stage, versionCode, wasGood ? 'H' : 'P');
  if (wasGood && stage !== draft.goodSha256Hex) {
    // The two change places: what was good until now is still good to fall back to.
    setPrevious(draft, draft.goodSha256Hex, draft.goodVersionCode);
    setGood(draft, stage, versionCode);
  }
  draft.currentRetryToken = wanted.retryToken;
  draft.lostSha256Hex = '';
  draft.highestVersionCode = Math.max(draft.highestVersionCode, versionCode);
}

/**
 * A bundle on probation that is replaced or lost takes its counters with it. If it has crashed or vanished once it counts as failed:
 * else the same bytes, published again, would get new budgets.
 */
function keepEvidence(draft: Draft): void {
  if (draft.currentState !== 'P' || draft.crashes + draft.unknowns === 0) return;
  remember(draft, {
    cause: draft.crashes > 0 ? 'crash' : 'unknown',
    retryToken: draft.currentRetryToken,
    sha256Hex: draft.currentSha256Hex,
    versionCode: draft.currentVersionCode,
  });
}

/** A directive away from a bundle must not lead back to it, nor to anything above its target, at the next failure. */
function forgetRevoked(draft: Draft, target: Sha256Hex, targetVersionCode: number): void {
  const revoked = (sha256Hex: string, versionCode: number): boolean =>
    sha256Hex !== target && (sha256Hex === draft.currentSha256Hex || versionCode > targetVersionCode);
  if (revoked(draft.previousSha256Hex, draft.previousVersionCode)) setPrevious(draft, '', 0);
  if (revoked(draft.goodSha256Hex, draft.goodVersionCode)) {
    setGood(draft, draft.previousSha256Hex, draft.previousVersionCode);
    setPrevious(draft, '', 0);
  }
}

/** Gives the current bundle up: good, else the one before, else embedded. Neither is taken if it failed. */
function leaveCurrent(draft: Draft): void {
  const left = draft.currentSha256Hex;
  const unusable = (hash: string): boolean =>
    hash === left || draft.failed.some(({ sha256Hex }) => sha256Hex === hash);
  if (unusable(draft.previousSha256Hex)) setPrevious(draft, '', 0);
  if (draft.goodSha256Hex === '' || unusable(draft.goodSha256Hex)) {
    setGood(draft, draft.previousSha256Hex, draft.previousVersionCode);
    setPrevious(draft, '', 0);
  }
  setCurrent(draft, draft.goodSha256Hex, draft.goodVersionCode, draft.goodSha256Hex === '' ? '' : 'H');
}

function setCurrent(
  draft: Draft,
  sha256Hex: Sha256Hex | '',
  versionCode: number,
  state: BootRecord['currentState'],
): void {
  draft.currentSha256Hex = sha256Hex;
  draft.currentVersionCode = versionCode;
  draft.currentState = state;
  draft.currentRetryToken = 0;
  clearCounters(draft);
}

function setGood(draft: Draft, sha256Hex: Sha256Hex | '', versionCode: number): void {
  draft.goodSha256Hex = sha256Hex;
  draft.goodVersionCode = versionCode;
}

function setPrevious(draft: Draft, sha256Hex: Sha256Hex | '', versionCode: number): void {
  draft.previousSha256Hex = sha256Hex;
  draft.previousVersionCode = versionCode;
}

function clearCounters(draft: Draft): void {
  draft.crashes = 0;
  draft.unknowns = 0;
  draft.neutrals = 0;
}

function launchOf(record: BootRecord, launchId: number): Launch {
  if (record.currentSha256Hex === '') return { kind: 'embedded' };
  return {
    kind: 'bundle',
    pending: record.currentState === 'P',
    sha256Hex: record.currentSha256Hex,
    versionCode: record.currentVersionCode,
    ...(launchId === 0 ? {} : { launchId }),
  };
}
