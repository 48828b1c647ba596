import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../workspace.mjs';
import { namedTests } from './named-tests.ts';

it('docs/regressions.md has every line', () => {
  const page = readFileSync(join(ROOT, 'docs/regressions.md'), 'utf8');
  const lines = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
  expect(lines).toEqual(Array.from({ length: 33 }, (_, i) => i + 1));
});

it('docs/regressions.md names tests that exist', () => {
  const { count, missing } = namedTests(readFileSync(join(ROOT, 'docs/regressions.md'), 'utf8'));
  expect(count).toBeGreaterThan(40);
  expect(missing).toEqual([]);
});
