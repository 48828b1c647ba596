import { bytesToBase64url, bytesToHex } from '@kivyx-ota/core';
import { ALG_IDS } from '../algorithms.ts';
import { encodeCbor } from '../cbor/encode.ts';
import type { CborValue } from '../cbor/value.ts';
import type { PublicJwk, PublicKey } from '../key/public-key.ts';
import { encodeSpki } from '../key/spki.ts';
import { COSE_KEY } from '../labels.ts';
import { writePem } from './write-pem.ts';

/** One public key in every spelling that {@link parsePublicKey} reads. */
export interface ExportedPublicKey {
  readonly pem: string;
  readonly spki: Uint8Array;
  readonly jwk: PublicJwk & { readonly alg: string; readonly kid: string; readonly use: 'sig' };
  readonly coseKey: Uint8Array;
  /** ES256: `04 ‖ x ‖ y` as 130 hex digits. Ed25519: 64 hex digits, for reading only. */
  readonly rawHex: string;
}

/** Spells `key` in every supported form. */
export function exportPublicKey(key: PublicKey): ExportedPublicKey {
  const spki = encodeSpki(key.alg, key.raw);
  const x = key.alg === 'ES256' ? key.raw.slice(1, 33) : key.raw;
  const y = key.alg === 'ES256' ? key.raw.slice(33) : undefined;
  const cose = new Map<number, CborValue>([
    [COSE_KEY.kty, y === undefined ? 1 : 2],
    [COSE_KEY.alg, ALG_IDS[key.alg][0] as number],
    [COSE_KEY.crv, y === undefined ? 6 : 1],
    [COSE_KEY.x, x],
  ]);
  if (y !== undefined) cose.set(COSE_KEY.y, y);
  return {
    coseKey: encodeCbor(cose),
    jwk: {
      alg: key.alg,
      crv: y === undefined ? 'Ed25519' : 'P-256',
      kid: key.kidHex,
      kty: y === undefined ? 'OKP' : 'EC',
      use: 'sig',
      x: bytesToBase64url(x),
      ...(y === undefined ? {} : { y: bytesToBase64url(y) }),
    },
    pem: writePem('PUBLIC KEY', spki),
    rawHex: bytesToHex(key.raw),
    spki,
  };
}
