import { type Claims, type PublicKey, verifySign1 } from '@kivyx-ota/cose';
import { type ChannelIndex, parseChannelIndex } from './documents/channel-index.ts';
import { type Manifest, parseManifest } from './documents/manifest.ts';
import { manifestError } from './error.ts';
import { LIMITS } from './limits.ts';
import { MEDIA_TYPES } from './media-types.ts';
import { type AppScope, type ChannelScope, checkScope, scopeSubject } from './scope.ts';

/** What the reader is configured for. */
export interface VerifyOptions<Scope> {
  /** Keys trusted for the role that signs this document ({@link keysForRole}). */
  readonly keys: readonly PublicKey[];
  readonly scope: Scope;
}

/** A document whose signature and scope hold. */
export interface Verified<T> {
  readonly document: T;
  /** The signed bytes; their SHA-256 is the identity of the document. */
  readonly payload: Uint8Array;
  readonly kidHex: string;
}

/**
 * The manifest in `envelope` (untrusted): signature by the release role, type, claims, shape, scope.
 *
 * @throws ERR_DOCUMENT_…, ERR_COSE_…, ERR_CBOR_…
 */
export function verifyManifest(envelope: Uint8Array, options: VerifyOptions<AppScope>): Verified<Manifest> {
  const { project, app, platform } = options.scope;
  return verify(envelope, MEDIA_TYPES.manifest, LIMITS.manifestSizeBytes, parseManifest, {
    keys: options.keys,
    scope: { app, platform, project },
  });
}

/**
 * The channel index in `envelope` (untrusted): signature by the index role, type, claims, shape, scope. Freshness
 * (sequence, expiry) is policy and belongs to the client.
 *
 * @throws ERR_DOCUMENT_…, ERR_COSE_…, ERR_CBOR_…
 */
export function verifyChannelIndex(
  envelope: Uint8Array,
  options: VerifyOptions<ChannelScope>,
): Verified<ChannelIndex> {
  return verify(envelope, MEDIA_TYPES.channelIndex, LIMITS.indexSizeBytes, parseChannelIndex, options);
}

function verify<T extends AppScope>(
  envelope: Uint8Array,
  type: string,
  maxSizeBytes: number,
  parse: (payload: Uint8Array) => T,
  { keys, scope }: VerifyOptions<AppScope | ChannelScope>,
): Verified<T> {
  checkEnvelopeSize(envelope, maxSizeBytes);
  const { payload, claims, kidHex } = verifySign1(envelope, { keys, type });
  const document = parse(payload);
  checkClaims(claims, document.project, scopeSubject(document));
  checkScope(pickScope(document), scope);
  return { document, kidHex, payload };
}

function pickScope(document: AppScope & { readonly channel?: string }): AppScope | ChannelScope {
  const { project, app, platform, channel } = document;
  return channel === undefined ? { app, platform, project } : { app, channel, platform, project };
}

/** @throws ERR_DOCUMENT_SIZE, before anything is parsed */
export function checkEnvelopeSize(envelope: Uint8Array, maxPayloadSizeBytes: number): void {
  const maxSizeBytes = maxPayloadSizeBytes + LIMITS.envelopeOverheadBytes;
  if (envelope.length > maxSizeBytes) {
    throw manifestError(
      'ERR_DOCUMENT_SIZE',
      `Envelope of ${envelope.length} bytes, at most ${maxSizeBytes}`,
      { maxSizeBytes, sizeBytes: envelope.length },
    );
  }
}

/** The claims repeat project and scope for readers of signed statements that know no CBOR; they may not disagree. */
export function checkClaims(claims: Claims, issuer: string, subject: string): void {
  if (claims.issuer !== issuer || claims.subject !== subject) {
    throw manifestError(
      'ERR_DOCUMENT_SCOPE',
      `The claims say ${claims.issuer} ${claims.subject}, the document ${issuer} ${subject}`,
      { claims },
    );
  }
}
