// Our ES256 is the signature equation over noble's points. It has to say what noble and OpenSSL say, on everything.
import { bytesToHex, hexToBytes } from '@kivyx-ota/core';
import { es256 } from '@kivyx-ota/cose';
import { p256 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { P256Point } from '../src/algorithm/p256-point.ts';
import { encodeSpki } from '../src/key/spki.ts';

const N = p256.Point.Fn.ORDER;
const secret = sha256(new Uint8Array([1]));
const raw = p256.getPublicKey(secret, false);
const number = (bytes: Uint8Array): bigint => BigInt(`0x${bytesToHex(bytes)}`);
const bytes32 = (n: bigint): string => n.toString(16).padStart(64, '0');
const signature = (r: bigint, s: bigint): Uint8Array => hexToBytes(bytes32(r) + bytes32(s));

function byNoble(message: Uint8Array, sig: Uint8Array, key = raw): boolean {
  return p256.verify(sig, message, key, { lowS: false });
}

function byOpenSsl(message: Uint8Array, sig: Uint8Array, key = raw): boolean {
  const openSslKey = createPublicKey({
    format: 'der',
    key: Buffer.from(encodeSpki(es256, key)),
    type: 'spki',
  });
  return verify('sha256', message, { dsaEncoding: 'ieee-p1363', key: openSslKey }, sig);
}

/** One verdict from all three. */
function verdict(message: Uint8Array, sig: Uint8Array, key = raw): boolean {
  const ours = es256.verify(key, message, sig);
  expect([byNoble(message, sig, key), byOpenSsl(message, sig, key)]).toEqual([ours, ours]);
  return ours;
}

describe('ES256', () => {
  it('has the numbers of P-256', () => {
    expect(P256Point.CURVE()).toEqual(p256.Point.CURVE());
    expect(P256Point.BASE.toHex(false)).toBe(p256.Point.BASE.toHex(false));
  });

  it('accepts both halves of the range of s, and what OpenSSL and noble accept', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (message) => {
        const low = p256.sign(message, secret);
        const [r, s] = [number(low.subarray(0, 32)), number(low.subarray(32))];
        expect(verdict(message, low)).toBe(true);
        expect(verdict(message, signature(r, N - s))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses every flipped bit of a signature', () => {
    const message = new Uint8Array([7]);
    const good = p256.sign(message, secret);
    for (let bit = 0; bit < 512; bit++) {
      const bad = good.slice();
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(es256.verify(raw, message, bad)).toBe(false);
    }
  });

  const edges = [0n, 1n, 2n, N / 2n, N - 1n, N, N + 1n, p256.Point.Fp.ORDER, 2n ** 256n - 1n];
  it.each(edges.flatMap((r) => edges.map((s) => [r, s] as const)))('refuses r = %s, s = %s', (r, s) => {
    expect(verdict(new Uint8Array([7]), signature(r, s))).toBe(false);
  });

  it('takes s for what it is: s + n, which fits into 32 bytes too when s is small, is refused', () => {
    const message = new Uint8Array([7]);
    const { Fn, BASE } = p256.Point;
    const r = Fn.create(BASE.toAffine().x);
    // With k = 1: s = h + r·d, so this d makes s = 5.
    const d = Fn.mul(Fn.sub(5n, Fn.create(number(sha256(message)))), Fn.inv(r));
    const key = p256.getPublicKey(hexToBytes(bytes32(d)), false);
    expect(verdict(message, signature(r, 5n), key)).toBe(true);
    expect(verdict(message, signature(r, N - 5n), key)).toBe(true);
    expect(verdict(message, signature(r, N + 5n), key)).toBe(false);
    expect(verdict(message, signature(N - r, 5n), key)).toBe(false);
  });

  it('refuses u1·G + u2·Q = infinity, and keys that are the base point or its mirror are ordinary keys', () => {
    // With Q = −G and h = r the sum is infinity.
    const message = new Uint8Array([9]);
    const digest = number(sha256(message)) % N;
    const mirrored = p256.Point.BASE.negate().toBytes(false);
    expect(verdict(message, signature(digest, 1n), mirrored)).toBe(false);
    const own = p256.sign(message, hexToBytes(bytes32(N - 1n)));
    expect(verdict(message, own, mirrored)).toBe(true);
  });

  it.each([
    ['no bytes', ''],
    ['63 bytes', '01'.repeat(63)],
    ['65 bytes', '01'.repeat(65)],
  ])('says no, and throws nothing, for a signature of %s', (_name, hex) => {
    expect(es256.verify(raw, new Uint8Array(1), hexToBytes(hex))).toBe(false);
  });

  it('says no, and throws nothing, for a key that never was one', () => {
    const good = p256.sign(new Uint8Array([7]), secret);
    expect(es256.verify(new Uint8Array(65), new Uint8Array([7]), good)).toBe(false);
  });
});
