import { LIMITS } from '../limits.ts';

/**
 * Which devices a release is for, as data (docs/spec/rollout.md). The operators belong to the rollout package; a
 * document may carry ones that an older reader does not know, and then the release is not offered there.
 */
export type TargetingRule = { readonly [operator: string]: RuleValue };

/** JSON without fractions and without null. */
export type RuleValue =
  | string
  | number
  | boolean
  | readonly RuleValue[]
  | { readonly [name: string]: RuleValue };

/** True for an object of bounded size and depth made of text, integers, booleans, arrays and objects. */
export function isTargetingRule(value: unknown): value is TargetingRule {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return isRuleValue(value, 0) && JSON.stringify(value).length <= LIMITS.targetingSizeBytes;
}

function isRuleValue(value: unknown, depth: number): boolean {
  if (depth > LIMITS.targetingDepth) return false;
  if (typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (Array.isArray(value)) return value.every((one) => isRuleValue(one, depth + 1));
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).every(
    (key) => key !== '__proto__' && isRuleValue((value as Record<string, unknown>)[key], depth + 1),
  );
}
