import type { BootRecord } from './boot-record.ts';
import type { IntentRecord } from './intent-record.ts';

/** What JavaScript asks the next boot for. */
export type StageRequest = Pick<
  IntentRecord,
  'stage' | 'versionCode' | 'binaryId' | 'directive' | 'retryToken'
>;

/**
 * The intent record that asks for `request` at the next boot; a standing request is replaced. Only the one writer of the
 * record (JavaScript) may use it, and only for a bundle that is completely on disk and verified.
 *
 * `consumedRequestId` is the boot record's `requestId` (0 when there is none): ids go on above it even when the intent
 * record itself was lost, else the boot code would take the request for an old one.
 */
export function stageIntent(
  intent: IntentRecord,
  consumedRequestId: BootRecord['requestId'],
  request: StageRequest,
): IntentRecord {
  return {
    ...intent,
    binaryId: request.binaryId,
    directive: request.directive,
    requestId: Math.max(intent.requestId, consumedRequestId) + 1,
    retryToken: request.retryToken,
    sequence: intent.sequence + 1,
    stage: request.stage,
    versionCode: request.versionCode,
  };
}

/** Withdraws a request that no boot has consumed yet (the release was paused or revoked meanwhile). */
export function withdrawIntent(
  intent: IntentRecord,
  consumedRequestId: BootRecord['requestId'],
): IntentRecord {
  return stageIntent(intent, consumedRequestId, {
    binaryId: intent.binaryId,
    directive: false,
    retryToken: 0,
    stage: '',
    versionCode: 0,
  });
}

/**
 * The intent record that confirms launch `launchId`. A late confirmation of an earlier launch (a page that a reload has
 * replaced) does not take a later one back: then the record comes back unchanged.
 */
export function acknowledgeIntent(intent: IntentRecord, launchId: number): IntentRecord {
  if (launchId <= intent.acknowledgedLaunchId) return intent;
  return { ...intent, acknowledgedLaunchId: launchId, sequence: intent.sequence + 1 };
}
