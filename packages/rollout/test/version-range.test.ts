import { isVersionRange, satisfiesRange } from '@kivyx-ota/rollout';
import fc from 'fast-check';
import semver from 'semver';
import { describe, expect, it } from 'vitest';

const number = fc.constantFrom(0, 1, 10);
const pre = fc.constantFrom('', '', '-0', '-1', '-rc', '-rc.1', '-rc.2', '-rc.10', '-beta', '-0.a');
const version = fc.tuple(number, number, number, pre).map(([a, b, c, d]) => `${a}.${b}.${c}${d}`);
const partial = fc.oneof(
  version,
  fc.tuple(number, number).map(([a, b]) => `${a}.${b}`),
  fc.tuple(number, number, fc.constantFrom('x', 'X', '*')).map(([a, b, x]) => `${a}.${b}.${x}`),
  fc.tuple(number, fc.constantFrom('', '.x', '.*.*')).map(([a, x]) => `${a}${x}`),
  fc.constantFrom('*', 'x'),
);
const term = fc
  .tuple(fc.constantFrom('', '=', '>', '>=', '<', '<=', '^'), fc.constantFrom('', ' '), partial)
  .map(([operator, blank, text]) => (operator === '' ? text : `${operator}${blank}${text}`));
// npm reads `~1.2` as from 1.2.0, without its pre-releases, and `^1.2` with them; here both are with them.
const tilde = version.map((text) => `~${text}`);
// npm reads the left side of `1.2.0 - 2` as from the first pre-release of 1.2.0; here 1.2.0 is 1.2.0.
const hyphen = fc
  .tuple(
    version.filter((text) => text.includes('-')),
    partial,
  )
  .map(([a, b]) => `${a} - ${b}`);
const range = fc
  .array(
    fc.oneof(
      hyphen,
      fc.array(fc.oneof(term, tilde), { maxLength: 3, minLength: 1 }).map((l) => l.join(' ')),
    ),
    {
      maxLength: 3,
      minLength: 1,
    },
  )
  .map((alternatives) => alternatives.join(' || '));

describe('version ranges', () => {
  it('agree with npm’s semver, pre-releases counted, on 20,000 random pairs', () => {
    fc.assert(
      fc.property(version, range, (v, r) => {
        expect(satisfiesRange(v, r), `${v} in ${r}`).toBe(
          semver.satisfies(v, r, { includePrerelease: true }),
        );
      }),
      { numRuns: 20_000 },
    );
  });

  it.each([
    ['1.2.3', '>1.2.3', false],
    ['1.2.3', '>=1.2.3', true],
    ['1.2.3', '<1.2.3', false],
    ['1.2.3', '<=1.2.3', true],
    ['1.3.0-0', '>1.2', true],
    ['1.3.0-0', '<=1.2', false],
    ['1.2.9', '>1.2', false],
    ['1.2.0-0', '<1.2', false],
    ['17.4', '>=17', true],
    ['17', '17.x', true],
    ['2026.01.5', '>=2026.1.5 <2026.2', true],
    ['1.2.3+build.7', '=1.2.3', true],
    ['1.2.0-rc.1', '~1.2', true],
    ['1.3.0-rc.1', '~1.2', false],
    ['1.0.0-99999999999999999998', '<1.0.0-99999999999999999999', true],
    ['dev', '*', false],
    ['', '*', false],
    ['1.2.3.4', '*', false],
    ['1.2-rc', '*', false],
  ])('%s in %s: %s', (v, r, expected) => {
    expect(satisfiesRange(v, r)).toBe(expected);
  });

  it.each([
    '',
    ' ',
    'banana',
    '1.2.3.4',
    '>',
    '^^1',
    '1 -',
    '1 - ',
    '- 2',
    '>=1 ||',
    '|| 1',
    '1.x.3',
    '1.2-rc',
    '=>1',
    '9'.repeat(16),
    `>=1.0.0 ${' '.repeat(300)}`,
    '1'.padEnd(257, ' '),
  ])('no range: %j', (text) => {
    expect(isVersionRange(text)).toBe(false);
    expect(satisfiesRange('1.0.0', text)).toBeUndefined();
  });

  it('any text gets an answer', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (v, r) => {
        expect([true, false, undefined]).toContain(satisfiesRange(v, r));
      }),
    );
  });
});
