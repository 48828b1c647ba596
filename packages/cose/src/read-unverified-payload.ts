import { openEnvelope } from './envelope.ts';
import { TAG } from './labels.ts';
import { resolvePayload } from './payload.ts';

/** Bytes that nobody has vouched for yet. */
export type UnverifiedPayload = Uint8Array & { readonly __unverified?: never };

/**
 * The payload of a COSE_Sign before any signature is looked at: for a trust root that the app itself ships, and for
 * tools that show a file. Never decide anything with it.
 *
 * @throws ERR_COSE_STRUCTURE, ERR_CBOR_…
 */
export function readUnverifiedPayload(envelope: Uint8Array): UnverifiedPayload {
  return resolvePayload(openEnvelope(envelope, TAG.sign)[2], undefined);
}
