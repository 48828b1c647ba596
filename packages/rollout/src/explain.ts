import type { ChannelIndex } from '@kivyx-ota/manifest';
import { decide, type Decision, type ReasonCode } from './decide.ts';
import type { DeviceFacts } from './facts.ts';

const SENTENCE: Readonly<Record<ReasonCode, string>> = {
  R_FAILED_HERE: 'failed on this device before',
  R_INDEX_EXPIRED: 'the channel index has expired; publish or re-sign it',
  R_NOT_IN_ROLLOUT: 'this device is not in the rollout yet',
  R_NOT_NEWER: 'not newer than what the device has had',
  R_OTHER_SCOPE: 'the index is for another project, app, platform or channel',
  R_PAUSED: 'paused',
  R_REVOKED: 'revoked',
  R_ROLLBACK_TO_EMBEDDED: 'no other release fits: back to the embedded bundle',
  R_RUNNING: 'running now',
  R_RUNTIME_MISMATCH: 'made for another runtime or binary version',
  R_SELECTED: 'this is the one',
  R_SUPERSEDED: 'fits, but a higher one fits too',
  R_TARGETING: 'the targeting rule excludes this device',
  R_TARGETING_UNKNOWN: 'the targeting rule uses something this version does not know',
};

/** A decision with the same in words. */
export interface Explanation {
  readonly decision: Decision;
  /** The outcome, then one line per release. */
  readonly lines: readonly string[];
}

/**
 * {@link decide} for people: "why does this device (not) get it", and whether as a patch from the release that it runs.
 */
export function explain(index: ChannelIndex, device: DeviceFacts, nowSeconds: number): Explanation {
  const { decision, lines } = explainDecision(index, decide(index, device, nowSeconds));
  const [outcome = '', ...reasons] = lines;
  return {
    decision,
    lines: [outcome, ...howItTravels(index, decision, device.currentReleaseId), ...reasons],
  };
}

function howItTravels(
  index: ChannelIndex,
  decision: Decision,
  currentReleaseId: string | undefined,
): readonly string[] {
  const running = index.releases.find(({ releaseId }) => releaseId === currentReleaseId);
  if (decision.action !== 'update' || running === undefined) return [];
  const patches = decision.release.patches.filter(
    ({ baseSha256Hex }) => baseSha256Hex === running.launchSha256Hex,
  );
  if (patches.length === 0) return [`There is no patch from ${running.version}: the whole file travels.`];
  return patches.map(
    ({ format, sizeBytes }) => `There is a patch from ${running.version}: ${sizeBytes} bytes (${format}).`,
  );
}

/** A decision on `index` that was made already, in words. */
export function explainDecision(index: ChannelIndex, decision: Decision): Explanation {
  const versions = new Map(index.releases.map(({ releaseId, version }) => [releaseId, version]));
  const lines = decision.reasons.map(({ code, releaseId, detail }) => {
    const what = releaseId === undefined ? 'index' : `${versions.get(releaseId) ?? '?'} (${releaseId})`;
    return `${what}: ${SENTENCE[code]}${detail === undefined ? '' : `, ${detail}`} [${code}]`;
  });
  return { decision, lines: [headline(decision), ...lines] };
}

function headline(decision: Decision): string {
  if (decision.action === 'none') return 'Nothing to do.';
  if (decision.action === 'update') {
    return `Update to ${decision.release.version} (${decision.release.releaseId})${decision.mandatory ? ', mandatory' : ''}.`;
  }
  return decision.to === 'embedded'
    ? 'Go back to the embedded bundle.'
    : `Go back to ${decision.to.version} (${decision.to.releaseId}).`;
}
