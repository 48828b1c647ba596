export { decodeCbor } from './cbor/decode.ts';
export { type CborLimits, scanCbor } from './cbor/scan.ts';
export type { CborMap, CborValue } from './cbor/value.ts';
export type { CoseError, CoseErrorCode } from './error.ts';
export { parsePublicKey, type PublicKeyInput } from './key/parse-public-key.ts';
export type { CoseAlgorithm, PublicJwk, PublicKey } from './key/public-key.ts';
export type { Claims } from './protected-header.ts';
export { type VerifiedSign1, verifySign1, type VerifySign1Options } from './verify-sign1.ts';
export { type VerifiedThreshold, verifyThreshold, type VerifyThresholdOptions } from './verify-threshold.ts';
