/** The `typ` of each document (docs/spec/documents.md). */
export const MEDIA_TYPES = {
  channelIndex: 'application/vnd.kivyx-ota.channel-index.v1+cbor',
  manifest: 'application/vnd.kivyx-ota.manifest.v1+cbor',
  trustRoot: 'application/vnd.kivyx-ota.trust-root.v1+cbor',
} as const;
