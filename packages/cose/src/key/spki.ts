import { bytesToHex, concatBytes, hexToBytes } from '@kivyx-ota/core';
import type { SignatureAlgorithm } from '../algorithm/signature-algorithm.ts';
import { coseError } from '../error.ts';

/** SubjectPublicKeyInfo (DER) of a raw public key. */
export function encodeSpki({ spkiPrefixHex }: SignatureAlgorithm, raw: Uint8Array): Uint8Array {
  return concatBytes(hexToBytes(spkiPrefixHex), raw);
}

/**
 * Algorithm and raw key of a SubjectPublicKeyInfo (`der` is untrusted; the point is not checked here). Every other spelling of the
 * same key (named curve by parameters, BER lengths, unused bits) differs in the prefix and is refused.
 *
 * @throws ERR_KEY_FORMAT, ERR_KEY_CURVE
 */
export function decodeSpki(
  der: Uint8Array,
  algorithms: readonly SignatureAlgorithm[],
): { readonly algorithm: SignatureAlgorithm; readonly raw: Uint8Array } {
  const hex = bytesToHex(der);
  for (const algorithm of algorithms) {
    const { spkiPrefixHex, rawSizeBytes } = algorithm;
    if (hex.indexOf(spkiPrefixHex) !== 0) continue;
    const start = spkiPrefixHex.length / 2;
    if (der.length !== start + rawSizeBytes) break;
    return { algorithm, raw: der.slice(start) };
  }
  const names = algorithms.map(({ jwk }) => jwk.crv).join(' or ');
  // id-ecPublicKey of another curve or form, id-Ed25519 where it was not asked for.
  if (der[0] === 0x30 && (hex.includes('2a8648ce3d0201') || hex.includes('06032b6570'))) {
    throw coseError(
      'ERR_KEY_CURVE',
      `Expected an uncompressed key on ${names}; others need their algorithm passed in`,
    );
  }
  throw coseError('ERR_KEY_FORMAT', `Expected a SubjectPublicKeyInfo of a key on ${names}`);
}
