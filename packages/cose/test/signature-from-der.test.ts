import { createLocalSigner, generateKeyPair, signatureFromDer, signSign1 } from '@kivyx-ota/cose/sign';
import { createPrivateKey, sign, verify, createPublicKey } from 'node:crypto';
import { expect, it } from 'vitest';

const pair = generateKeyPair();
const byOpenSsl = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(sign('sha256', bytes, createPrivateKey(pair.privateKeyPem)));

it('signatures of OpenSSL, of every length, become 64 bytes that verify', () => {
  const key = createPublicKey(pair.publicKeyPem);
  const lengths = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const message = Uint8Array.of(i & 255, i >> 8);
    const der = byOpenSsl(message);
    lengths.add(der.length);
    const raw = signatureFromDer(der);
    expect(raw).toHaveLength(64);
    expect(verify('sha256', message, { dsaEncoding: 'ieee-p1363', key }, raw)).toBe(true);
  }
  expect(lengths.size).toBeGreaterThan(2);
  const small = Uint8Array.from([0x30, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01, 0x07]);
  expect([signatureFromDer(small)[31], signatureFromDer(small)[63]]).toEqual([5, 7]);
});

it.each([
  ['empty', []],
  ['no sequence', [0x31, 0x06, 0x02, 0x01, 0x05, 0x02, 0x01, 0x07]],
  ['wrong length', [0x30, 0x07, 0x02, 0x01, 0x05, 0x02, 0x01, 0x07]],
  ['negative', [0x30, 0x06, 0x02, 0x01, 0x85, 0x02, 0x01, 0x07]],
  ['padded', [0x30, 0x07, 0x02, 0x02, 0x00, 0x05, 0x02, 0x01, 0x07]],
  ['one number', [0x30, 0x03, 0x02, 0x01, 0x05]],
  ['bytes behind', [0x30, 0x07, 0x02, 0x01, 0x05, 0x02, 0x01, 0x07, 0x00]],
  ['too long', [0x30, 0x26, 0x02, 0x21, ...Array.from({ length: 33 }, () => 1), 0x02, 0x01, 0x07]],
])('a signature in DER that is %s is refused', (_name, der) => {
  expect(() => signatureFromDer(Uint8Array.from(der))).toThrow(
    expect.objectContaining({ code: 'ERR_COSE_SIGNATURE' }),
  );
});

it('a signer that answers in DER is told so', async () => {
  const local = createLocalSigner(pair.privateKeyPem);
  const signer = { ...local, sign: async (bytes: Uint8Array) => byOpenSsl(bytes) };
  await expect(signSign1(Uint8Array.of(0xa0), { signer, type: 'x' })).rejects.toThrow(
    /has \d+ bytes, not 64, DER by its first byte \(signatureFromDer reads it\)/,
  );
});
