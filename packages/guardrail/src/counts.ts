import { guardrailError } from './error.ts';

/** Distinct devices, each counted once per release. */
export interface DeviceCounts {
  /** Devices whose first launch of the release finished, well or not. */
  readonly exposed: number;
  /** Those of them that failed at least once: a crash, or a rollback by the device. */
  readonly failed: number;
  /**
   * `failed` by where the reports came from: one number per group of networks, in any order. All devices of one subnet are in
   * one group; a group may hold many subnets. A device that failed in two networks may be in two groups. Absent: reports are
   * believed wherever they come from.
   */
  readonly failedByGroup?: readonly number[];
}

/** What a release is judged by. */
export interface GuardrailCounts extends DeviceCounts {
  /** The release that it replaces, for the relative rule. */
  readonly control?: DeviceCounts;
  /** The last `lookbackSeconds` only, for the threshold rule. Absent: that rule looks at everything. */
  readonly recent?: DeviceCounts;
}

/** @throws ERR_GUARDRAIL_COUNTS for counts that no devices can give */
export function checkCounts(name: string, { exposed, failed, failedByGroup = [] }: DeviceCounts): void {
  checkCount(`${name}.exposed`, exposed, Number.MAX_SAFE_INTEGER);
  checkCount(`${name}.failed`, failed, exposed, `${name}.exposed`);
  failedByGroup.forEach((count, i) =>
    checkCount(`${name}.failedByGroup[${i}]`, count, failed, `${name}.failed`),
  );
}

function checkCount(name: string, count: unknown, max: number, maxName?: string): void {
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 && count <= max) return;
  throw guardrailError(
    'ERR_GUARDRAIL_COUNTS',
    `${name} is ${String(count)}, expected a whole number from 0 to ${maxName === undefined ? max : `${maxName} (${max})`}: count each device once, and every failed device as exposed too`,
    { details: { count, name } },
  );
}

/**
 * The counts without the failures of the `groups` groups that have the most. Their healthy devices stay: what is left is, for
 * any choice of that many groups, no worse than the counts without them, so a pause stands without any of these groups.
 */
export function distrust(counts: DeviceCounts, groups: number): { exposed: number; failed: number } {
  const { exposed, failed, failedByGroup } = counts;
  if (failedByGroup === undefined || groups === 0) return { exposed, failed };
  const most = failedByGroup
    .slice()
    .sort((a, b) => b - a)
    .slice(0, groups);
  // Groups may overlap, so that their sum may be more than there is.
  const left = most.reduce((sum, count) => Math.min(failed, sum + count), 0);
  return { exposed: exposed - left, failed: failed - left };
}
