import { clientError, type FilesPort } from '@kivyx-ota/client';
import { bytesToHex, type Random } from '@kivyx-ota/core';

/** The part of expo-crypto (read: 57.0.3) that is used; `import * as Crypto` fits. */
export interface ExpoCrypto {
  getRandomBytes(byteCount: number): Uint8Array;
  // Parameters are the library's own types: the enum of algorithms, and a BufferSource.
  digest(algorithm: never, data: never): Promise<ArrayBuffer>;
}

/** Random bytes of the platform. */
export function expoCryptoRandom({ getRandomBytes }: Pick<ExpoCrypto, 'getRandomBytes'>): Random {
  return { bytes: (length) => getRandomBytes(length) };
}

/** Options of {@link expoCryptoSha256File}. */
export interface ExpoCryptoSha256FileOptions {
  readonly crypto: Pick<ExpoCrypto, 'digest'>;
  /** Reads the file: expo-crypto hashes one buffer and knows no files. */
  readonly files: Pick<FilesPort, 'read' | 'sizeOf'>;
  /** Larger files are refused, because they would have to be in memory at once. Default 64 MiB. */
  readonly maxSizeBytes?: number;
}

/**
 * {@link FilesPort.sha256File} by expo-crypto, for files that fit into memory.
 *
 * @throws ERR_CLIENT_STORAGE for a file above `maxSizeBytes`
 */
export function expoCryptoSha256File({
  crypto: library,
  files,
  maxSizeBytes = 67_108_864,
}: ExpoCryptoSha256FileOptions): FilesPort['sha256File'] {
  return async (path) => {
    const sizeBytes = await files.sizeOf(path);
    if (sizeBytes === undefined) return undefined;
    if (sizeBytes > maxSizeBytes)
      throw clientError(
        'ERR_CLIENT_STORAGE',
        `${path} has ${sizeBytes} bytes; expo-crypto hashes at most ${maxSizeBytes} here. Hash such files natively (expo-file-system 58, react-native-blob-util)`,
        { details: { maxSizeBytes, sizeBytes } },
      );
    const bytes = await files.read(path);
    if (bytes === undefined) return undefined;
    return bytesToHex(new Uint8Array(await library.digest('SHA-256' as never, bytes as never)));
  };
}
