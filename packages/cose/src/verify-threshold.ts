import { bytesToHex, equalBytes, isBytes } from '@kivyx-ota/core';
import { verifySignature } from './algorithm/verify-signature.ts';
import type { CborValue } from './cbor/value.ts';
import { openEnvelope } from './envelope.ts';
import { coseError } from './error.ts';
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
  selectKey,
} from './protected-header.ts';
import { sigStructure } from './sig-structure.ts';

/** What the reader expects of a document with several signatures. */
export interface VerifyThresholdOptions {
  readonly keys: readonly PublicKey[];
  /** How many distinct keys of `keys` must have signed; at least 1. */
  readonly threshold: number;
  readonly type: string;
}

/** A document that enough keys have signed. */
export interface VerifiedThreshold {
  readonly payload: Uint8Array;
  /** The distinct trusted keys whose signature holds, at least `threshold`. */
  readonly kidHexes: readonly string[];
  readonly claims: Claims;
}

const BODY_LABELS: readonly number[] = [HEADER.contentType, HEADER.cwtClaims, HEADER.typ];
const SIGNER_LABELS: readonly number[] = [HEADER.alg, HEADER.kid];
const MAX_SIGNATURES = 32;
const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/**
 * Verifies a COSE_Sign (RFC 9052 §4.1, tag 98) with several signers: the trust root's envelope. Type and claims
 * stand in the body's protected header, alg and kid in each signer's. Signatures by keys outside `keys` are
 * skipped, because a root is signed by its predecessor's keys too; a trusted key whose signature is wrong, or a
 * key that signed twice, refuses the document. `envelope` is untrusted.
 *
 * @throws ERR_CBOR_…, ERR_COSE_STRUCTURE, ERR_COSE_HEADER, ERR_COSE_CRITICAL, ERR_COSE_TYPE,
 * ERR_COSE_ALGORITHM, ERR_COSE_SIGNATURE
 * @throws ERR_COSE_THRESHOLD when fewer than `threshold` distinct keys signed
 */
export function verifyThreshold(envelope: Uint8Array, options: VerifyThresholdOptions): VerifiedThreshold {
  if (!Number.isInteger(options.threshold) || options.threshold < 1) {
    throw new RangeError(`verifyThreshold: threshold must be at least 1, got ${options.threshold}`);
  }
  const [bodyProtected, unprotected, attached, signatures] = openEnvelope(envelope, TAG.sign);
  const body = decodeProtected(bodyProtected);
  checkUnprotected(unprotected);
  checkKnownLabels(body, BODY_LABELS);
  checkType(body, options.type);
  const claims = readClaims(body);
  const payload = resolvePayload(attached, undefined);
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
    throw coseError('ERR_COSE_STRUCTURE', `Expected 1 to ${MAX_SIGNATURES} signatures`);
  }
  const seen = new Set<string>();
  const good: string[] = [];
  for (const one of signatures as readonly CborValue[]) {
    if (!Array.isArray(one) || one.length !== 3)
      throw coseError('ERR_COSE_STRUCTURE', 'A COSE_Signature is an array of three');
    const [signerProtected, signerUnprotected, signature] = one as readonly CborValue[];
    const header = decodeProtected(signerProtected);
    checkUnprotected(signerUnprotected);
    checkKnownLabels(header, SIGNER_LABELS);
    if (!isBytes(signature) || signature.length !== 64) {
      throw coseError('ERR_COSE_SIGNATURE', 'A signature is not 64 bytes (r ‖ s)');
    }
    const kid = header.get(HEADER.kid);
    const key =
      isBytes(kid) && !options.keys.some((k) => equalBytes(k.kid, kid))
        ? undefined
        : selectKey(header, options.keys);
    const kidHex = key?.kidHex ?? bytesToHex(kid as Uint8Array);
    if (seen.has(kidHex))
      throw coseError('ERR_COSE_STRUCTURE', `Two signatures by key ${kidHex}`, { kidHex });
    seen.add(kidHex);
    if (key === undefined) continue;
    const signed = sigStructure(
      'Signature',
      bodyProtected as Uint8Array,
      signerProtected as Uint8Array,
      EMPTY,
      payload,
    );
    if (!verifySignature(key, signed, signature)) {
      throw coseError('ERR_COSE_SIGNATURE', `The signature of key ${kidHex} does not verify`, { kidHex });
    }
    good.push(kidHex);
  }
  if (good.length < options.threshold) {
    throw coseError(
      'ERR_COSE_THRESHOLD',
      `Signed by ${good.length} trusted keys, ${options.threshold} needed`,
      {
        signed: good.length,
        threshold: options.threshold,
      },
    );
  }
  return { claims, kidHexes: good, payload };
}
