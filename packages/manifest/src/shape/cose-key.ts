import { concatBytes, hexToBytes } from '@kivyx-ota/core';
import type { PublicKey } from '@kivyx-ota/cose';

// {1: 2, 3: −7, −1: 1, −2: x, −3: y} and {1: 1, 3: −19, −1: 6, −2: x}, as far as the heads of x and y.
const EC2 = 'a5010203262001215820';
const EC2_Y = '225820';
const OKP = 'a4010103322006215820';

/**
 * The one spelling of a key in a trust root: a deterministic COSE_Key (RFC 9052 §7) of kty, alg, crv and coordinates. Keys
 * have other spellings (alg −9 for −7, none at all, SPKI); a root with one of those would have two encodings.
 */
export function coseKeyOf({ alg, raw }: PublicKey): Uint8Array {
  return alg === 'ES256'
    ? concatBytes(hexToBytes(EC2), raw.subarray(1, 33), hexToBytes(EC2_Y), raw.subarray(33))
    : concatBytes(hexToBytes(OKP), raw);
}
