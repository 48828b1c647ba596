import { coseError } from '../error.ts';

/**
 * A P-256 signature as AWS KMS, Google Cloud KMS, Vault and OpenSSL give it (DER: SEQUENCE of two INTEGERs, SEC 1 C.5) as r ‖ s, 64 bytes, which
 * a `Signer` answers with. Strict: shortest lengths, no
 * negative numbers, nothing behind.
 *
 * @throws ERR_COSE_SIGNATURE
 */
export function signatureFromDer(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(64);
  let at = 2;
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) throw malformed();
  for (const place of [0, 32]) {
    const length = der[at + 1] ?? 0;
    let number = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 0x02 || length === 0 || number.length !== length) throw malformed();
    if ((number[0] as number) >= 0x80) throw malformed();
    if (number[0] === 0 && length > 1) {
      if ((number[1] as number) < 0x80) throw malformed();
      number = number.subarray(1);
    }
    if (number.length > 32) throw malformed();
    raw.set(number, place + 32 - number.length);
    at += 2 + length;
  }
  if (at !== der.length) throw malformed();
  return raw;
}

function malformed(): Error {
  return coseError('ERR_COSE_SIGNATURE', 'The signature is not two numbers of P-256 in DER');
}
