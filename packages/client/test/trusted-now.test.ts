import { expect, it } from 'vitest';
import { trustedNowSeconds } from '../src/trusted-now.ts';

const context = (seconds: number): Parameters<typeof trustedNowSeconds>[0] => ({
  buildTimeSeconds: 1000,
  ports: { clock: { nowMs: () => seconds * 1000 + 999 } },
});

it('a device clock of 1970 is corrected by the build, the root, and the index seen last', () => {
  const root = { issuedAtSeconds: 1500, version: 2 };
  expect(trustedNowSeconds(context(0), { issuedAtSeconds: 0, version: 0 })).toBe(1000);
  expect(trustedNowSeconds(context(0), root)).toBe(1500);
  expect(trustedNowSeconds(context(0), root, { epoch: 2, issuedAtSeconds: 1800 })).toBe(1800);
  expect(trustedNowSeconds(context(2000), root, { epoch: 2, issuedAtSeconds: 1800 })).toBe(2000);
});

it('a time in the far future, signed by a thief of the index key, is forgotten with the next root', () => {
  const seen = { epoch: 1, issuedAtSeconds: 2 ** 52 };
  expect(trustedNowSeconds(context(2000), { issuedAtSeconds: 900, version: 1 }, seen)).toBe(2 ** 52);
  expect(trustedNowSeconds(context(2000), { issuedAtSeconds: 1900, version: 2 }, seen)).toBe(2000);
});
