import type { RuleValue, TargetingRule } from '@kivyx-ota/manifest';
import { bucketOf } from './bucket.ts';
import type { DeviceFacts } from './facts.ts';
import { satisfiesRange } from './version-range.ts';

/** `unknown`: the rule uses an operator or a form that this version does not know. It is treated as no. */
export type RuleVerdict = 'match' | 'no-match' | 'unknown';

// Documents hold rules of depth 8; this bounds the stack for rules that come from anywhere else.
const MAX_NESTING = 16;

type Operator = (argument: RuleValue, facts: DeviceFacts, depth: number) => RuleVerdict;

const OPERATORS: Readonly<Record<string, Operator>> = {
  all: (argument, facts, depth) => combine(argument, facts, depth, 'match', 'no-match'),
  any: (argument, facts, depth) => combine(argument, facts, depth, 'no-match', 'match'),
  not: (argument, facts, depth) => {
    const inner = rule(argument, facts, depth + 1);
    return inner === 'unknown' ? inner : verdict(inner === 'no-match');
  },
  eq: (argument, facts) => withFact(argument, facts, (value, [expected]) => verdict(value === expected)),
  in: (argument, facts) =>
    withFact(argument, facts, (value, [list]) =>
      Array.isArray(list) ? verdict(list.includes(value as never)) : 'unknown',
    ),
  semver: (argument, facts) =>
    withFact(argument, facts, (value, [range]) =>
      typeof range === 'string' ? inRange(value, range) : 'unknown',
    ),
  glob: (argument, facts) =>
    withFact(argument, facts, (value, [pattern]) =>
      typeof pattern === 'string'
        ? verdict(typeof value === 'string' && matchesGlob(value, pattern))
        : 'unknown',
    ),
  exists: (argument, facts) =>
    typeof argument === 'string' ? verdict(factOf(argument, facts) !== undefined) : 'unknown',
  bucket: (argument, facts) => {
    if (!Array.isArray(argument) || argument.length !== 3) return 'unknown';
    const [salt, from, to] = argument as readonly RuleValue[];
    if (typeof salt !== 'string' || typeof from !== 'number' || typeof to !== 'number') return 'unknown';
    const bucket = bucketOf(salt, facts.deviceId);
    return verdict(bucket >= from && bucket < to);
  },
};

/**
 * Does `targeting` match the device? A rule is an object of operators, all of which must match:
 *
 * - `{ all: [rule…] }`, `{ any: [rule…] }`, `{ not: rule }`
 * - `{ eq: [fact, value] }`, `{ in: [fact, [value…]] }`, `{ exists: fact }`
 * - `{ semver: [fact, range] }`, `{ glob: [fact, pattern] }` (`*` and `?`, whole text)
 * - `{ bucket: [salt, from, to] }` (basis points, `to` excluded)
 *
 * A fact is `platform`, `channel`, `binaryVersion`, `runtimeVersion`, `deviceId`, or a name in `attributes`. A fact that is
 * absent matches nothing but `not`. Never throws; time is bounded by the size of the rule.
 */
export function evaluateRule(targeting: TargetingRule, facts: DeviceFacts): RuleVerdict {
  return rule(targeting, facts, 0);
}

/** A range that is none says nothing about any device. */
function inRange(version: Fact, range: string): RuleVerdict {
  const inside = satisfiesRange(typeof version === 'string' ? version : '', range);
  return inside === undefined ? 'unknown' : verdict(inside);
}

function rule(value: RuleValue, facts: DeviceFacts, depth: number): RuleVerdict {
  if (depth > MAX_NESTING) return 'unknown';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'unknown';
  const entries = Object.entries(value as TargetingRule);
  if (entries.length === 0) return 'unknown';
  let result: RuleVerdict = 'match';
  for (const [operator, argument] of entries) {
    const evaluate = Object.prototype.hasOwnProperty.call(OPERATORS, operator)
      ? OPERATORS[operator]
      : undefined;
    const one = evaluate === undefined ? 'unknown' : evaluate(argument, facts, depth);
    // One unknown part makes the whole unknown, also beside a part that already failed: the answer may not depend
    // on the order in which parts are written.
    if (one === 'unknown') return 'unknown';
    if (one === 'no-match') result = 'no-match';
  }
  return result;
}

function combine(
  argument: RuleValue,
  facts: DeviceFacts,
  depth: number,
  start: RuleVerdict,
  decisive: RuleVerdict,
): RuleVerdict {
  if (!Array.isArray(argument)) return 'unknown';
  let result = start;
  for (const inner of argument as readonly RuleValue[]) {
    const one = rule(inner, facts, depth + 1);
    if (one === 'unknown') return 'unknown';
    if (one === decisive) result = decisive;
  }
  return result;
}

type Fact = string | number | boolean;

function withFact(
  argument: RuleValue,
  facts: DeviceFacts,
  test: (value: Fact, rest: readonly RuleValue[]) => RuleVerdict,
): RuleVerdict {
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== 'string') return 'unknown';
  const value = factOf(argument[0], facts);
  // An absent fact is asked as text that equals nothing, so that a malformed second part is still found out.
  return value === undefined ? absent(test, argument.slice(1)) : test(value, argument.slice(1));
}

function absent(
  test: (value: Fact, rest: readonly RuleValue[]) => RuleVerdict,
  rest: readonly RuleValue[],
): RuleVerdict {
  return test('\u0000', rest) === 'unknown' ? 'unknown' : 'no-match';
}

const BUILT_IN = ['platform', 'channel', 'binaryVersion', 'runtimeVersion', 'deviceId', 'app'] as const;

function factOf(name: string, facts: DeviceFacts): Fact | undefined {
  if ((BUILT_IN as readonly string[]).includes(name)) return facts[name as (typeof BUILT_IN)[number]];
  const attributes = facts.attributes ?? {};
  return Object.prototype.hasOwnProperty.call(attributes, name) ? attributes[name] : undefined;
}

function verdict(value: boolean): RuleVerdict {
  return value ? 'match' : 'no-match';
}

/** `*` any text, `?` one character; whole text. Greedy with one point of return: O(n·m), no regular expression. */
function matchesGlob(text: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let p = 0;
  while (at < text.length) {
    const wanted = pattern[p];
    if (wanted === '*') {
      star = p++;
      resume = at;
    } else if (wanted === '?' || wanted === text[at]) {
      p++;
      at++;
    } else if (star >= 0) {
      p = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}
