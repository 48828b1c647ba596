import type { Clock } from '@kivyx-ota/core';
import type { MarkCount, OtaDatabase } from '@kivyx-ota/database';
import { createJudge, type DeviceCounts } from '@kivyx-ota/guardrail';
import type { ChannelScope, IndexRelease } from '@kivyx-ota/manifest';
import type { Admin } from '../channels/admin.ts';
import type { Channels } from '../channels/channels.ts';
import { isGroupMark } from './group-mark.ts';
import type { GuardrailOptions } from './guardrail-options.ts';

/** Judges a release after devices have reported about it. */
export interface Guard {
  /** Never rejects. */
  consider(scope: ChannelScope, releaseId: string): Promise<void>;
}

export function createGuard(
  { policy, judgeEverySeconds = 10, onPause }: GuardrailOptions,
  parts: {
    readonly admin: Admin;
    readonly channels: Channels;
    readonly clock: Clock;
    readonly database: OtaDatabase;
    readonly onError: ((error: unknown) => void) | undefined;
  },
): Guard {
  const judge = createJudge(policy);
  const lookbackSeconds =
    policy?.threshold === undefined || policy.threshold === false
      ? undefined
      : (policy.threshold.lookbackSeconds ?? 1800);
  const { admin, channels, clock, database, onError } = parts;
  const nextMs = new Map<string, number>();

  const judgeRelease = async (scope: ChannelScope, releaseId: string): Promise<void> => {
    const snapshot = await channels.read(scope);
    const release = snapshot?.index.releases.find((one) => one.releaseId === releaseId);
    // Only what is offered can be paused; a release that somebody resumed is judged again, and paused again.
    if (snapshot === undefined || release === undefined || release.status !== 'active') return;
    const counts = toCounts(await database.readCounts(scope, releaseId));
    const control = snapshot.index.releases
      .filter(({ status, versionCode }) => status !== 'revoked' && versionCode < release.versionCode)
      .reduce<IndexRelease | undefined>(
        (best, one) => (best === undefined || one.versionCode > best.versionCode ? one : best),
        undefined,
      );
    const judgement = judge({
      ...counts,
      ...(control === undefined
        ? {}
        : { control: toCounts(await database.readCounts(scope, control.releaseId)) }),
      ...(lookbackSeconds === undefined
        ? {}
        : { recent: await readRecent(scope, releaseId, lookbackSeconds) }),
    });
    if (judgement.verdict === 'go-on') return;
    const { changed } = await admin.setStatus(scope, releaseId, 'paused', 'guardrail', {
      evidence: Number(judgement.evidence.toPrecision(6)),
      exposed: judgement.exposed,
      failed: judgement.failed,
      rule: judgement.rule ?? '',
    });
    // Of several instances one was first; only that one tells.
    if (changed) await onPause?.({ judgement, release: { ...release, status: 'paused' }, scope });
  };

  /** Hours are what is stored: the lookback reaches back to the start of the hour it begins in. */
  const readRecent = async (
    scope: ChannelScope,
    releaseId: string,
    seconds: number,
  ): Promise<DeviceCounts> => {
    const nowSeconds = Math.floor(clock.nowMs() / 1000);
    const hours = await database.readAdoption(scope, releaseId, {
      fromSeconds: Math.floor((nowSeconds - seconds) / 3600) * 3600,
      toSeconds: nowSeconds + 3600,
    });
    const sums = new Map<string, number>();
    for (const { mark, devices } of hours) sums.set(mark, (sums.get(mark) ?? 0) + devices);
    return toCounts(Array.from(sums, ([mark, devices]) => ({ devices, mark })));
  };

  return {
    consider: async (scope, releaseId) => {
      const key = `${scope.app} ${scope.platform} ${scope.channel} ${releaseId}`;
      const nowMs = clock.nowMs();
      if ((nextMs.get(key) ?? 0) > nowMs) return;
      if (nextMs.size > 1000) nextMs.clear();
      nextMs.set(key, nowMs + judgeEverySeconds * 1000);
      try {
        await judgeRelease(scope, releaseId);
      } catch (error) {
        onError?.(error);
      }
    },
  };
}

function toCounts(counts: readonly MarkCount[]): DeviceCounts {
  let exposed = 0;
  let failed = 0;
  const failedByGroup: number[] = [];
  for (const { mark, devices } of counts) {
    if (mark === 'exposed') exposed = devices;
    else if (mark === 'failed') failed = devices;
    else if (isGroupMark(mark)) failedByGroup.push(devices);
  }
  // Hours count a device where it was marked first: exposed in one, failed in the next.
  exposed = Math.max(exposed, failed);
  return { exposed, failed, failedByGroup: failedByGroup.map((count) => Math.min(count, failed)) };
}
