export type { DeviceCounts, GuardrailCounts } from './counts.ts';
export type { GuardrailError, GuardrailErrorCode } from './error.ts';
export { createLogEvidence, type LogEvidence } from './evidence.ts';
export {
  createJudge,
  type GuardrailReason,
  type GuardrailReasonCode,
  type GuardrailRule,
  judge,
  type Judge,
  type Judgement,
} from './judge.ts';
export {
  type GuardrailPolicy,
  type RelativeRule,
  type ResolvedPolicy,
  resolvePolicy,
  type SequentialRule,
  type ThresholdRule,
} from './policy.ts';
export { pooledZScore } from './pooled-z-score.ts';
