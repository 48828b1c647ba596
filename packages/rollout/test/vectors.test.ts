import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASES } from '../scripts/decide-cases.ts';
import { rolloutVerdicts } from './suite/verdicts.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../../../docs/spec/vectors/decide.json', import.meta.url), 'utf8'),
) as { readonly name: string }[];

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

  it.each(rolloutVerdicts)('$title', ({ expected, verdict }) => {
    expect(verdict()).toBe(expected);
  });
});
