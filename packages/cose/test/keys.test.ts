import { bytesToHex, hexToBytes } from '@kivyx-ota/core';
import { es256, parsePublicKey } from '@kivyx-ota/cose';
import { ed25519 } from '@kivyx-ota/cose/ed25519';
import { createLocalSigner, encodeCbor, exportPublicKey, generateKeyPair } from '@kivyx-ota/cose/sign';
import { p256 } from '@noble/curves/nist.js';
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';

describe.each(['ES256', 'Ed25519'] as const)('%s keys', (alg) => {
  it('are the same in every spelling, and OpenSSL reads them', () => {
    const pair = generateKeyPair(alg);
    const { pem, spki, jwk, coseKey, rawHex } = exportPublicKey(pair.publicKey);
    const spellings = [
      pem,
      spki,
      jwk,
      coseKey,
      pem.replace(/\n/g, '\r\n'),
      ...(alg === 'ES256'
        ? [rawHex, hexToBytes(rawHex), bytesToHex(p256.Point.fromHex(rawHex).toBytes(true))]
        : []),
    ];
    for (const spelling of spellings)
      expect(parsePublicKey(spelling, [es256, ed25519])).toEqual(pair.publicKey);
    expect(createPublicKey(pem).export({ format: 'der', type: 'spki' }).equals(spki)).toBe(true);
    expect(pair.publicKey.kidHex).toBe(createHash('sha256').update(spki).digest('hex').slice(0, 32));
    expect(
      createPublicKey(createPrivateKey(pair.privateKeyPem))
        .export({ format: 'der', type: 'spki' })
        .equals(spki),
    ).toBe(true);
  });

  it('sign so that OpenSSL verifies, with private keys made by OpenSSL too', async () => {
    const made =
      alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
        : generateKeyPairSync('ed25519');
    const pem = made.privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    const jwk = made.privateKey.export({ format: 'jwk' });
    const message = new Uint8Array([1, 2, 3]);
    for (const privateKey of [pem, jwk as never]) {
      const signature = await createLocalSigner(privateKey).sign(message);
      const key =
        alg === 'ES256' ? ({ dsaEncoding: 'ieee-p1363', key: made.publicKey } as const) : made.publicKey;
      expect(verify(alg === 'ES256' ? 'sha256' : null, message, key, signature)).toBe(true);
    }
  });
});

describe('keys that are refused at load', () => {
  const { rawHex, jwk } = exportPublicKey(generateKeyPair().publicKey);
  const flip = (hex: string): string => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0');
  it.each([
    ['a point off the curve', flip(rawHex), 'ERR_KEY_POINT'],
    ['a hybrid point', `06${rawHex.slice(2)}`, 'ERR_KEY_POINT'],
    ['the point at infinity', '00', 'ERR_KEY_FORMAT'],
    ['coordinates not below p', `04${'ff'.repeat(64)}`, 'ERR_KEY_POINT'],
    ['odd text', 'hello', 'ERR_KEY_FORMAT'],
    ['64 hex digits of unknown meaning', 'ab'.repeat(32), 'ERR_KEY_FORMAT'],
    ['another PEM block', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'ERR_KEY_FORMAT'],
    ['P-384 as JWK', { crv: 'P-384', kty: 'EC', x: 'AA', y: 'AA' }, 'ERR_KEY_CURVE'],
    [
      'RSA as PEM',
      generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
        format: 'pem',
        type: 'spki',
      }) as string,
      'ERR_KEY_FORMAT',
    ],
    [
      'secp256k1 as PEM',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey.export({
        format: 'pem',
        type: 'spki',
      }) as string,
      'ERR_KEY_CURVE',
    ],
    ['a private JWK', { ...jwk, d: 'AA' }, 'ERR_KEY_FORMAT'],
    ['a JWK coordinate of 31 bytes', { ...jwk, x: jwk.x.slice(0, 42) }, 'ERR_KEY_FORMAT'],
    [
      'a small-order Ed25519 key',
      { crv: 'Ed25519', kty: 'OKP', x: 'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
      'ERR_KEY_POINT',
    ],
    [
      'a COSE_Key with the algorithm of another curve',
      encodeCbor(
        new Map<number, never>([
          [1, 2],
          [3, -8],
          [-1, 1],
          [-2, new Uint8Array(32)],
          [-3, new Uint8Array(32)],
        ] as never),
      ),
      'ERR_KEY_CURVE',
    ],
    ['null', null, 'ERR_KEY_FORMAT'],
  ])('%s', (_name, input, code) => {
    expect(() => parsePublicKey(input as never, [es256, ed25519])).toThrow(expect.objectContaining({ code }));
  });

  it.each(['pem', 'spki', 'jwk', 'coseKey'] as const)(
    'an Ed25519 key as %s by a reader that was not given the algorithm, and a P-256 key by one that has nothing else',
    (form) => {
      const edwards = exportPublicKey(generateKeyPair('Ed25519').publicKey)[form];
      const nist = exportPublicKey(generateKeyPair('ES256').publicKey);
      const curve = expect.objectContaining({ code: 'ERR_KEY_CURVE' });
      expect(() => parsePublicKey(edwards)).toThrow(curve);
      expect(() => parsePublicKey(nist[form], [ed25519])).toThrow(curve);
      expect(() => parsePublicKey(nist.rawHex, [ed25519])).toThrow(curve);
    },
  );

  it('a private JWK whose halves do not belong together', () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({
      format: 'jwk',
    });
    expect(() => createLocalSigner({ ...jwk, d: other.d as string })).toThrow(
      expect.objectContaining({ code: 'ERR_KEY_FORMAT' }),
    );
  });
});
