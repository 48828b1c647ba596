export { bucketOf } from './bucket.ts';
export { decide, type Decision, type Reason, type ReasonCode } from './decide.ts';
export { explain, explainDecision, type Explanation } from './explain.ts';
export type { DeviceFacts } from './facts.ts';
export { evaluateRule, type RuleVerdict } from './rule.ts';
export { isVersionRange, satisfiesRange } from './version-range.ts';
export { wayBackObstacle } from './way-back-obstacle.ts';
