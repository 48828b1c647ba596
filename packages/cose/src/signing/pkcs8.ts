import { bytesToHex, concatBytes, hexToBytes } from '@kivyx-ota/core';
import { coseError } from '../error.ts';
import type { CoseAlgorithm } from '../algorithm/signature-algorithm.ts';

// PrivateKeyInfo (RFC 5208) of a fixed algorithm: as with SPKI, prefixes are the whole grammar we accept.
const P256_ALGORITHM = '301306072a8648ce3d020106082a8648ce3d030107';
const ED25519_PREFIX = '302e020100300506032b657004220420';

/** PKCS#8 DER of a 32-byte private key; for P-256 with the public point inside, as OpenSSL writes it (RFC 5915). */
export function encodePkcs8(alg: CoseAlgorithm, secret: Uint8Array, publicPoint: Uint8Array): Uint8Array {
  if (alg === 'Ed25519') return concatBytes(hexToBytes(ED25519_PREFIX), secret);
  return concatBytes(
    hexToBytes(`308187020100${P256_ALGORITHM}046d306b0201010420`),
    secret,
    hexToBytes('a144034200'),
    publicPoint,
  );
}

/**
 * The private key inside a PKCS#8 DER of P-256 or Ed25519, with or without the public point.
 *
 * @throws ERR_KEY_FORMAT
 */
export function decodePkcs8(der: Uint8Array): { readonly alg: CoseAlgorithm; readonly secret: Uint8Array } {
  const hex = bytesToHex(der);
  const ed25519 = new RegExp(`^${ED25519_PREFIX}([0-9a-f]{64})$`).exec(hex)?.[1];
  if (ed25519 !== undefined) return { alg: 'Ed25519', secret: hexToBytes(ed25519) };
  const p256 = new RegExp(
    `^30(?:41|8187)020100${P256_ALGORITHM}04(?:27|6d)30(?:25|6b)0201010420([0-9a-f]{64})(?:a144034200[0-9a-f]{130})?$`,
  ).exec(hex)?.[1];
  if (p256 !== undefined) return { alg: 'ES256', secret: hexToBytes(p256) };
  throw coseError(
    'ERR_KEY_FORMAT',
    'Expected a PKCS#8 private key of P-256 or Ed25519 (openssl pkcs8 -topk8 makes one)',
  );
}
