// Vectors for a second implementation: signed documents, good ones and ones that must be refused. The keys are fixed and
// ES256 is deterministic here (RFC 6979), so making them again gives the same bytes.
import { bytesToBase64url, bytesToHex } from '@kivyx-ota/core';
import { sha256Hex } from '@kivyx-ota/core/sha256';
import { type CborValue, decodeCbor } from '@kivyx-ota/cose';
import { createLocalSigner, encodeCbor, exportPublicKey, type Signer, signSign1 } from '@kivyx-ota/cose/sign';
import {
  type AppScope,
  type ChannelScope,
  MEDIA_TYPES,
  rootFromKeys,
  scopeSubject,
} from '@kivyx-ota/manifest';
import { trustRootToJson } from '@kivyx-ota/manifest/inspect';
import {
  encodeChannelIndex,
  encodeManifest,
  signChannelIndex,
  signManifest,
  signTrustRoot,
} from '@kivyx-ota/manifest/sign';
import { createECDH } from 'node:crypto';
import { index, manifest, SCOPE } from '../test/samples.ts';

/** One line of docs/spec/vectors/documents.json. */
export interface DocumentVector {
  readonly name: string;
  readonly type: keyof typeof MEDIA_TYPES;
  /** Public key (uncompressed point) of the role that the reader trusts; for roots of the root before it. */
  readonly keyHex: string;
  readonly scope?: AppScope | ChannelScope;
  readonly envelopeHex: string;
  /** Absent in vectors that are to be refused. */
  readonly payloadSha256Hex?: string;
  readonly document?: unknown;
  /** The code this implementation refuses with; others need only refuse. */
  readonly refused?: string;
}

/** A private key of 32 equal bytes: nobody can mistake it for a secret. */
function signerOf(byte: number): Signer {
  const secret = new Uint8Array(32).fill(byte);
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    bytesToBase64url(new Uint8Array(part)),
  );
  return createLocalSigner({
    crv: 'P-256',
    d: bytesToBase64url(secret),
    kty: 'EC',
    x: x as string,
    y: y as string,
  });
}

/** All vectors, in order. */
export async function documentVectors(): Promise<readonly DocumentVector[]> {
  const [release, indexer, rooter] = [signerOf(1), signerOf(2), signerOf(3)];
  const hexOf = async (signer: Signer): Promise<string> => exportPublicKey(await signer.publicKey()).rawHex;
  const manifestKey = { keyHex: await hexOf(release), scope: appScope, type: 'manifest' } as const;
  const indexKey = { keyHex: await hexOf(indexer), scope: SCOPE, type: 'channelIndex' } as const;
  const rootKey = { keyHex: await hexOf(rooter), type: 'trustRoot' } as const;

  const good = await signManifest(manifest, release);
  const goodIndex = await signChannelIndex(index, indexer);
  const first = rootFromKeys('acme', [await hexOf(rooter)]);
  const root = {
    ...first,
    expiresAtSeconds: 1_800_000_000,
    issuedAtSeconds: 1_790_000_000,
    keys: [await release.publicKey(), await indexer.publicKey(), await rooter.publicKey()],
    revokedReleaseIds: ['r0'],
    roles: {
      index: [{ channels: ['production'], kidHexes: [bytesToHex(indexer.kid)], threshold: 1 }],
      release: { kidHexes: [bytesToHex(release.kid)], threshold: 1 },
      root: { kidHexes: [bytesToHex(rooter.kid)], threshold: 1 },
    },
    version: 1,
  };
  const goodRoot = await signTrustRoot(root, [rooter]);
  const byRelease = async (payload: Uint8Array): Promise<string> =>
    bytesToHex(
      await signSign1(payload, { claims: claimsOf(appScope), signer: release, type: MEDIA_TYPES.manifest }),
    );
  const byIndexer = async (payload: Uint8Array): Promise<string> =>
    bytesToHex(
      await signSign1(payload, { claims: claimsOf(SCOPE), signer: indexer, type: MEDIA_TYPES.channelIndex }),
    );
  const changed = (payload: Uint8Array, key: number, value: CborValue): Uint8Array =>
    encodeCbor(new Map([...(decodeCbor(payload) as ReadonlyMap<number, CborValue>), [key, value]]));
  const manifestPayload = encodeManifest(manifest);
  const indexPayload = encodeChannelIndex(index);

  return [
    accepted('a manifest', manifestKey, good, manifest),
    accepted('a channel index', indexKey, goodIndex, index),
    accepted(
      'a trust root after bare keys',
      rootKey,
      goodRoot,
      trustRootToJson({ ...root, keys: sorted(root.keys) }),
    ),
    {
      ...manifestKey,
      envelopeHex: bytesToHex(goodIndex.envelope),
      name: 'an index shown as a manifest',
      refused: 'ERR_COSE_TYPE',
    },
    {
      ...indexKey,
      envelopeHex: bytesToHex((await signChannelIndex(index, release)).envelope),
      name: 'an index signed by the release key',
      refused: 'ERR_COSE_KEY_UNKNOWN',
    },
    {
      ...indexKey,
      envelopeHex: bytesToHex((await signChannelIndex({ ...index, channel: 'beta' }, indexer)).envelope),
      name: 'an index of another channel',
      refused: 'ERR_DOCUMENT_SCOPE',
    },
    {
      ...manifestKey,
      envelopeHex: bytesToHex((await signManifest({ ...manifest, platform: 'ios' }, release)).envelope),
      name: 'a manifest for another platform',
      refused: 'ERR_DOCUMENT_SCOPE',
    },
    {
      ...manifestKey,
      envelopeHex: await byRelease(changed(manifestPayload, 99, 1)),
      name: 'a key nobody knows',
      refused: 'ERR_DOCUMENT_SHAPE',
    },
    {
      ...manifestKey,
      envelopeHex: await byRelease(changed(manifestPayload, 1, 2)),
      name: 'format version 2',
      refused: 'ERR_DOCUMENT_VERSION',
    },
    {
      ...manifestKey,
      envelopeHex: await byRelease(changed(manifestPayload, 5, 'embedded')),
      name: 'a release called embedded',
      refused: 'ERR_DOCUMENT_SHAPE',
    },
    {
      ...manifestKey,
      envelopeHex: await byRelease(changed(manifestPayload, 12, twice(manifestPayload, 12))),
      name: 'a file listed twice',
      refused: 'ERR_DOCUMENT_SHAPE',
    },
    {
      ...indexKey,
      envelopeHex: await byIndexer(changed(indexPayload, 11, twice(indexPayload, 11))),
      name: 'a release listed twice',
      refused: 'ERR_DOCUMENT_SHAPE',
    },
    {
      ...indexKey,
      envelopeHex: await byIndexer(changed(indexPayload, 9, 1_790_604_801)),
      name: 'an index that lives 7 days and a second',
      refused: 'ERR_DOCUMENT_SHAPE',
    },
    {
      ...rootKey,
      envelopeHex: bytesToHex((await signTrustRoot({ ...root, version: 2 }, [rooter])).envelope),
      name: 'root version 2 after 0',
      refused: 'ERR_ROOT_VERSION',
    },
    {
      ...rootKey,
      envelopeHex: bytesToHex((await signTrustRoot(root, [release])).envelope),
      name: 'a root not signed by the one before',
      refused: 'ERR_COSE_THRESHOLD',
    },
    {
      ...rootKey,
      envelopeHex: bytesToHex(goodRoot.envelope) + '00',
      name: 'a byte behind a root',
      refused: 'ERR_CBOR_MALFORMED',
    },
  ];
}

const appScope: AppScope = { app: SCOPE.app, platform: SCOPE.platform, project: SCOPE.project };

function claimsOf(scope: AppScope | ChannelScope): { issuer: string; subject: string } {
  return { issuer: scope.project, subject: scopeSubject(scope) };
}

function accepted(
  name: string,
  base: Pick<DocumentVector, 'keyHex' | 'scope' | 'type'>,
  { envelope, payload }: { readonly envelope: Uint8Array; readonly payload: Uint8Array },
  document: unknown,
): DocumentVector {
  return { ...base, document, envelopeHex: bytesToHex(envelope), name, payloadSha256Hex: sha256Hex(payload) };
}

function twice(payload: Uint8Array, key: number): CborValue {
  const [one] = (decodeCbor(payload) as ReadonlyMap<number, CborValue>).get(key) as CborValue[];
  return [one as CborValue, one as CborValue];
}

function sorted<T extends { readonly kidHex: string }>(keys: readonly T[]): T[] {
  return keys.toSorted((a, b) => (a.kidHex < b.kidHex ? -1 : 1));
}
