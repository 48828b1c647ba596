export { base64urlToBytes, bytesToBase64url } from './base64url.ts';
export { concatBytes, equalBytes, isBytes, joinBytes } from './bytes.ts';
export { OtaError, isOtaError, type OtaErrorOptions } from './error.ts';
export { bytesToHex, hexToBytes, isSha256Hex, type Sha256Hex } from './hex.ts';
export type { Clock, Random, Sha256 } from './ports.ts';
export { type ChunkReader, type ChunkStream, readAtMost } from './read-at-most.ts';
export { bytesToUtf8, utf8ToBytes } from './utf8.ts';
