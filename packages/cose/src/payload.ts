import { isBytes } from '@kivyx-ota/core';
import type { CborValue } from './cbor/value.ts';
import { coseError } from './error.ts';

/**
 * The payload of an envelope: inside it, or null there and given by the caller.
 *
 * @throws ERR_COSE_STRUCTURE when it is in neither place, or in both
 */
export function resolvePayload(
  attached: CborValue | undefined,
  detached: Uint8Array | undefined,
): Uint8Array {
  if (attached === null) {
    if (detached === undefined)
      throw coseError('ERR_COSE_STRUCTURE', 'The payload is detached; pass it as detachedPayload');
    return detached;
  }
  if (!isBytes(attached))
    throw coseError('ERR_COSE_STRUCTURE', 'The payload is neither a byte string nor detached');
  if (detached !== undefined)
    throw coseError('ERR_COSE_STRUCTURE', 'The envelope has its payload inside, none may be passed');
  return attached;
}
