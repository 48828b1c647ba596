import { checkCounts, type DeviceCounts, distrust, type GuardrailCounts } from './counts.ts';
import { createLogEvidence } from './evidence.ts';
import { type GuardrailPolicy, type ResolvedPolicy, resolvePolicy } from './policy.ts';
import { pooledZScore } from './pooled-z-score.ts';

export type GuardrailRule = 'sequential' | 'relative' | 'threshold';

/** Why a rule says what it says. */
export type GuardrailReasonCode =
  | 'evidence-enough'
  | 'evidence-short'
  | 'worse-than-control'
  | 'not-worse-than-control'
  | 'control-absent'
  | 'control-small'
  | 'over-threshold'
  | 'under-threshold'
  /** It would say pause, if the reports of a few networks were believed. */
  | 'few-networks';

/** One per rule that is on. */
export interface GuardrailReason {
  readonly rule: GuardrailRule;
  readonly code: GuardrailReasonCode;
  readonly pauses: boolean;
  /** For people. */
  readonly text: string;
}

/** What the guardrail makes of a release. */
export interface Judgement {
  readonly verdict: 'go-on' | 'pause';
  /** The first rule that says pause; absent for `go-on`. */
  readonly rule?: GuardrailRule;
  /** As judged: without the failures of the distrusted groups. */
  readonly exposed: number;
  readonly failed: number;
  /** E of the sequential rule, at most 1.8e308; 1 when that rule is off. */
  readonly evidence: number;
  /** Its natural logarithm, which does not overflow. */
  readonly logEvidence: number;
  readonly reasons: readonly GuardrailReason[];
}

/** Judges counts; for callers that judge often. */
export type Judge = (counts: GuardrailCounts) => Judgement;

/**
 * Whether a release is to be paused. Pure; may be asked after every device. More failures among the same devices never turn
 * `pause` into `go-on`. `counts` is untrusted.
 *
 * @throws ERR_GUARDRAIL_COUNTS for counts that no devices can give
 * @throws RangeError for a policy that makes no sense
 * @example
 * ```ts
 * import { judge } from '@kivyx-ota/guardrail';
 *
 * const { verdict, evidence } = judge({ exposed: 200, failed: 30 });
 * ```
 */
export function judge(counts: GuardrailCounts, policy: GuardrailPolicy = {}): Judgement {
  return createJudge(policy)(counts);
}

/** {@link judge} with the policy checked and its tables made once. @throws RangeError */
export function createJudge(policy: GuardrailPolicy = {}): Judge {
  const resolved = resolvePolicy(policy);
  const rules = [sequential(resolved), relative(resolved), threshold(resolved)].filter(
    (rule) => rule !== undefined,
  );
  const logEvidenceOf =
    resolved.sequential === false ? () => 0 : createLogEvidence(resolved.sequential.crashRate);
  return (counts) => {
    checkCounts('counts', counts);
    if (counts.control !== undefined) checkCounts('counts.control', counts.control);
    if (counts.recent !== undefined) checkCounts('counts.recent', counts.recent);
    const believed = look(counts, resolved.distrustedGroups, logEvidenceOf);
    const all = look(counts, 0, logEvidenceOf);
    const reasons = rules.map((rule): GuardrailReason => {
      const reason = rule(believed);
      if (reason.pauses || !rule(all).pauses) return reason;
      return {
        ...reason,
        code: 'few-networks',
        text: `Enough failed, but not without those of ${resolved.distrustedGroups} group(s) of networks: ${all.failed} of ${all.exposed} with them, ${believed.failed} of ${believed.exposed} without`,
      };
    });
    const first = reasons.find(({ pauses }) => pauses);
    const { exposed, failed, logEvidence } = believed;
    return {
      evidence: Math.min(Number.MAX_VALUE, Math.exp(logEvidence)),
      exposed,
      failed,
      logEvidence,
      reasons,
      verdict: first === undefined ? 'go-on' : 'pause',
      ...(first === undefined ? {} : { rule: first.rule }),
    };
  };
}

interface Look {
  readonly exposed: number;
  readonly failed: number;
  readonly logEvidence: number;
  readonly control: DeviceCounts | undefined;
  readonly recent: { readonly exposed: number; readonly failed: number };
}

type Rule = (look: Look) => GuardrailReason;

function look(
  counts: GuardrailCounts,
  distrustedGroups: number,
  logEvidenceOf: (exposed: number, failed: number) => number,
): Look {
  const { exposed, failed } = distrust(counts, distrustedGroups);
  return {
    control: counts.control,
    exposed,
    failed,
    logEvidence: logEvidenceOf(exposed, failed),
    recent: distrust(counts.recent ?? counts, distrustedGroups),
  };
}

function sequential({ sequential: rule }: ResolvedPolicy): Rule | undefined {
  if (rule === false) return undefined;
  const needed = Math.log(rule.evidence);
  return ({ exposed, failed, logEvidence }) => {
    const pauses = logEvidence >= needed && failed >= rule.minFailed;
    return {
      code: pauses ? 'evidence-enough' : 'evidence-short',
      pauses,
      rule: 'sequential',
      text: `${share(failed, exposed)}; evidence against ${percent(rule.crashRate)}: ${power(logEvidence)}, ${failed} failed; a pause needs ${rule.evidence} and ${rule.minFailed}`,
    };
  };
}

function relative({ relative: rule }: ResolvedPolicy): Rule | undefined {
  if (rule === false) return undefined;
  return ({ control, exposed, failed }) => {
    if (control === undefined)
      return {
        code: 'control-absent',
        pauses: false,
        rule: 'relative',
        text: 'No release to compare with',
      };
    if (control.exposed < rule.minControlExposed)
      return {
        code: 'control-small',
        pauses: false,
        rule: 'relative',
        text: `The release that it replaces has ${control.exposed} devices; ${rule.minControlExposed} are needed to compare`,
      };
    const z = pooledZScore({ exposed, failed }, control);
    const rate = exposed === 0 ? 0 : failed / exposed;
    const before = control.failed / control.exposed;
    const pauses =
      failed >= rule.minFailed &&
      z > rule.zScore &&
      rate > rule.ratio * before &&
      rate - before > rule.difference;
    return {
      code: pauses ? 'worse-than-control' : 'not-worse-than-control',
      pauses,
      rule: 'relative',
      text: `${share(failed, exposed)} after ${share(control.failed, control.exposed)} before: z = ${z.toFixed(2)}; a pause needs more than ${rule.zScore}, ${rule.minFailed} failed, ${rule.ratio} times and ${percent(rule.difference)} more than before`,
    };
  };
}

function threshold({ threshold: rule }: ResolvedPolicy): Rule | undefined {
  if (rule === false) return undefined;
  return ({ recent: { exposed, failed } }) => {
    const pauses = exposed >= rule.minExposed && failed >= rule.minFailed && failed > rule.rate * exposed;
    return {
      code: pauses ? 'over-threshold' : 'under-threshold',
      pauses,
      rule: 'threshold',
      text: `${share(failed, exposed)}; a pause needs more than ${percent(rule.rate)} of at least ${rule.minExposed} devices, and ${rule.minFailed} failed`,
    };
  };
}

function percent(rate: number): string {
  return `${Number((rate * 100).toFixed(2))} %`;
}

function share(failed: number, exposed: number): string {
  return `${failed} of ${exposed} devices failed${exposed === 0 ? '' : ` (${percent(failed / exposed)})`}`;
}

/** e^x for people, also where it has no number. */
function power(logEvidence: number): string {
  const log10 = logEvidence / Math.LN10;
  return Math.abs(log10) < 4 ? String(Number((10 ** log10).toPrecision(3))) : `10^${log10.toFixed(1)}`;
}
