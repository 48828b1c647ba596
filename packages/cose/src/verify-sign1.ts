import { isBytes } from '@kivyx-ota/core';
import { verifySignature } from './algorithm/verify-signature.ts';
import { openEnvelope } from './envelope.ts';
import { coseError } from './error.ts';
import type { CoseAlgorithm } from './algorithm/signature-algorithm.ts';
import type { PublicKey } from './key/public-key.ts';
import { HEADER, TAG } from './labels.ts';
import { resolvePayload } from './payload.ts';
import {
  checkKnownLabels,
  checkType,
  checkUnprotected,
  type Claims,
  decodeProtected,
  readClaims,
  readContentType,
  selectKey,
} from './protected-header.ts';
import { sigStructure } from './sig-structure.ts';

/** What the reader expects; nothing of it is taken from the message. */
export interface VerifySign1Options {
  /** The keys trusted for this role, and only those. */
  readonly keys: readonly PublicKey[];
  /** The media type that `typ` must be. */
  readonly type: string;
  /** Required exactly when the envelope has none inside. */
  readonly detachedPayload?: Uint8Array;
  readonly externalAad?: Uint8Array;
}

/** A document whose signature holds. */
export interface VerifiedSign1 {
  readonly payload: Uint8Array;
  readonly kidHex: string;
  readonly alg: CoseAlgorithm;
  readonly claims: Claims;
  readonly contentType?: string;
}

const KNOWN: readonly number[] = [HEADER.alg, HEADER.kid, HEADER.contentType, HEADER.cwtClaims, HEADER.typ];
const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * Verifies a COSE_Sign1 (RFC 9052 §4.2) in the strict profile of docs/spec/cose.md over the bytes as received.
 * `envelope` is untrusted; there is no partial result. About 50 ms in Hermes on a desktop core, 1 ms in V8.
 *
 * @throws ERR_CBOR_… when the bytes are outside the CBOR profile
 * @throws ERR_COSE_STRUCTURE, ERR_COSE_HEADER, ERR_COSE_CRITICAL, ERR_COSE_TYPE, ERR_COSE_ALGORITHM,
 * ERR_COSE_KEY_UNKNOWN, ERR_COSE_SIGNATURE
 *
 * @example
 * ```ts
 * import { parsePublicKey, verifySign1 } from '@kivyx-ota/cose';
 *
 * export function open(envelope: Uint8Array, pem: string): Uint8Array {
 *   return verifySign1(envelope, { keys: [parsePublicKey(pem)], type: 'application/vnd.example+cbor' }).payload;
 * }
 * ```
 */
export function verifySign1(envelope: Uint8Array, options: VerifySign1Options): VerifiedSign1 {
  const [protectedBytes, unprotected, attached, signature] = openEnvelope(envelope, TAG.sign1);
  const header = decodeProtected(protectedBytes);
  checkUnprotected(unprotected);
  checkKnownLabels(header, KNOWN);
  checkType(header, options.type);
  const claims = readClaims(header);
  const contentType = readContentType(header);
  const payload = resolvePayload(attached, options.detachedPayload);
  if (!isBytes(signature) || signature.length !== 64) {
    throw coseError('ERR_COSE_SIGNATURE', 'The signature is not 64 bytes (r ‖ s); DER is not accepted here');
  }
  const key = selectKey(header, options.keys);
  const signed = sigStructure(
    'Signature1',
    protectedBytes as Uint8Array,
    options.externalAad ?? EMPTY,
    payload,
  );
  if (!verifySignature(key, signed, signature)) {
    throw coseError('ERR_COSE_SIGNATURE', `The signature does not verify with key ${key.kidHex}`, {
      kidHex: key.kidHex,
    });
  }
  return {
    alg: key.alg,
    claims,
    kidHex: key.kidHex,
    payload,
    ...(contentType === undefined ? {} : { contentType }),
  };
}
