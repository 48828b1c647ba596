import { textSizeBytes } from '../shape/text-size.ts';
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

/**
 * True for an object of bounded size and depth made of text, integers, booleans, arrays and objects. Size: the UTF-8
 * bytes of all names and texts, and 8 for every name and value.
 */
export function isTargetingRule(value: unknown): value is TargetingRule {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return weightOf(value, 0) <= LIMITS.targetingSizeBytes;
}

/** Infinite for what may not stand in a rule. */
function weightOf(value: unknown, depth: number): number {
  if (depth > LIMITS.targetingDepth) return Infinity;
  if (typeof value === 'string') return 8 + (textSizeBytes(value) ?? Infinity);
  if (typeof value === 'boolean' || Number.isSafeInteger(value)) return 8;
  if (typeof value !== 'object' || value === null) return Infinity;
  if (Array.isArray(value)) return value.reduce<number>((sum, one) => sum + weightOf(one, depth + 1), 8);
  return Object.keys(value).reduce(
    (sum, key) =>
      key === '__proto__'
        ? Infinity
        : sum + weightOf(key, 0) + weightOf((value as Record<string, unknown>)[key], depth + 1),
    8,
  );
}
