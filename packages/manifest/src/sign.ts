export { encodeChannelIndex, encodeManifest, encodeTrustRoot } from './sign/encode.ts';
export { mergePatches } from './sign/merge-patches.ts';
export { mergeTrustRoots } from './sign/merge-trust-roots.ts';
export { signChannelIndex, type SignedDocument, signManifest, signTrustRoot } from './sign/sign-documents.ts';
