import { type Signer, signSign1, signThreshold } from '@kivyx-ota/cose/sign';
import type { ChannelIndex } from '../documents/channel-index.ts';
import type { Manifest } from '../documents/manifest.ts';
import type { TrustRoot } from '../documents/trust-root.ts';
import { MEDIA_TYPES } from '../media-types.ts';
import { scopeSubject } from '../scope.ts';
import { ROOT_SUBJECT } from '../trust.ts';
import { encodeChannelIndex, encodeManifest, encodeTrustRoot } from './encode.ts';

/** A signed document and what was signed. */
export interface SignedDocument {
  readonly envelope: Uint8Array;
  readonly payload: Uint8Array;
}

/** Signs a manifest with the release role. @throws as encodeManifest; ERR_COSE_SIGNATURE */
export async function signManifest(manifest: Manifest, signer: Signer): Promise<SignedDocument> {
  const { project, app, platform } = manifest;
  const payload = encodeManifest(manifest);
  const claims = { issuer: project, subject: scopeSubject({ app, platform, project }) };
  return { envelope: await signSign1(payload, { claims, signer, type: MEDIA_TYPES.manifest }), payload };
}

/** Signs a channel index with the index role. @throws as encodeChannelIndex; ERR_COSE_SIGNATURE */
export async function signChannelIndex(index: ChannelIndex, signer: Signer): Promise<SignedDocument> {
  const { project, app, platform, channel } = index;
  const payload = encodeChannelIndex(index);
  const claims = { issuer: project, subject: scopeSubject({ app, channel, platform, project }) };
  return { envelope: await signSign1(payload, { claims, signer, type: MEDIA_TYPES.channelIndex }), payload };
}

/**
 * Signs a trust root with every key given: those of the root before it and its own. @throws as encodeTrustRoot;
 * ERR_COSE_SIGNATURE
 */
export async function signTrustRoot(root: TrustRoot, signers: readonly Signer[]): Promise<SignedDocument> {
  const payload = encodeTrustRoot(root);
  const claims = { issuer: root.project, subject: ROOT_SUBJECT };
  return {
    envelope: await signThreshold(payload, { claims, signers, type: MEDIA_TYPES.trustRoot }),
    payload,
  };
}
