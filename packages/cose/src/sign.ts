export { encodeCbor } from './cbor/encode.ts';
export { ALL_ALGORITHMS } from './signing/all-algorithms.ts';
export { type ExportedPublicKey, exportPublicKey } from './signing/export-public-key.ts';
export { type GeneratedKeyPair, generateKeyPair } from './signing/generate-key-pair.ts';
export { signatureFromDer } from './signing/signature-from-der.ts';
export { createLocalSigner, type PrivateKeyInput } from './signing/local-signer.ts';
export {
  type DocumentHeader,
  signSign1,
  type SignSign1Options,
  signThreshold,
  type SignThresholdOptions,
} from './signing/sign-envelope.ts';
export type { Signer } from './signing/signer.ts';
