import { bytesToBase64url, bytesToHex } from '@kivyx-ota/core';
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
  const { algorithm, raw } = key;
  const spki = encodeSpki(algorithm, raw);
  const [x, y] = algorithm.coordinates === 2 ? [raw.slice(1, 33), raw.slice(33)] : [raw];
  const cose = new Map<number, CborValue>([
    [COSE_KEY.kty, algorithm.coseKey.kty],
    [COSE_KEY.alg, algorithm.ids[0] as number],
    [COSE_KEY.crv, algorithm.coseKey.crv],
    [COSE_KEY.x, x as Uint8Array],
  ]);
  if (y !== undefined) cose.set(COSE_KEY.y, y);
  return {
    coseKey: encodeCbor(cose),
    jwk: {
      ...algorithm.jwk,
      alg: key.alg,
      kid: key.kidHex,
      use: 'sig',
      x: bytesToBase64url(x as Uint8Array),
      ...(y === undefined ? {} : { y: bytesToBase64url(y) }),
    },
    pem: writePem('PUBLIC KEY', spki),
    rawHex: bytesToHex(raw),
    spki,
  };
}
