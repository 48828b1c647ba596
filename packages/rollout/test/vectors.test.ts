import { decide } from '@kivyx-ota/rollout';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASES, outcomeOf } from '../scripts/decide-cases.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../../docs/spec/vectors/decide.json', import.meta.url), 'utf8'),
) as { name: string; index: never; device: never; nowSeconds: number; decision: unknown }[];

describe('the published decisions', () => {
  it('cover every case and every kind of outcome', () => {
    expect(vectors.map(({ name }) => name)).toEqual(CASES.map(({ name }) => name));
    const codes = new Set(JSON.stringify(vectors).match(/R_[A-Z_]+/g));
    expect([...codes].toSorted()).toEqual([
      'R_FAILED_HERE',
      'R_INDEX_EXPIRED',
      'R_NOT_IN_ROLLOUT',
      'R_NOT_NEWER',
      'R_OTHER_SCOPE',
      'R_PAUSED',
      'R_REVOKED',
      'R_ROLLBACK_TO_EMBEDDED',
      'R_RUNNING',
      'R_RUNTIME_MISMATCH',
      'R_SELECTED',
      'R_SUPERSEDED',
      'R_TARGETING',
      'R_TARGETING_UNKNOWN',
    ]);
  });

  it.each(vectors)('$name', ({ index, device, nowSeconds, decision }) => {
    expect(outcomeOf(decide(index, device, nowSeconds))).toEqual(decision);
  });
});
