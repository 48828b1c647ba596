import { bytesToHex, isBytes, type Sha256Hex } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type CborMap, type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { ALL_ALGORITHMS } from '@kivyx-ota/cose/sign';
import { type ChannelIndex, parseChannelIndex } from '../documents/channel-index.ts';
import { type Manifest, parseManifest } from '../documents/manifest.ts';
import { parseTrustRoot } from '../documents/trust-root.ts';
import { manifestError } from '../error.ts';
import { LIMITS } from '../limits.ts';
import { MEDIA_TYPES } from '../media-types.ts';
import { checkEnvelopeSize } from '../verify.ts';
import { type TrustRootJson, trustRootToJson } from './trust-root-to-json.ts';

/** The three documents by name. */
export type DocumentType = keyof typeof MEDIA_TYPES;

/** Who claims to have signed. Nobody has checked. */
export interface UnverifiedSignature {
  readonly algorithmId: number;
  readonly kidHex: string;
}

/** What an envelope says of itself, as JSON. */
export interface UnverifiedView {
  readonly unverified: true;
  readonly type: DocumentType;
  readonly issuer?: string;
  readonly subject?: string;
  readonly signatures: readonly UnverifiedSignature[];
  /** The address under which a manifest is stored. */
  readonly envelopeSha256Hex: Sha256Hex;
  /** The identity of the document. */
  readonly payloadSha256Hex: Sha256Hex;
  readonly sizeBytes: number;
  readonly document: Manifest | ChannelIndex | TrustRootJson;
}

// RFC 9052 / 9596 / 9597 labels.
const [ALG, KID, CLAIMS, TYP] = [1, 4, 15, 16];

/**
 * Shows what is in `envelope` (untrusted) without a key: for `kivyx inspect`, support, and bug reports. Shape and caps
 * are checked as for devices, **signatures are not**; never decide anything with it.
 *
 * @throws ERR_DOCUMENT_SIZE, ERR_DOCUMENT_SHAPE, ERR_CBOR_…
 *
 * @example
 * ```ts
 * import { inspectUnverified } from '@kivyx-ota/manifest/inspect';
 *
 * declare const envelope: Uint8Array;
 * console.log(JSON.stringify(inspectUnverified(envelope), null, 2));
 * ```
 */
export function inspectUnverified(envelope: Uint8Array): UnverifiedView {
  checkEnvelopeSize(envelope, LIMITS.manifestSizeBytes);
  const value = decodeCbor(envelope.subarray(tagSize(envelope)));
  const [body, , payload, last] = Array.isArray(value) ? (value as readonly CborValue[]) : [];
  if (!isBytes(body) || !isBytes(payload)) throw notADocument();
  const header = mapIn(body);
  const type = (Object.keys(MEDIA_TYPES) as DocumentType[]).find(
    (name) => MEDIA_TYPES[name] === header.get(TYP as number),
  );
  if (type === undefined) throw notADocument();
  const claims = header.get(CLAIMS as number);
  const [issuer, subject] = claims instanceof Map ? [claims.get(1), claims.get(2)] : [];
  const headers = Array.isArray(last)
    ? (last as readonly CborValue[]).map((one) => mapIn(Array.isArray(one) ? one[0] : undefined))
    : [header];
  return {
    unverified: true,
    type,
    ...(typeof issuer === 'string' ? { issuer } : {}),
    ...(typeof subject === 'string' ? { subject } : {}),
    signatures: headers.map((one) => ({
      algorithmId: Number(one.get(ALG as number)),
      kidHex: kidIn(one),
    })),
    envelopeSha256Hex: sha256Hex(envelope),
    payloadSha256Hex: sha256Hex(payload),
    sizeBytes: envelope.length,
    document: PARSERS[type](payload),
  };
}

const PARSERS: Readonly<Record<DocumentType, (payload: Uint8Array) => UnverifiedView['document']>> = {
  channelIndex: parseChannelIndex,
  manifest: parseManifest,
  trustRoot: (payload) => trustRootToJson(parseTrustRoot(payload, ALL_ALGORITHMS)),
};

/** COSE_Sign1 is tag 18, one byte; COSE_Sign tag 98, two. */
function tagSize(envelope: Uint8Array): number {
  return envelope[0] === 0xd2 ? 1 : envelope[0] === 0xd8 && envelope[1] === 98 ? 2 : 0;
}

function mapIn(bytes: unknown): CborMap {
  const value = isBytes(bytes) && bytes.length > 0 ? decodeCbor(bytes) : undefined;
  if (!(value instanceof Map)) throw notADocument();
  return value as CborMap;
}

function kidIn(header: CborMap): string {
  const kid = header.get(KID as number);
  if (!isBytes(kid)) throw notADocument();
  return bytesToHex(kid);
}

function notADocument(): Error {
  return manifestError(
    'ERR_DOCUMENT_SHAPE',
    'These bytes are no signed manifest, channel index or trust root',
  );
}
