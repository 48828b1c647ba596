// A threat model that names tests which are not there is worse than none: every `package › title` of the page must stand in
// the tests of that package, and every attack name of tuf-conformance and python-tuf must be a test or have a reason.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../workspace.mjs';
import { tufCases } from '../../packages/client/test/suite/tuf-cases.ts';
import { OUR_NAMES, TUF_NAMES, WITHOUT_COUNTERPART } from './attack-names.ts';
import { namedTests } from './named-tests.ts';

const page = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');

/** Every title of the suites that mirror attacks; those of a table stand as first member of its rows. */
const titles = [
  ...tufCases.map(({ title }) => title),
  ...[
    ...readFileSync(join(ROOT, 'packages/manifest/test/tuf-roots.test.ts'), 'utf8').matchAll(
      /(?:\bit\(|^ {4,6}\[)\s*'([^']+)'/gm,
    ),
  ].map(([, title]) => title as string),
];

describe('docs/threat-model.md', () => {
  it('names tests that exist', () => {
    const { count, missing } = namedTests(page);
    expect(count).toBeGreaterThan(30);
    expect(missing).toEqual([]);
  });

  it('says which attack names have no counterpart, and why', () => {
    for (const [name, reason] of Object.entries(WITHOUT_COUNTERPART)) {
      expect(page).toContain(`\`${name}\`: ${reason}`);
      expect(TUF_NAMES).toContain(name);
    }
  });

  it.each([...TUF_NAMES, ...OUR_NAMES])('the attack %s has a test of its own, or a reason', (name) => {
    const own = titles.filter(
      (title) => title === name || [':', ','].some((end) => title.startsWith(name + end)),
    );
    expect(own.length > 0).toBe(!(name in WITHOUT_COUNTERPART));
  });
});
