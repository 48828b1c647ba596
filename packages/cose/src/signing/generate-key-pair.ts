import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import type { CoseAlgorithm } from '../algorithm/signature-algorithm.ts';
import type { PublicKey } from '../key/public-key.ts';
import { exportPublicKey } from './export-public-key.ts';
import { publicKeyOf } from './local-signer.ts';
import { encodePkcs8 } from './pkcs8.ts';
import { writePem } from './write-pem.ts';

/** A new key pair; keep `privateKeyPem` (PKCS#8, unencrypted) where only the publisher can read it. */
export interface GeneratedKeyPair {
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  readonly publicKey: PublicKey;
}

/**
 * Makes a key pair with the platform's secure random source (Node, Workers, browsers).
 */
export function generateKeyPair(alg: CoseAlgorithm = 'ES256'): GeneratedKeyPair {
  const secret = alg === 'ES256' ? p256.utils.randomSecretKey() : ed25519.utils.randomSecretKey();
  const publicKey = publicKeyOf(alg, secret);
  return {
    privateKeyPem: writePem('PRIVATE KEY', encodePkcs8(alg, secret, publicKey.raw)),
    publicKey,
    publicKeyPem: exportPublicKey(publicKey).pem,
  };
}
