import { bytesToHex, isBytes } from '@kivyx-ota/core';
import { decodeCbor } from './cbor/decode.ts';
import type { CborMap, CborValue } from './cbor/value.ts';
import { coseError } from './error.ts';
import type { PublicKey } from './key/public-key.ts';
import { CLAIM, HEADER } from './labels.ts';

/** Who says it (`issuer`) about what (`subject`): CWT claims of RFC 8392 in the header (RFC 9597). */
export interface Claims {
  readonly issuer?: string;
  readonly subject?: string;
}

/**
 * The header map inside a protected bucket (untrusted). Empty is a zero-length byte string; `41a0` is refused,
 * because two spellings of nothing are one too many (RFC 9052 §3).
 *
 * @throws ERR_COSE_HEADER and the codes of decodeCbor
 */
export function decodeProtected(value: CborValue | undefined): CborMap {
  if (!isBytes(value)) throw coseError('ERR_COSE_HEADER', 'The protected header is not a byte string');
  if (value.length === 0) return new Map();
  if (value.length > 4096)
    throw coseError('ERR_COSE_HEADER', `Protected header of ${value.length} bytes, at most 4096`);
  const map = decodeCbor(value, { maxDepth: 4, maxItems: 64 });
  if (!(map instanceof Map)) throw coseError('ERR_COSE_HEADER', 'The protected header is not a map');
  if (map.size === 0)
    throw coseError('ERR_COSE_HEADER', 'An empty protected header must be a zero-length byte string');
  return map;
}

/**
 * The unprotected bucket may hold nothing but transparency receipts, which carry their own signatures.
 *
 * @throws ERR_COSE_HEADER
 */
export function checkUnprotected(value: CborValue | undefined): void {
  if (!(value instanceof Map)) throw coseError('ERR_COSE_HEADER', 'The unprotected header is not a map');
  value.forEach((_inner, label) => {
    if (label !== HEADER.receipts) {
      throw coseError(
        'ERR_COSE_HEADER',
        `Label ${label} in the unprotected header: only receipts (394) may stand there`,
        { label },
      );
    }
  });
}

/**
 * Refuses every label that is not understood. All of ours are listed; `crit` must be honoured even though it can
 * then only name what is known (RFC 9052 §3.1).
 *
 * @throws ERR_COSE_HEADER, ERR_COSE_CRITICAL
 */
export function checkKnownLabels(header: CborMap, known: readonly number[]): void {
  const critical = header.get(HEADER.crit);
  if (critical !== undefined) {
    if (!Array.isArray(critical) || critical.length === 0) {
      throw coseError('ERR_COSE_CRITICAL', 'crit must be a non-empty array');
    }
    for (const label of critical as readonly CborValue[]) {
      if (!known.includes(label as number) || !header.has(label as number)) {
        throw coseError('ERR_COSE_CRITICAL', `Critical header ${String(label)} is not understood`, { label });
      }
    }
  }
  header.forEach((_inner, label) => {
    if (label !== HEADER.crit && !known.includes(label as number)) {
      throw coseError('ERR_COSE_HEADER', `Unknown label ${label} in the protected header`, { label });
    }
  });
}

/** @throws ERR_COSE_TYPE when `typ` is absent or another document's */
export function checkType(header: CborMap, expected: string): void {
  const type = header.get(HEADER.typ);
  if (type !== expected) {
    throw coseError(
      'ERR_COSE_TYPE',
      `Expected a document of type ${expected}, got ${type === undefined ? 'none' : String(type)}`,
      {
        expected,
        type,
      },
    );
  }
}

/** @throws ERR_COSE_HEADER when a claim is not text or not known */
export function readClaims(header: CborMap): Claims {
  const claims = header.get(HEADER.cwtClaims);
  if (claims === undefined) return {};
  if (!(claims instanceof Map)) throw coseError('ERR_COSE_HEADER', 'CWT claims are not a map');
  const out: { issuer?: string; subject?: string } = {};
  claims.forEach((value, label) => {
    const name = label === CLAIM.iss ? 'issuer' : label === CLAIM.sub ? 'subject' : undefined;
    if (name === undefined || typeof value !== 'string')
      throw coseError('ERR_COSE_HEADER', `CWT claim ${label} is not understood`);
    out[name] = value;
  });
  return out;
}

/** @throws ERR_COSE_HEADER when the content type is present but not text */
export function readContentType(header: CborMap): string | undefined {
  const value = header.get(HEADER.contentType);
  if (value !== undefined && typeof value !== 'string')
    throw coseError('ERR_COSE_HEADER', 'The content type is not text');
  return value;
}

/**
 * The key of `keys` that the header names. The kid only selects inside the set that the caller trusts for this
 * role; no other key is tried, and the key's own algorithm decides.
 *
 * @throws ERR_COSE_KEY_UNKNOWN, ERR_COSE_ALGORITHM, ERR_COSE_HEADER
 */
export function selectKey(header: CborMap, keys: readonly PublicKey[]): PublicKey {
  const kid = header.get(HEADER.kid);
  if (!isBytes(kid)) throw coseError('ERR_COSE_HEADER', 'The key id (kid) is missing or not a byte string');
  const kidHex = bytesToHex(kid);
  const key = keys.find((candidate) => candidate.kidHex === kidHex);
  if (key === undefined) {
    throw coseError('ERR_COSE_KEY_UNKNOWN', `No trusted key for this role has the id ${kidHex}`, { kidHex });
  }
  const alg = header.get(HEADER.alg);
  if (typeof alg !== 'number' || !key.algorithm.ids.includes(alg)) {
    throw coseError(
      'ERR_COSE_ALGORITHM',
      `Key ${kidHex} is for ${key.alg}, the header says algorithm ${String(alg)}`,
      { alg, kidHex },
    );
  }
  return key;
}
