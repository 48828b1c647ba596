import { base64urlToBytes } from '@kivyx-ota/core';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import type { CoseAlgorithm } from '../algorithm/signature-algorithm.ts';
import { coseError } from '../error.ts';
import { parsePublicKey } from '../key/parse-public-key.ts';
import { decodePem } from '../key/pem.ts';
import type { PublicJwk, PublicKey } from '../key/public-key.ts';
import { encodeSpki } from '../key/spki.ts';
import { ALL_ALGORITHMS, algorithmOf } from './all-algorithms.ts';
import { decodePkcs8 } from './pkcs8.ts';
import type { Signer } from './signer.ts';

/** A private key as PKCS#8 PEM text or as a JWK with `d`. */
export type PrivateKeyInput = string | (PublicJwk & { readonly d: string });

/**
 * A {@link Signer} over a private key in memory. ES256 is deterministic (RFC 6979), so signing the same bytes
 * twice gives the same signature.
 *
 * @throws ERR_KEY_FORMAT, ERR_KEY_CURVE, ERR_KEY_POINT
 */
export function createLocalSigner(privateKey: PrivateKeyInput): Signer {
  const { alg, secret } = readPrivateKey(privateKey);
  const key = publicKeyOf(alg, secret);
  return {
    alg,
    kid: key.kid,
    publicKey: () => Promise.resolve(key),
    sign: (toBeSigned) =>
      Promise.resolve(
        alg === 'ES256' ? p256.sign(toBeSigned, secret, { lowS: false }) : ed25519.sign(toBeSigned, secret),
      ),
  };
}

/** The public half of a 32-byte private key. */
export function publicKeyOf(alg: CoseAlgorithm, secret: Uint8Array): PublicKey {
  let raw: Uint8Array;
  try {
    raw = alg === 'ES256' ? p256.getPublicKey(secret, false) : ed25519.getPublicKey(secret);
  } catch {
    throw coseError('ERR_KEY_POINT', 'The private key is not a number in the range of its curve');
  }
  return parsePublicKey(encodeSpki(algorithmOf(alg), raw), ALL_ALGORITHMS);
}

function readPrivateKey(input: PrivateKeyInput): {
  readonly alg: CoseAlgorithm;
  readonly secret: Uint8Array;
} {
  if (typeof input === 'string') return decodePkcs8(decodePem(input, 'PRIVATE KEY'));
  const { d, ...publicJwk } = input;
  const { alg, kidHex } = parsePublicKey(publicJwk, ALL_ALGORITHMS);
  let secret: Uint8Array | undefined;
  try {
    secret = base64urlToBytes(d);
  } catch {
    secret = undefined;
  }
  if (secret?.length !== 32)
    throw coseError('ERR_KEY_FORMAT', 'JWK member "d" must be 32 bytes in base64url');
  if (publicKeyOf(alg, secret).kidHex !== kidHex) {
    throw coseError('ERR_KEY_FORMAT', 'The private and the public part of this JWK do not belong together');
  }
  return { alg, secret };
}
