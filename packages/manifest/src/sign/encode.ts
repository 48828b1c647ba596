import { encodeCbor, exportPublicKey } from '@kivyx-ota/cose/sign';
import { type DocumentKind, documentToCbor } from '../codec/document.ts';
import { CHANNEL_INDEX, type ChannelIndex } from '../documents/channel-index.ts';
import { checkManifest, type Manifest, MANIFEST } from '../documents/manifest.ts';
import { resolveKeys, TRUST_ROOT, type TrustRoot } from '../documents/trust-root.ts';
import { manifestError } from '../error.ts';

function encodeDocument<T>(kind: DocumentKind<T>, document: object): Uint8Array {
  const payload = encodeCbor(documentToCbor(kind, document));
  if (payload.length > kind.maxSizeBytes) {
    throw manifestError(
      'ERR_DOCUMENT_SIZE',
      `This ${kind.name} would be ${payload.length} bytes, devices read at most ${kind.maxSizeBytes}; remove old releases, patches or metadata`,
      { maxSizeBytes: kind.maxSizeBytes, sizeBytes: payload.length },
    );
  }
  return payload;
}

/**
 * The payload of a manifest: the same manifest always gives the same bytes.
 *
 * @throws ERR_DOCUMENT_SHAPE, ERR_DOCUMENT_PATH, ERR_DOCUMENT_SIZE: nothing is signed that a device would refuse
 */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const payload = encodeDocument(MANIFEST, manifest);
  checkManifest(manifest);
  return payload;
}

/**
 * The payload of a channel index.
 *
 * @throws ERR_DOCUMENT_SHAPE, ERR_DOCUMENT_SIZE
 */
export function encodeChannelIndex(index: ChannelIndex): Uint8Array {
  return encodeDocument(CHANNEL_INDEX, index);
}

/**
 * The payload of a trust root.
 *
 * @throws ERR_DOCUMENT_SHAPE, ERR_DOCUMENT_SIZE, ERR_ROOT_ROLE
 */
export function encodeTrustRoot(root: TrustRoot): Uint8Array {
  const document = { ...root, keys: root.keys.map((key) => exportPublicKey(key).coseKey) };
  resolveKeys(document);
  return encodeDocument(TRUST_ROOT, document);
}
