import { findDifference, inspectBytecode } from '@kivyx-ota/delta/bytecode';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, 'fixtures/hermes', `${name}.hbc`)));

describe.each([89, 96, 98, 99])('HBC %i', (version) => {
  it('a compile against a base is the same program as a plain one', () => {
    expect(
      findDifference(fixture(`target-${version}`), fixture(`target-on-base-${version}`)),
    ).toBeUndefined();
  });

  it('two versions of an app are not, and the first difference is said', () => {
    expect(findDifference(fixture(`base-${version}`), fixture(`target-${version}`))).toMatch(/functions/);
  });

  it('one changed constant is found, whatever kind it is', () => {
    const file = fixture(`target-${version}`);
    const text = Buffer.from(file).indexOf('Good morning');
    const changed = file.slice();
    changed[text] = 'H'.charCodeAt(0);
    expect(findDifference(file, changed)).toMatch(/"Good morning, " and .*"Hood morning, "/);
  });

  it('says what a file is', () => {
    expect(inspectBytecode(fixture(`base-${version}`))).toMatchObject({
      hasDebugInfo: false,
      known: true,
      version,
    });
    expect(inspectBytecode(fixture(`base-debug-${version}`))).toMatchObject({ hasDebugInfo: true });
  });
});

it('no bytecode, and bytecode of a version without a layout', () => {
  expect(inspectBytecode(new TextEncoder().encode('print(1)'.repeat(50)))).toBeUndefined();
  const other = fixture('base-99').slice();
  other[8] = 200;
  expect(inspectBytecode(other)).toEqual({ known: false, version: 200 });
});
