import { decodeCbor } from './cbor/decode.ts';
import type { CborValue } from './cbor/value.ts';
import { coseError } from './error.ts';

/**
 * The four parts of a COSE_Sign1 or COSE_Sign (untrusted). The tag is optional, allowed at offset 0 only, and must
 * be `tag`: it is stripped here, so the CBOR codec never meets one.
 *
 * @throws ERR_COSE_STRUCTURE and the codes of decodeCbor
 */
export function openEnvelope(envelope: Uint8Array, tag: number): readonly CborValue[] {
  // Tag 18 is one byte (d2), tag 98 two (d862); other heads of the same numbers are not shortest.
  const tagBytes = tag < 24 ? [0xc0 | tag] : [0xd8, tag];
  const tagged = tagBytes.every((byte, i) => envelope[i] === byte);
  if (!tagged && envelope.length > 0 && (envelope[0] as number) >> 5 === 6) {
    throw coseError('ERR_COSE_STRUCTURE', `Expected COSE tag ${tag} or none, got another tag`);
  }
  const parts = decodeCbor(tagged ? envelope.subarray(tagBytes.length) : envelope);
  if (!Array.isArray(parts) || parts.length !== 4) {
    throw coseError('ERR_COSE_STRUCTURE', 'A COSE signature envelope is an array of four');
  }
  return parts as readonly CborValue[];
}
