/** The default rule: pause when the evidence against "this release is healthy" is overwhelming, whenever one looks. */
export interface SequentialRule {
  /** Highest share of devices that ever fail on a release that is healthy. 0 < it ≤ 0.5. Default 0.05. */
  readonly crashRate?: number;
  /**
   * Evidence needed, as a likelihood ratio. A release at or below `crashRate` is ever paused with a probability of at most
   * 1 / this, at any number of looks. From 1. Default 1000.
   */
  readonly evidence?: number;
  /** Failed devices needed. From 1. Default 5. */
  readonly minFailed?: number;
}

/** Compares with the release that it replaces: catches 1 % → 3 %, which no fixed rate can. All conditions must hold. */
export interface RelativeRule {
  /** Standard errors between the two shares, pooled (two-proportion z-test). Above 0. Default 4.5. */
  readonly zScore?: number;
  /** Failed devices needed. From 1. Default 10. */
  readonly minFailed?: number;
  /** How many times the share of the control. From 1. Default 2. */
  readonly ratio?: number;
  /** By how much the share is above the control's. 0 ≤ it < 1. Default 0.01. */
  readonly difference?: number;
  /** Exposed devices that the control needs. From 1. Default 100. */
  readonly minControlExposed?: number;
}

/** The plain rule: share above a threshold. Looked at all the time it pauses healthy releases; see docs/guide/guardrail.md. */
export interface ThresholdRule {
  /** Pause above this share. 0 < it < 1. Default 0.05. */
  readonly rate?: number;
  /** Exposed devices needed. From 1. Default 100. */
  readonly minExposed?: number;
  /** Failed devices needed. From 1. Default 5. */
  readonly minFailed?: number;
  /**
   * How far back the counts in `recent` reach, in seconds. From 60. Default 1800. Whoever counts keeps to it; the rule itself
   * sees counts only.
   */
  readonly lookbackSeconds?: number;
}

/** When to pause. Rules are independent: one that says pause is enough. */
export interface GuardrailPolicy {
  /** `false` switches it off. Default: on. */
  readonly sequential?: SequentialRule | false;
  /** `false` switches it off. Default: on; it does nothing without a control. */
  readonly relative?: RelativeRule | false;
  /** Default: off. */
  readonly threshold?: ThresholdRule | false;
  /**
   * A pause must stand without the failures of this many groups of networks (`failedByGroup`), whichever they are. 0 for
   * releases whose users share one network, such as an office. 0 to 1000. Default 1.
   */
  readonly distrustedGroups?: number;
}

/** A policy with every number in place. */
export interface ResolvedPolicy {
  readonly sequential: Required<SequentialRule> | false;
  readonly relative: Required<RelativeRule> | false;
  readonly threshold: Required<ThresholdRule> | false;
  readonly distrustedGroups: number;
}

/** The defaults put in, every number checked. @throws RangeError that names the number */
export function resolvePolicy(policy: GuardrailPolicy = {}): ResolvedPolicy {
  const resolved: ResolvedPolicy = {
    distrustedGroups: policy.distrustedGroups ?? 1,
    relative: policy.relative !== false && {
      difference: policy.relative?.difference ?? 0.01,
      minControlExposed: policy.relative?.minControlExposed ?? 100,
      minFailed: policy.relative?.minFailed ?? 10,
      ratio: policy.relative?.ratio ?? 2,
      zScore: policy.relative?.zScore ?? 4.5,
    },
    sequential: policy.sequential !== false && {
      crashRate: policy.sequential?.crashRate ?? 0.05,
      evidence: policy.sequential?.evidence ?? 1000,
      minFailed: policy.sequential?.minFailed ?? 5,
    },
    threshold: policy.threshold !== undefined &&
      policy.threshold !== false && {
        lookbackSeconds: policy.threshold.lookbackSeconds ?? 1800,
        minExposed: policy.threshold.minExposed ?? 100,
        minFailed: policy.threshold.minFailed ?? 5,
        rate: policy.threshold.rate ?? 0.05,
      },
  };
  const { relative, sequential, threshold } = resolved;
  need('distrustedGroups', resolved.distrustedGroups, '0 to 1000', isWhole(0, 1000));
  if (sequential !== false) {
    need('sequential.crashRate', sequential.crashRate, 'above 0, up to 0.5', (n) => n > 0 && n <= 0.5);
    need('sequential.evidence', sequential.evidence, 'from 1', (n) => n >= 1 && n < Infinity);
    need('sequential.minFailed', sequential.minFailed, 'a whole number from 1', isWhole(1));
  }
  if (relative !== false) {
    need('relative.zScore', relative.zScore, 'above 0', (n) => n > 0 && n < Infinity);
    need('relative.minFailed', relative.minFailed, 'a whole number from 1', isWhole(1));
    need('relative.ratio', relative.ratio, 'from 1', (n) => n >= 1 && n < Infinity);
    need('relative.difference', relative.difference, '0 up to 1', (n) => n >= 0 && n < 1);
    need('relative.minControlExposed', relative.minControlExposed, 'a whole number from 1', isWhole(1));
  }
  if (threshold !== false) {
    need('threshold.rate', threshold.rate, 'above 0, below 1', (n) => n > 0 && n < 1);
    need('threshold.minExposed', threshold.minExposed, 'a whole number from 1', isWhole(1));
    need('threshold.minFailed', threshold.minFailed, 'a whole number from 1', isWhole(1));
    need('threshold.lookbackSeconds', threshold.lookbackSeconds, 'a whole number from 60', isWhole(60));
  }
  return resolved;
}

function isWhole(min: number, max: number = Number.MAX_SAFE_INTEGER): (n: number) => boolean {
  return (n) => Number.isSafeInteger(n) && n >= min && n <= max;
}

function need(name: string, value: number, expected: string, isValid: (value: number) => boolean): void {
  if (typeof value !== 'number' || !isValid(value))
    throw new RangeError(`Guardrail policy: ${name} is ${String(value)}, expected ${expected}`);
}
