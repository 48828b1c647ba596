import type { CborValue } from '@kivyx-ota/cose';
import { ALL_ALGORITHMS, encodeCbor } from '@kivyx-ota/cose/sign';
import { coseKeyOf } from '../shape/cose-key.ts';
import { type DocumentKind, readDocument } from '../shape/document.ts';
import { CHANNEL_INDEX, type ChannelIndex, patchOrder } from '../documents/channel-index.ts';
import { checkManifest, type Manifest, MANIFEST } from '../documents/manifest.ts';
import { resolveKeys, TRUST_ROOT, type TrustRoot } from '../documents/trust-root.ts';
import { manifestError } from '../error.ts';
import { writeShape } from './write-shape.ts';

function encodeDocument<T>(kind: DocumentKind<T>, document: object): Uint8Array {
  const members = writeShape(kind.shape, document, kind.name) as ReadonlyMap<number, CborValue>;
  const cbor = new Map(members).set(1, 1);
  readDocument(kind, cbor);
  const payload = encodeCbor(cbor);
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
  const payload = encodeDocument(MANIFEST, {
    ...manifest,
    assets: sortedBy(manifest.assets, ({ path }) => path),
  });
  checkManifest(manifest);
  return payload;
}

/**
 * The payload of a channel index.
 *
 * @throws ERR_DOCUMENT_SHAPE, ERR_DOCUMENT_SIZE
 */
export function encodeChannelIndex(index: ChannelIndex): Uint8Array {
  return encodeDocument(CHANNEL_INDEX, {
    ...index,
    releases: index.releases.map((release) => ({
      ...release,
      patches: sortedBy(release.patches, patchOrder),
    })),
  });
}

/**
 * The payload of a trust root.
 *
 * @throws ERR_DOCUMENT_SHAPE, ERR_DOCUMENT_SIZE, ERR_ROOT_ROLE
 */
export function encodeTrustRoot(root: TrustRoot): Uint8Array {
  const { index, release, root: rootRole } = root.roles;
  const document = {
    ...root,
    keys: sortedBy(root.keys, ({ kidHex }) => kidHex).map(coseKeyOf),
    revokedReleaseIds: sortedBy(root.revokedReleaseIds, (id) => id),
    roles: { index: index.map(sortedRole), release: sortedRole(release), root: sortedRole(rootRole) },
  };
  resolveKeys(document, ALL_ALGORITHMS);
  return encodeDocument(TRUST_ROOT, document);
}

/** What readers insist on; done here so that callers need not care. Texts are ASCII. */
function sortedBy<T>(list: readonly T[], textOf: (one: T) => string): T[] {
  return [...list].sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0));
}

function sortedRole<
  T extends { readonly kidHexes: readonly string[]; readonly channels?: readonly string[] },
>(role: T): T {
  const { channels, kidHexes } = role;
  return {
    ...role,
    kidHexes: sortedBy(kidHexes, (kid) => kid),
    ...(channels === undefined ? {} : { channels: sortedBy(channels, (channel) => channel) }),
  };
}
